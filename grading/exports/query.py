"""The one statement that reads the export: the projected columns, and by name what depends on the cut.

What Python decides stands in the dose period: grades, planned slots, hours that are over, deviations. Here SQL joins,
sums up to the cut and writes local times; it decides nothing. Fixed texts of ours: nothing a user typed comes in here.
"""

from datetime import UTC, datetime

from psycopg import sql

from grading.exports import planned
from grading.exports.sql import local

# Whose rows, with the identifier of enrolment, which a transfer leaves as it was.
_PARTICIPANTS = """
    SELECT participant.id, participant.number, participant.cohort, participant.neuro_instrument AS instrument,
           study.code AS study, make_interval(days => study.concurrence_days) AS concurrence,
           study.code || '-' || coalesce((
               SELECT enrolled.code FROM regimens_transfer transfer
                 JOIN regimens_site enrolled ON enrolled.id = transfer.from_site_id
                WHERE transfer.participant_id = participant.id ORDER BY transfer.at LIMIT 1
           ), here.code) || '-' || participant.number COLLATE "C" AS usubjid,
           regimen.document IS NOT NULL AS has_rules
      FROM regimens_participant participant
      JOIN regimens_site here ON here.id = participant.site_id
      JOIN regimens_study study ON study.id = participant.study_id
      JOIN regimens_regimen regimen ON regimen.id = participant.regimen_id
     WHERE participant.study_id = {study} AND {sites}
     ORDER BY usubjid
"""

# Each site with the cut on its clocks: where a period is open, it ends there.
_SITES = f"""
    SELECT site.id, site.code, site.country, site.time_zone AS tz,
           {local("{cut}::timestamptz", "site.time_zone")} AS cut_local
      FROM regimens_site site
"""  # noqa: S608  # our own texts

# Depends on the cut: alerts raised by then for a set of the period, with their first answer (also one that lapsed)
# and their first call beyond the first, each by then.
_ALERTS = """
    SELECT period.dose_id, count(*) AS fired, count(alert.answered_at) AS acknowledged,
           count(alert.escalated_at) AS escalated,
           max(alert.answered_at - alert.raised_at) AS longest,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY alert.answered_at - alert.raised_at) AS median,
           max(greatest(alert.raised_at, alert.answered_at, alert.escalated_at)) AS changed_at
      FROM (SELECT alert.participant_id, alert.observed_at, alert.raised_at, answer.answered_at, page.escalated_at
              FROM grading_alert alert
              JOIN regimens_participant participant ON participant.id = alert.participant_id
              LEFT JOIN (SELECT event.alert_id, min(event.at) AS answered_at FROM grading_alertevent event
                          WHERE event.state = 'acknowledged' AND event.at <= {cut}::timestamptz
                          GROUP BY event.alert_id) answer ON answer.alert_id = alert.id
              LEFT JOIN (SELECT escalation.alert_id, min(escalation.at) AS escalated_at
                           FROM grading_escalation escalation
                          WHERE escalation.number >= 1 AND escalation.at <= {cut}::timestamptz
                          GROUP BY escalation.alert_id) page ON page.alert_id = alert.id
             WHERE participant.study_id = {study} AND alert.raised_at <= {cut}::timestamptz) alert
      JOIN grading_doseperiod period
           ON period.participant_id = alert.participant_id AND period.ended_by <> 'NOT GIVEN'
          AND period.started_at <= alert.observed_at
          AND (period.ended_at IS NULL OR alert.observed_at < period.ended_at)
     GROUP BY period.dose_id
"""

_SELECT = """
WITH participant AS MATERIALIZED ({participants}),
site AS MATERIALIZED ({site_rows}),
plan AS MATERIALIZED ({plans}),
alerts AS ({alerts})
SELECT {columns}
  FROM participant
  JOIN grading_doseperiod period ON period.participant_id = participant.id
  JOIN site ON site.id = period.site_id
  JOIN regimens_dose dose ON dose.id = period.dose_id
  JOIN regimens_step step ON step.id = period.step_id
  JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
  CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) cut
  {planned}
  LEFT JOIN alerts ON alerts.dose_id = period.dose_id
 WHERE period.started_at <= cut.at
 ORDER BY participant.usubjid, period.dose_number
"""


def statement(columns: sql.Composable, *, study_id: int, sites: tuple[int, ...] | None, cut: datetime) -> sql.Composed:
    """The rows up to the cut, sorted by STUDYID, USUBJID, DOSENUM. `sites` None: all of them."""
    study, at = sql.Literal(study_id), sql.Literal(cut)
    return sql.SQL(_SELECT).format(
        columns=columns,
        participants=sql.SQL(_PARTICIPANTS).format(study=study, sites=_site_in(sites)),
        site_rows=sql.SQL(_SITES).format(cut=at),
        plans=sql.SQL(planned.PLANS).format(study=study),
        planned=sql.SQL(planned.OF_A_DOSE),
        alerts=sql.SQL(_ALERTS).format(study=study, cut=at),
        cut=at,
        cut_text=sql.Literal(cut.astimezone(UTC).isoformat()),
    )


def _site_in(sites: tuple[int, ...] | None) -> sql.Composable:
    if sites is None:
        return sql.SQL("true")
    return sql.SQL("participant.site_id IN ({})").format(sql.SQL(", ").join(map(sql.Literal, sites)))
