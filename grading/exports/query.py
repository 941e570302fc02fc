"""The one statement that reads the export: the projected columns, and by name what depends on the cut.

What Python decides stands in the dose period: grades, planned doses and slots, hours that are over, deviations, local
times. Here SQL joins and sums up to the cut; it decides nothing. Fixed texts of ours: nothing a user typed comes in.
"""

from datetime import UTC, datetime

from psycopg import sql

from grading.exports.sql import local, missed, utc

# Whose rows, with the identifier of enrolment, which a transfer leaves as it was.
_PARTICIPANTS = """
    SELECT participant.id, participant.number, participant.neuro_instrument = 'ice' AS by_ice,
           study.code AS study, make_interval(days => study.concurrence_days) AS concurrence,
           study.code || '-' || coalesce((
               SELECT enrolled.code FROM regimens_transfer transfer
                 JOIN regimens_site enrolled ON enrolled.id = transfer.from_site_id
                WHERE transfer.participant_id = participant.id ORDER BY transfer.at LIMIT 1
           ), here.code) || '-' || participant.number COLLATE "C" AS usubjid
      FROM regimens_participant participant
      JOIN regimens_site here ON here.id = participant.site_id
      JOIN regimens_study study ON study.id = participant.study_id
     WHERE participant.study_id = {study} AND {sites}
"""

# Each site with the cut on its clocks: where a period is open, it ends there.
_SITES = f"""
    SELECT site.id, site.code, site.country, site.time_zone AS tz,
           {local("{cut}::timestamptz", "site.time_zone")} AS cut_local
      FROM regimens_site site
"""  # noqa: S608  # our own texts

# Each step as its regimen version names it.
_STEPS = """
    SELECT step.id, regimen.code AS regimen, regimen.version::text AS version,
           nullif(left(coalesce(nullif(step.short_label, ''), step.label), 40), '') AS label
      FROM regimens_step step
      JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
     WHERE regimen.study_id = {study}
"""

# Depends on the cut: alerts raised by then for a set of the period, with their first answer (also one that lapsed)
# and their first call beyond the first, each by then.
_ALERTS = f"""
    SELECT told.dose_id, count(*) AS fired, count(told.answer) AS acknowledged, count(told.escalated_at) AS escalated,
           round(extract(epoch FROM max(told.answer)) / 60, 2) AS longest_min,
           round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY told.answer)) / 60, 2) AS median_min,
           {utc("max(told.changed_at)")} AS modified_utc
      FROM (SELECT period.dose_id, answer.at - alert.raised_at AS answer, page.at AS escalated_at,
                   greatest(alert.raised_at, answer.at, page.at) AS changed_at
              FROM grading_alert alert
              JOIN regimens_participant participant ON participant.id = alert.participant_id
              JOIN grading_doseperiod period
                   ON period.participant_id = alert.participant_id AND period.ended_by <> 'NOT GIVEN'
                  AND period.started_at <= alert.observed_at
                  AND (period.ended_at IS NULL OR alert.observed_at < period.ended_at)
              LEFT JOIN (SELECT event.alert_id, min(event.at) AS at FROM grading_alertevent event
                          WHERE event.state = 'acknowledged' AND event.at <= {{cut}}::timestamptz
                          GROUP BY event.alert_id) answer ON answer.alert_id = alert.id
              LEFT JOIN (SELECT escalation.alert_id, min(escalation.at) AS at FROM grading_escalation escalation
                          WHERE escalation.number >= 1 AND escalation.at <= {{cut}}::timestamptz
                          GROUP BY escalation.alert_id) page ON page.alert_id = alert.id
             WHERE participant.study_id = {{study}} AND alert.raised_at <= {{cut}}::timestamptz) told
     GROUP BY told.dose_id
"""  # noqa: S608  # our own texts

# Depends on the cut: whether a second person had confirmed the dose as it stands.
_CONFIRMED = """
    CASE WHEN period.ended_by = 'NOT GIVEN' THEN NULL
         WHEN EXISTS (SELECT FROM regimens_dosecheck confirmed
                       WHERE confirmed.dose_id = period.dose_id AND NOT confirmed.withdrawn
                         AND confirmed.recorded_at <= {cut}::timestamptz
                         AND NOT EXISTS (SELECT FROM regimens_dosecheck later WHERE later.supersedes_id = confirmed.id))
              THEN 'Y' ELSE 'N' END
"""

_CONFIRMED_AT = """(SELECT max(confirmed.recorded_at) FROM regimens_dosecheck confirmed
                     WHERE confirmed.dose_id = period.dose_id AND confirmed.recorded_at <= {cut}::timestamptz)"""

# The dose periods that began by the cut, and which of them are open then.
_PERIODS = f"""
    SELECT period.*, {missed("vitals")} AS vitals_missed, {missed("neuro")} AS neuro_missed
      FROM (SELECT period.*, {_CONFIRMED} AS second_confirmed, {utc(_CONFIRMED_AT)} AS confirmed_utc,
                   period.ended_by <> 'NOT GIVEN'
                   AND (period.ended_at IS NULL OR period.ended_at > {{cut}}::timestamptz) AS is_open
              FROM grading_doseperiod period
             WHERE period.started_at <= {{cut}}::timestamptz) period
     CROSS JOIN (SELECT {{cut}}::timestamptz AS at) cut
"""  # noqa: S608  # our own texts

_SELECT = """
WITH participant AS MATERIALIZED ({participants}),
site AS MATERIALIZED ({site_rows}),
step AS MATERIALIZED ({steps}),
alerts AS ({alerts})
SELECT {columns}
  FROM participant
  JOIN ({periods}) period ON period.participant_id = participant.id
  JOIN site ON site.id = period.site_id
  JOIN step ON step.id = period.step_id
  CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) cut
  LEFT JOIN alerts ON alerts.dose_id = period.dose_id
 ORDER BY participant.usubjid, period.dose_number
"""


def statement(columns: sql.Composable, *, study_id: int, sites: tuple[int, ...] | None, cut: datetime) -> sql.Composed:
    """The rows up to the cut, sorted by STUDYID, USUBJID, DOSENUM. `sites` None: all of them."""
    study, at = sql.Literal(study_id), sql.Literal(cut)
    return sql.SQL(_SELECT).format(
        columns=columns,
        participants=sql.SQL(_PARTICIPANTS).format(study=study, sites=_site_in(sites)),
        site_rows=sql.SQL(_SITES).format(cut=at),
        steps=sql.SQL(_STEPS).format(study=study),
        periods=sql.SQL(_PERIODS).format(cut=at),
        alerts=sql.SQL(_ALERTS).format(study=study, cut=at),
        cut=at,
        cut_text=sql.Literal(cut.astimezone(UTC).isoformat()),
    )


def _site_in(sites: tuple[int, ...] | None) -> sql.Composable:
    if sites is None:
        return sql.SQL("true")
    return sql.SQL("participant.site_id IN ({})").format(sql.SQL(", ").join(map(sql.Literal, sites)))
