"""The one statement that reads the export: the projected columns, and by name what depends on the cut.

What Python decides stands in the dose period, with the names of whose it is: grades, planned doses and slots, hours
that are over, deviations, local times. Here SQL sums up to the cut; it decides nothing. The rows come in the order of
an index (`dose_period_as_exported`), and their alerts in the same order: nothing that is as wide as a row is sorted or
hashed. Fixed texts of ours: nothing a user typed comes in.
"""

from grading.exports.datasets.adcrsp.changes import CORRECTIONS, SIGNATURES
from grading.exports.datasets.adcrsp.columns import COHORTS, COLUMNS, UNBLINDING
from grading.exports.datasets.adcrsp.queries import QUERIES
from grading.exports.datasets.adcrsp.reports import REPORTS
from grading.exports.datasets.adcrsp.sql import missed
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.sql import utc

_RAISED = """
    SELECT period.usubjid, period.dose_number, answer.at - alert.raised_at AS answer, page.at AS escalated_at,
           greatest(alert.raised_at, answer.at, page.at) AS changed_at
      FROM grading_alert alert
      JOIN {periods} period
           ON period.study_id = {study} AND {of_whom} AND period.participant_id = alert.participant_id
          AND period.started_at <= alert.observed_at
          AND (period.ended_at IS NULL OR alert.observed_at < period.ended_at) AND period.ended_by <> 'NOT GIVEN'
      LEFT JOIN (SELECT event.alert_id, min(event.at) AS at FROM grading_alertevent event
                  WHERE event.state = 'acknowledged' AND event.at <= {cut}::timestamptz AND {of_alerts}
                  GROUP BY event.alert_id) answer ON answer.alert_id = alert.id
      LEFT JOIN (SELECT escalation.alert_id, min(escalation.at) AS at FROM grading_escalation escalation
                  WHERE escalation.number >= 1 AND escalation.at <= {cut}::timestamptz AND {of_alerts}
                  GROUP BY escalation.alert_id) page ON page.alert_id = alert.id
     WHERE alert.raised_at <= {cut}::timestamptz
"""

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
                      FROM ({_RAISED}) known GROUP BY known.usubjid, known.dose_number) known) known
"""  # noqa: S608  # our own texts

# The dose periods of the scope that began by the cut, and which of them are open then. Of most rows the end alone says
# that they are not.
_PERIODS = f"""
    SELECT period.*, {missed("vitals")} AS vitals_missed, {missed("neuro")} AS neuro_missed
      FROM (SELECT period.*,
                   (period.ended_at IS NULL OR period.ended_at > {{cut}}::timestamptz)
                   AND period.ended_by <> 'NOT GIVEN' AS is_open
              FROM grading_doseperiod period
             WHERE period.study_id = {{study}} AND {{participant_here}} AND {{of_whom}}
               AND period.started_at <= {{cut}}::timestamptz) period
     CROSS JOIN (SELECT {{cut}}::timestamptz AS at) cut
"""  # noqa: S608  # our own texts

# A participant is where they are now, wherever the dose was given.
_SOURCE = f"""
  FROM ({_PERIODS}) period
  CROSS JOIN ({{cut_row}}) cut
  LEFT JOIN ({_ALERTS}) alerts ON alerts.usubjid = period.usubjid AND alerts.dose_number = period.dose_number
  LEFT JOIN ({CORRECTIONS}) corrections
         ON corrections.usubjid = period.usubjid AND corrections.dose_number = period.dose_number
  LEFT JOIN ({REPORTS}) reports ON reports.usubjid = period.usubjid AND reports.dose_number = period.dose_number
  LEFT JOIN ({QUERIES}) queries ON queries.usubjid = period.usubjid AND queries.dose_number = period.dose_number
  LEFT JOIN ({SIGNATURES}) signature
         ON signature.usubjid = period.usubjid AND signature.dose_number = period.dose_number
 ORDER BY period.usubjid, period.dose_number
"""

ADCRSP = Dataset(
    name="adcrsp",
    label="CRS and ICANS by Dose Period",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "DOSENUM"),
    columns=COLUMNS,
    source=_SOURCE,
    unblinding=UNBLINDING,
    cohorts=COHORTS,
)
