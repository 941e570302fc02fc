"""The one statement that reads the export: the projected columns, and by name what depends on the cut.

What Python decides stands in the dose period, with the names of whose it is: grades, planned doses and slots, hours
that are over, deviations, local times. Here SQL sums up to the cut; it decides nothing. The rows come in the order of
an index (`dose_period_as_exported`), and their alerts in the same order: nothing that is as wide as a row is sorted or
hashed. Fixed texts of ours: nothing a user typed comes in.
"""

from datetime import UTC, datetime

from psycopg import sql

from grading.exports.sql import missed, utc
from regimens.models import Study

# Depends on the cut: alerts raised by then for a set of the period, with their first answer (also one that lapsed)
# and their first call beyond the first, each by then. `answers` are the minutes to each, the shortest first: the
# median is the middle one, or halfway between the two in the middle.
_ALERTS = f"""
    SELECT known.usubjid, known.dose_number, known.fired, known.acknowledged, known.escalated,
           round(extract(epoch FROM known.answers[known.acknowledged]) / 60, 2) AS longest_min,
           round(extract(epoch FROM known.lower + (known.answers[known.acknowledged / 2 + 1] - known.lower) * 0.5)
                 / 60, 2) AS median_min,
           {utc("known.changed_at")} COLLATE "C" AS modified_utc
      FROM (SELECT known.*, known.answers[(known.acknowledged + 1) / 2] AS lower
              FROM (SELECT known.usubjid, known.dose_number, count(*) AS fired, count(known.answer) AS acknowledged,
                           count(known.escalated_at) AS escalated, max(known.changed_at) AS changed_at,
                           array_agg(known.answer ORDER BY known.answer) AS answers
                      FROM ({{raised}}) known GROUP BY known.usubjid, known.dose_number) known) known
"""  # noqa: S608  # our own texts

_RAISED = """
    SELECT period.usubjid, period.dose_number, answer.at - alert.raised_at AS answer, page.at AS escalated_at,
           greatest(alert.raised_at, answer.at, page.at) AS changed_at
      FROM grading_alert alert
      JOIN grading_doseperiod period
           ON period.study_id = {study} AND period.participant_id = alert.participant_id
          AND period.started_at <= alert.observed_at
          AND (period.ended_at IS NULL OR alert.observed_at < period.ended_at) AND period.ended_by <> 'NOT GIVEN'
      LEFT JOIN (SELECT event.alert_id, min(event.at) AS at FROM grading_alertevent event
                  WHERE event.state = 'acknowledged' AND event.at <= {cut}::timestamptz
                  GROUP BY event.alert_id) answer ON answer.alert_id = alert.id
      LEFT JOIN (SELECT escalation.alert_id, min(escalation.at) AS at FROM grading_escalation escalation
                  WHERE escalation.number >= 1 AND escalation.at <= {cut}::timestamptz
                  GROUP BY escalation.alert_id) page ON page.alert_id = alert.id
     WHERE alert.raised_at <= {cut}::timestamptz
"""

# The dose periods of the scope that began by the cut, and which of them are open then. Of most rows the end alone says
# that they are not.
_PERIODS = f"""
    SELECT period.*, {missed("vitals")} AS vitals_missed, {missed("neuro")} AS neuro_missed
      FROM (SELECT period.*,
                   (period.ended_at IS NULL OR period.ended_at > {{cut}}::timestamptz)
                   AND period.ended_by <> 'NOT GIVEN' AS is_open
              FROM grading_doseperiod period
             WHERE period.study_id = {{study}} AND {{sites}} AND period.started_at <= {{cut}}::timestamptz) period
     CROSS JOIN (SELECT {{cut}}::timestamptz AS at) cut
"""  # noqa: S608  # our own texts

# Of the whole export, the same in every row.
_CUT = """
    SELECT {cut}::timestamptz AS at, {text}::text AS text, {code}::text AS study,
           make_interval(days => {days}) AS concurrence
"""

_SELECT = """
SELECT {columns}
  FROM ({periods}) period
  CROSS JOIN ({cut}) cut
  LEFT JOIN ({alerts}) alerts ON alerts.usubjid = period.usubjid AND alerts.dose_number = period.dose_number
 ORDER BY period.usubjid, period.dose_number
"""


def statement(columns: sql.Composable, *, study: Study, sites: tuple[int, ...] | None, cut: datetime) -> sql.Composed:
    """The rows up to the cut, sorted by STUDYID, USUBJID, DOSENUM. `sites` None: all of them."""
    key, at = sql.Literal(study.pk), sql.Literal(cut)
    raised = sql.SQL(_RAISED).format(study=key, cut=at)
    return sql.SQL(_SELECT).format(
        columns=columns,
        periods=sql.SQL(_PERIODS).format(cut=at, study=key, sites=_site_in(sites)),
        cut=sql.SQL(_CUT).format(
            cut=at,
            text=sql.Literal(cut.astimezone(UTC).isoformat()),
            code=sql.Literal(study.code),
            days=sql.Literal(study.concurrence_days),
        ),
        alerts=sql.SQL(_ALERTS).format(raised=raised),
    )


def _site_in(sites: tuple[int, ...] | None) -> sql.Composable:
    """Whose participants are there now, wherever the dose was given."""
    if sites is None:
        return sql.SQL("true")
    here = "period.participant_id IN (SELECT id FROM regimens_participant WHERE site_id IN ({}))"
    return sql.SQL(here).format(sql.SQL(", ").join(map(sql.Literal, sites)))
