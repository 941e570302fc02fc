"""Queries that wait in a period: opened, and not closed by the cut. Of no query anything else is told.

Fixed texts of ours. Of each query, the period is the one in which the version asked about lay, as of corrections; a
dose is known by its root, wherever its time was moved to, and whether it was given or not.
"""

from grading.exports.datasets.sql import utc
from grading.rules.queries.thread import NOT_CLOSED

_WAITING = ", ".join(f"'{move.value}'" for move in sorted(NOT_CLOSED))
_LAST = """
    SELECT DISTINCT ON (step.query_id) step.query_id, step.move, step.at
      FROM grading_querystep step WHERE step.at <= {cut}::timestamptz ORDER BY step.query_id, step.number DESC
"""
_DOSES = """
    SELECT period.usubjid, period.dose_number, query.id
      FROM grading_dataquery query
      JOIN regimens_dose standing ON standing.root = query.root AND standing.participant_id = query.participant_id
      JOIN grading_doseperiod period ON period.study_id = {study} AND {of_whom} AND period.dose_id = standing.id
     WHERE query.kind = 'regimens_dose'
"""
_IN_PERIOD = """
    SELECT period.usubjid, period.dose_number, query.id
      FROM grading_dataquery query
      JOIN grading_doseperiod period
           ON period.study_id = {study} AND {of_whom} AND period.participant_id = query.participant_id
          AND period.started_at <= query.about_at
          AND (period.ended_at IS NULL OR query.about_at < period.ended_at) AND period.ended_by <> 'NOT GIVEN'
     WHERE query.kind <> 'regimens_dose'
"""

QUERIES = f"""
    SELECT about.usubjid, about.dose_number, count(*) FILTER (WHERE last.move IN ({_WAITING})) AS waiting,
           {utc("max(last.at)")} COLLATE "C" AS modified_utc
      FROM ({_DOSES} UNION ALL {_IN_PERIOD}) about
      JOIN ({_LAST}) last ON last.query_id = about.id
     GROUP BY about.usubjid, about.dose_number
"""  # noqa: S608  # our own texts
