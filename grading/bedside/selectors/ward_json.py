"""The ward board as JSON, built by PostgreSQL: a board is read far more often than anything is written.

The same rows as `ward.ward_board` (a test compares the two): what is due is worked out from `at`, here in SQL.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from crsmonitor.accounts.models import User
from grading.course.watched import watched_in_scope
from grading.rules.alerting.lifecycle import WAITING
from regimens.models import Participant

# When a look is due is kept with the state (grading/course); how late it is depends on now.
# Rows of a subquery (`json_agg(r)`) are built faster than objects named key by key.
# Whom the board shows is asked once, and what many share; a table that has rows of everybody is entered by their keys.
_BOARD = """
WITH people AS MATERIALIZED ({people}),
sites AS MATERIALIZED (
    SELECT id, code FROM regimens_site WHERE id = ANY(ARRAY(SELECT DISTINCT site_id FROM people))),
studies AS MATERIALIZED (
    SELECT id, code FROM regimens_study WHERE id = ANY(ARRAY(SELECT DISTINCT study_id FROM people))),
states AS MATERIALIZED (
    SELECT participant_id, ward, bed, step_id, period_id, dose_number, dose_at, vitals, vitals_at, neuro, neuro_at,
           crs_grade, crs_at_least, crs_at_most, crs_flags, crs_episode_since, icans_grade, icans_at_least,
           icans_at_most, icans_episode_since, vitals_due_at, neuro_due_at
      FROM grading_currentstate
     WHERE ended = '' AND participant_id = ANY(ARRAY(SELECT id FROM people))),
unanswered AS MATERIALIZED (
    SELECT participant_id, count(*) AS alerts FROM grading_alert
     WHERE state = ANY(%(waiting)s) AND participant_id = ANY(ARRAY(SELECT id FROM people)) GROUP BY participant_id),
steps AS MATERIALIZED (
    SELECT id, label FROM regimens_step WHERE id = ANY(ARRAY(SELECT DISTINCT step_id FROM states))),
timed AS (
    SELECT p.id AS participant, p.number, study.code AS study, site.code AS site, step.label AS step,
           state.ward, state.bed, state.dose_number, state.dose_at, state.vitals, state.vitals_at, state.neuro,
           state.neuro_at, state.crs_grade, state.crs_at_least, state.crs_at_most, state.crs_flags,
           state.crs_episode_since, state.icans_grade, state.icans_at_least, state.icans_at_most,
           state.icans_episode_since, coalesce(unanswered.alerts, 0) AS open_alerts,
           period.window_ends_at,
           state.vitals_due_at, state.neuro_due_at
      FROM people p
      JOIN sites site ON site.id = p.site_id
      JOIN studies study ON study.id = p.study_id
      JOIN states state ON state.participant_id = p.id
      LEFT JOIN steps step ON step.id = state.step_id
      LEFT JOIN grading_doseperiod period ON period.dose_id = state.period_id
      LEFT JOIN unanswered ON unanswered.participant_id = p.id
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
    mine = Participant.objects.filter(watched_in_scope(user)).values("id", "number", "study_id", "site_id")
    people, people_values = mine.query.sql_with_params()
    named = {f"people_{place}": value for place, value in enumerate(people_values)}
    within = people % tuple(f"%({name})s" for name in named)
    values: dict[str, Any] = {"at": at, "waiting": [state.value for state in WAITING]}
    with connection.cursor() as cursor:
        cursor.execute(_BOARD.format(people=within), values | named)
        board: str = cursor.fetchone()[0]
    return board
