"""How a value is read that depends on the cut, or on a number of the study. All else is a bare column.

Fixed texts of ours: nothing a user typed comes in here. The aliases are those of query.py: `period.is_open` is of a
dose that was given whose period is not over at the cut; what a period that is over comes to was decided in Python.
"""

from grading.exports.datasets.sql import flag, followed_to, hours, utc

GIVEN = "period.ended_by <> 'NOT GIVEN'"


def given(value: str) -> str:
    """Null where the dose was not given."""
    return f"CASE WHEN {GIVEN} THEN {value} END"


def open_or(at_the_cut: str, over: str) -> str:
    """Of a period that is open at the cut, as it is then; else what was projected."""
    return f"CASE WHEN period.is_open THEN {at_the_cut} ELSE {over} END"


def spent(kind: str, name: str, first: str = "") -> str:
    """Hours in episodes that began in this period; one still open counts to the cut, or to the end of observation.

    The stored sum is null while one is open: only for those rows the episodes are read.
    """
    newest = f"ORDER BY episode.started_at LIMIT {first}" if first else ""
    return (
        f"coalesce(period.{kind}_final_{name}, CASE WHEN period.{kind}_final_onset_at IS NOT NULL THEN ("  # noqa: S608  # our own texts
        f"SELECT round(extract(epoch FROM sum(known.span)) / 3600, 2) FROM ("
        f"SELECT {followed_to('episode')} - episode.started_at AS span FROM grading_episode episode"
        f" JOIN regimens_dose dose ON dose.root = episode.dose_root AND dose.id = period.dose_id"
        f" WHERE episode.participant_id = period.participant_id AND episode.kind = '{kind}'"
        f" AND episode.final_grade > 0 {newest}) known) END)"
    )


def none_is_zero(flag_name: str, name: str) -> str:
    """A total of what was given: 0 where it is known that nothing was, null where it is not known."""
    return f"CASE period.{flag_name} WHEN 'N' THEN '0' ELSE period.{name} END"


def so_far(what: str) -> str:
    """Hours of the period in which something went on; what still does in an open period counts to the cut."""
    to_cut = hours(f"period.{what}_from", "least(period.ended_at, cut.at)")
    return f"CASE WHEN period.{what}_from IS NULL THEN period.{what}_h ELSE {to_cut} END"


def missed(kind: str) -> str:
    """Slots that nobody looked at or excused and that were over by the cut. Null: nothing is planned, or not known.

    In a period that is over, all of them were.
    """
    by_then = f"(SELECT count(*) FROM unnest(period.{kind}_unfilled) over_at WHERE over_at <= cut.at)"  # noqa: S608  # our own texts
    return (
        f"CASE WHEN period.{kind}_unfilled IS NOT NULL THEN"
        f" {open_or(by_then, f'cardinality(period.{kind}_unfilled)')} END"
    )


def expected(kind: str) -> str:
    return f"period.{kind}_on_time + period.{kind}_late + period.{kind}_excused + period.{kind}_missed"


def by_ice(value: str) -> str:
    """Null for a participant who is assessed by CAPD."""
    return f"CASE WHEN period.by_ice AND {GIVEN} THEN {value} END"


# Nothing stored depends on now: from the last set on, the rest of the window is a gap too, up to the cut.
_GAP_FROM, _GAP_TO = (
    "coalesce(period.last_vitals_at, period.started_at)",
    "period.window_ends_at, period.ended_at, cut.at",
)
LONGEST_GAP = (
    f"CASE WHEN {GIVEN} AND period.window_ends_at IS NOT NULL THEN greatest(period.longest_gap_h,"
    f" CASE WHEN {_GAP_FROM} < least({_GAP_TO}) THEN {hours(_GAP_FROM, f'least({_GAP_TO})')} END) END"
)

# An end that lies behind the cut is none yet: a bolus ended as it began.
DOSE_ENDED = (
    "CASE WHEN period.dose_ended_at > cut.at THEN"
    " CASE period.dose_route WHEN 'SUBCUTANEOUS' THEN period.started_local END ELSE period.dose_ended_local END"
)
# Whether a second person had confirmed this version of the dose by then.
CONFIRMED = given("CASE WHEN period.confirmed_at <= cut.at THEN 'Y' ELSE 'N' END")
_CHECKED = f"CASE WHEN period.checked_at <= cut.at THEN {utc('period.checked_at')} END"
MODIFIED = (
    f'greatest(period.modified_utc COLLATE "C", alerts.modified_utc, corrections.modified_utc,'
    f" signature.modified_utc, reports.modified_utc, queries.modified_utc, {_CHECKED})"
)
OXYGEN_FLOW = "CASE period.oxygen_level_max WHEN 0 THEN '0' ELSE period.oxygen_flow_max_l_min END"
# The end of the risk window is projected; whether an open period has reached it is for whoever reads to see.
RISK_COMPLETE = open_or(flag("period.risk_ends_at <= cut.at"), "period.risk_complete")
CENSORED = open_or(flag("period.risk_ends_at > cut.at"), "period.censored")
PERIOD_STATUS = (
    "CASE WHEN period.is_open THEN 'OPEN' WHEN NOT ("
    f"{GIVEN}) THEN NULL WHEN signature.stands_at IS NULL THEN 'COMPLETE' ELSE 'SIGNED' END"
)
ENDED_BY = open_or("'DATA CUT'", "nullif(period.ended_by, 'NOT GIVEN')")
# The study's number of days is fixed from its first record on; the time from CRS to ICANS is projected, and it is one
# number of the study, so it is compared where the row is read.
ICANS_WITH_CRS = (
    "CASE WHEN period.icans_final_any = 'Y' THEN"
    " CASE WHEN period.icans_after_crs <= cut.concurrence THEN 'Y' ELSE 'N' END END"
)
