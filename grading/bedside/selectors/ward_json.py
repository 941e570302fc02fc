"""The ward board as JSON, built by PostgreSQL: a board is read far more often than anything is written.

The same rows as `ward.ward_board` (a test compares the two): what is due is worked out from `at`, here in SQL.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.rules.alerting.lifecycle import WAITING
from regimens.models import Participant
from regimens.selectors import in_scope

# When a look is due is kept with the state (grading/course); how late it is depends on now.
# Rows of a subquery (`json_agg(r)`) are built faster than objects named key by key.
_BOARD = """
WITH timed AS (
    SELECT p.id AS participant, p.number, study.code AS study, site.code AS site, step.label AS step,
           state.ward, state.bed, state.dose_number, state.dose_at, state.vitals, state.vitals_at, state.neuro,
           state.neuro_at, state.crs_grade, state.crs_at_least, state.crs_at_most, state.crs_flags,
           state.crs_episode_since, state.icans_grade, state.icans_at_least, state.icans_at_most,
           state.icans_episode_since, coalesce(unanswered.alerts, 0) AS open_alerts,
           period.window_ends_at,
           state.vitals_due_at, state.neuro_due_at
      FROM regimens_participant p
      JOIN regimens_site site ON site.id = p.site_id
      JOIN regimens_study study ON study.id = p.study_id
      JOIN grading_currentstate state ON state.participant_id = p.id AND state.ended = ''
      LEFT JOIN regimens_step step ON step.id = state.step_id
      LEFT JOIN grading_doseperiod period ON period.dose_id = state.period_id
      LEFT JOIN (SELECT participant_id, count(*) AS alerts FROM grading_alert
                  WHERE state = ANY(%(waiting)s) GROUP BY participant_id) unanswered ON unanswered.participant_id = p.id
     WHERE p.id IN ({scope})
)
SELECT json_build_object('at', %(at)s::timestamptz, 'rows', coalesce(json_agg(r), '[]'::json))::text FROM (
    SELECT participant, number, study, site, ward, bed, step, dose_number, dose_at,
           extract(epoch FROM %(at)s - dose_at) AS since_dose_s,
           dose_at IS NOT NULL AND (window_ends_at IS NULL OR %(at)s < window_ends_at) AS in_window,
           window_ends_at, vitals, vitals_at, neuro, neuro_at,
           CASE WHEN crs_grade IS NOT NULL AND vitals_at IS NOT NULL THEN json_build_object(
               'grade', crs_grade, 'at_least', crs_at_least, 'at_most', crs_at_most, 'at', vitals_at) END AS crs,
           crs_flags, crs_episode_since,
           CASE WHEN icans_grade IS NOT NULL AND neuro_at IS NOT NULL THEN json_build_object(
               'grade', icans_grade, 'at_least', icans_at_least, 'at_most', icans_at_most, 'at', neuro_at) END AS icans,
           icans_episode_since,
           vitals_due_at, extract(epoch FROM %(at)s - vitals_due_at) AS vitals_late_s,
           neuro_due_at, extract(epoch FROM %(at)s - neuro_due_at) AS neuro_late_s, open_alerts
      FROM timed ORDER BY site, ward, bed, number
) r
"""


def ward_board_json(user: User, *, at: datetime) -> str:
    """Everybody this user may see on a ward, by bed, as JSON text. One query, however many they are."""
    scope, scope_values = Participant.objects.filter(in_scope(user, Act.SEE_WARD)).values("pk").query.sql_with_params()
    named = {f"scope_{place}": value for place, value in enumerate(scope_values)}
    within = scope % tuple(f"%({name})s" for name in named)
    values: dict[str, Any] = {"at": at, "waiting": [state.value for state in WAITING]}
    with connection.cursor() as cursor:
        cursor.execute(_BOARD.format(scope=within), values | named)
        board: str = cursor.fetchone()[0]
    return board
