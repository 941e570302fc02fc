"""What investigators said of the episodes of a period as events: seriousness, outcome, action, delay of the next dose.

Fixed texts of ours. Of several reports of an episode the newest that stood by the cut holds. A "no", or a value that
is not the worst there is, is only told once it was said of every episode that counts in CRSFL or ICNFL.
"""

from grading.exports.datasets.sql import utc
from grading.models import DrugAction, ReportedOutcome

# The worst first. UNKNOWN is worse than what is known to be better than fatal.
OUTCOMES = (
    ReportedOutcome.FATAL, ReportedOutcome.NOT_RECOVERED, ReportedOutcome.UNKNOWN, ReportedOutcome.RECOVERING,
    ReportedOutcome.SEQUELAE, ReportedOutcome.RECOVERED,
)  # fmt: skip
# What changes the treatment most first.
ACTIONS = (
    DrugAction.WITHDRAWN, DrugAction.INTERRUPTED, DrugAction.REDUCED, DrugAction.INCREASED, DrugAction.UNKNOWN,
    DrugAction.NOT_CHANGED, DrugAction.NOT_APPLICABLE,
)  # fmt: skip


def _ordered(codes: tuple[str, ...]) -> str:
    return "ARRAY[" + ", ".join(f"'{code!s}'" for code in codes) + "]"


# Episodes that count, each once, with what stands of it at the cut.
_STANDING = """
    SELECT report.* FROM grading_eventreport report
     WHERE report.recorded_at <= {cut}::timestamptz AND NOT report.withdrawn
       AND NOT EXISTS (SELECT FROM grading_eventreport later
                        WHERE later.supersedes_id = report.id AND later.recorded_at <= {cut}::timestamptz)
"""
# The newest that stood by the cut, one an episode.
NEWEST = f"""
    SELECT DISTINCT ON (report.participant_id, report.kind, report.about_root) report.*
      FROM ({_STANDING}) report
     ORDER BY report.participant_id, report.kind, report.about_root, report.observed_at DESC, report.recorded_at DESC
"""  # noqa: S608  # our own texts
# Of participants of whom anything was reported: of the others nothing is said, and they are nearly all.
_EPISODES = """
    SELECT DISTINCT ON (period.usubjid, period.dose_number, episode.kind, episode.root)
           period.usubjid, period.dose_number, episode.participant_id, episode.kind, episode.root
      FROM grading_episode episode
      JOIN regimens_dose dose ON dose.root = episode.dose_root AND dose.participant_id = episode.participant_id
      JOIN grading_doseperiod period ON period.study_id = {study} AND {of_whom} AND period.dose_id = dose.id
     WHERE episode.final_grade > 0
       AND EXISTS (SELECT FROM grading_eventreport one WHERE one.participant_id = episode.participant_id)
"""


def _worst(column: str, codes: tuple[str, ...]) -> str:
    """Once it was said of every episode; the worst there is at once."""
    place = f"min(array_position({_ordered(codes)}, report.{column}::text)) FILTER (WHERE episode.kind = 'crs')"
    answers = f"count(nullif(report.{column}, '')) FILTER (WHERE episode.kind = 'crs')"
    all_of = "count(*) FILTER (WHERE episode.kind = 'crs')"
    return f"CASE WHEN {place} = 1 OR {answers} = {all_of} THEN ({_ordered(codes)})[{place}] END"


def _any(column: str, of_whom: str) -> str:
    """Y for one, N once all are denied."""
    return (
        f"CASE WHEN bool_or(report.{column}) FILTER (WHERE {of_whom}) THEN 'Y'"
        f" WHEN count(*) FILTER (WHERE {of_whom}) > 0 AND bool_and(coalesce(NOT report.{column}, false))"
        f" FILTER (WHERE {of_whom}) THEN 'N' END"
    )


REPORTS = f"""
    SELECT episode.usubjid, episode.dose_number,
           {_any("serious", "episode.kind = 'crs'")} AS crs_serious,
           {_worst("outcome", OUTCOMES)} AS crs_outcome, {_worst("action", ACTIONS)} AS crs_action,
           {_any("next_dose_delayed", "true")} AS next_dose_delayed,
           {utc("max(report.recorded_at)")} COLLATE "C" AS modified_utc
      FROM ({_EPISODES}) episode
      LEFT JOIN ({NEWEST}) report
             ON report.participant_id = episode.participant_id AND report.kind = episode.kind
            AND report.about_root = episode.root
     GROUP BY episode.usubjid, episode.dose_number
"""  # noqa: S608  # our own texts
