"""What was changed or signed of a period by the cut: corrections, and the signature of its observation window.

Fixed texts of ours. `{study}`, `{of_whom}` and `{cut}` are those of statement.py. Of each correction, the period is the
one in which the version before lay: what was moved elsewhere was a correction here.
"""

from grading.exports.datasets.sql import utc

# What an observation window shows, and its signature stands for.
_IN_WINDOW = (
    "grading_vitalsigns", "grading_neuroassessment", "grading_treatment", "grading_treatmentend",
    "grading_attribution", "regimens_doseend", "regimens_missedobservationreason",
)  # fmt: skip
# The facts that a period is made of. A dose is known by its root, wherever its time was moved to.
_IN_PERIOD = (
    *_IN_WINDOW, "regimens_stay", "regimens_stayend", "regimens_measurement", "regimens_disposition",
)  # fmt: skip


def _corrected(table: str) -> str:
    return f"""
    SELECT period.usubjid, period.dose_number, later.recorded_at
      FROM {table} later
      JOIN {table} earlier ON earlier.id = later.supersedes_id
      JOIN grading_doseperiod period
           ON period.study_id = {{study}} AND {{of_whom}} AND period.participant_id = earlier.participant_id
          AND period.started_at <= earlier.observed_at
          AND (period.ended_at IS NULL OR earlier.observed_at < period.ended_at) AND period.ended_by <> 'NOT GIVEN'
     WHERE later.supersedes_id IS NOT NULL AND later.recorded_at <= {{cut}}::timestamptz
"""  # noqa: S608  # our own texts


_DOSES = """
    SELECT period.usubjid, period.dose_number, later.recorded_at
      FROM regimens_dose later
      JOIN regimens_dose standing ON standing.root = later.root AND standing.participant_id = later.participant_id
      JOIN grading_doseperiod period ON period.study_id = {study} AND {of_whom} AND period.dose_id = standing.id
     WHERE later.supersedes_id IS NOT NULL AND later.recorded_at <= {cut}::timestamptz
"""

CORRECTIONS = f"""
    SELECT known.usubjid, known.dose_number, count(*) AS made,
           {utc("max(known.recorded_at)")} COLLATE "C" AS modified_utc
      FROM ({" UNION ALL ".join([_DOSES, *map(_corrected, _IN_PERIOD)])}) known
     GROUP BY known.usubjid, known.dose_number
"""  # noqa: S608  # our own texts


def _recorded_since(table: str) -> str:
    """Whether anything of the window came in after it was signed, or was moved out of it."""
    inside = "{at} BETWEEN period.started_at AND coalesce(period.window_ends_at, completion.observed_at)"
    return f"""
           AND NOT EXISTS (
               SELECT FROM {table} fact LEFT JOIN {table} earlier ON earlier.id = fact.supersedes_id
                WHERE fact.participant_id = completion.participant_id AND fact.recorded_at > completion.recorded_at
                  AND fact.recorded_at <= {{cut}}::timestamptz
                  AND ({inside.format(at="fact.observed_at")} OR {inside.format(at="earlier.observed_at")}))
"""  # our own texts


# The completion that stands: the last version by the cut, not withdrawn, with nothing of the window recorded since.
_STANDS = f"""
           completion.signed AND NOT completion.withdrawn
           AND NOT EXISTS (
               SELECT FROM regimens_windowcompletion later
                WHERE later.supersedes_id = completion.id AND later.recorded_at <= {{cut}}::timestamptz)
           AND NOT EXISTS (
               SELECT FROM regimens_dose version
                WHERE version.root = closed.root AND version.participant_id = completion.participant_id
                  AND version.recorded_at > completion.recorded_at
                  AND version.recorded_at <= {{cut}}::timestamptz)
           {"".join(map(_recorded_since, _IN_WINDOW))}
"""  # noqa: S608  # our own texts

SIGNATURES = f"""
    SELECT period.usubjid, period.dose_number,
           max(completion.recorded_at) FILTER (WHERE {_STANDS}) AS stands_at,
           {utc("max(completion.recorded_at)")} COLLATE "C" AS modified_utc
      FROM regimens_windowcompletion completion
      JOIN regimens_dose closed ON closed.id = completion.dose_id
      JOIN regimens_dose standing ON standing.root = closed.root AND standing.participant_id = closed.participant_id
      JOIN grading_doseperiod period ON period.study_id = {{study}} AND {{of_whom}} AND period.dose_id = standing.id
     WHERE completion.recorded_at <= {{cut}}::timestamptz
     GROUP BY period.usubjid, period.dose_number
"""  # noqa: S608  # our own texts
