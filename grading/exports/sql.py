"""How a value is read from the tables. Fixed texts of ours: nothing a user typed comes in here.

The aliases are those of query.py, and those of planned.py.
"""

GIVEN = "dose.status <> 'NOT GIVEN'"
END = "least(period.ended_at, cut.at)"  # least() passes over null: an open period ends at the cut
OPEN = "(period.ended_at IS NULL OR period.ended_at > cut.at)"
# Somebody looked or treated in this period; without that, "no drug was given" is not known either.
SEEN = (
    "(period.vitals_recorded > 0 OR period.neuro_recorded > 0 OR period.tocilizumab_doses > 0"
    " OR period.steroid_first_at IS NOT NULL)"
)


def given(value: str) -> str:
    """Null where the dose was not given."""
    return f"CASE WHEN {GIVEN} THEN {value} END"


def flag(condition: str) -> str:
    """Y or N, and null where the condition is not known."""
    return f"CASE {condition} WHEN true THEN 'Y' WHEN false THEN 'N' END"


def recorded(condition: str) -> str:
    """Y where it was recorded, N where somebody looked and it was not, null where nobody looked."""
    return f"CASE WHEN {condition} THEN 'Y' WHEN {SEEN} THEN 'N' END"


def text(value: str) -> str:
    """Null where nothing was entered."""
    return f"nullif({value}, '')"


def number(value: str) -> str:
    """All decimals that were entered and none that were not: 38.6, 85."""
    return f"trim_scale({value})"


def hours(start: str, end: str) -> str:
    """Elapsed hours between two instants, whatever the clocks on the wall did meanwhile."""
    return f"round(extract(epoch FROM {end} - {start}) / 3600, 2)"


def in_hours(span: str) -> str:
    return f"round(extract(epoch FROM {span}) / 3600, 2)"


def since_dose(moment: str) -> str:
    return hours("period.started_at", moment)


def local(moment: str, zone: str) -> str:
    """ISO 8601 in a zone with its offset, to the second: 2026-03-02T17:00:00+08:00. to_json writes the T."""
    here, utc = f"({moment} AT TIME ZONE {zone})", f"({moment} AT TIME ZONE 'UTC')"
    return f"substr(to_json({here})::text, 2, 19) || {offset(here, utc)}"


def offset(here: str, utc: str) -> str:
    """+08:00 of two clocks."""
    return (
        f"CASE WHEN {here} < {utc} THEN '-' || to_char({utc} - {here}, 'HH24:MI')"
        f" ELSE '+' || to_char({here} - {utc}, 'HH24:MI') END"
    )


def utc(moment: str) -> str:
    return f"substr(to_json({moment} AT TIME ZONE 'UTC')::text, 2, 19) || '+00:00'"


def spent(kind: str, name: str, first: str = "") -> str:
    """Hours in episodes that began in this period; one still open counts to the cut.

    The stored sum is null while one is open: only for those rows the episodes are read.
    """
    newest = f"ORDER BY episode.started_at LIMIT {first}" if first else ""
    return (
        f"coalesce(period.{kind}_final_{name}, CASE WHEN period.{kind}_final_onset_at IS NOT NULL THEN ("  # noqa: S608  # our own texts
        f"SELECT {in_hours('sum(known.span)')} FROM ("
        f"SELECT least(episode.ended_at, cut.at) - episode.started_at AS span FROM grading_episode episode"
        f" WHERE episode.participant_id = period.participant_id AND episode.kind = '{kind}'"
        f" AND episode.final_grade > 0 AND episode.dose_root = dose.root {newest}) known) END)"
    )


def so_far(what: str) -> str:
    """Hours of the period in which something went on; what still does in an open period counts to the cut."""
    to_cut = hours(f"period.{what}_from", END)
    return f"CASE WHEN period.{what}_from IS NULL THEN period.{what}_h ELSE {to_cut} END"


def missed(kind: str) -> str:
    """Slots that nobody looked at or excused and that were over by the cut. Null: nothing is planned, or not known."""
    counted = f"(SELECT count(*) FROM unnest(period.{kind}_unfilled) over_at WHERE over_at <= cut.at)"  # noqa: S608  # our own texts
    return f"CASE WHEN period.{kind}_unfilled IS NOT NULL THEN {counted} END"


def expected(kind: str) -> str:
    return f"(period.{kind}_on_time + period.{kind}_late + period.{kind}_excused + ({missed(kind)}))"


def by_ice(value: str) -> str:
    """Null for a participant who is assessed by CAPD."""
    return f"CASE WHEN participant.instrument = 'ice' THEN {value} END"


# Null where the step names no risk window.
RISK_COMPLETE = f"(period.started_at + step.risk_window_h * interval '1 hour' <= {END})"
# Reads the study's number of days, which may be set anew: the final grades of the episodes are projected.
ICANS_WITH_CRS = (
    "CASE WHEN period.icans_final_any THEN CASE WHEN EXISTS ("
    "SELECT FROM grading_episode icans JOIN grading_episode crs"
    " ON crs.participant_id = icans.participant_id AND crs.kind = 'crs' AND crs.final_grade > 0"
    " AND crs.started_at <= icans.started_at"
    " AND (crs.ended_at IS NULL OR icans.started_at <= crs.ended_at + participant.concurrence)"
    " WHERE icans.participant_id = period.participant_id AND icans.kind = 'icans' AND icans.dose_root = dose.root"
    " AND icans.final_grade > 0)"
    " THEN 'Y' ELSE 'N' END END"
)
# A step-up dose after a dose of a later step: the escalation began again.
PHASE = "CASE WHEN step.kind = 'target' THEN 'TREATMENT' WHEN period.is_restart THEN 'RE-START' ELSE 'STEP-UP' END"
OXYGEN = (
    "CASE period.oxygen_level_max WHEN 0 THEN 'ROOM AIR' WHEN 1 THEN 'LOW-FLOW NASAL CANNULA OR BLOW-BY'"
    " WHEN 2 THEN 'SIMPLE FACE MASK' WHEN 3 THEN 'VENTURI OR NON-REBREATHER MASK'"
    " WHEN 4 THEN 'HIGH-FLOW NASAL CANNULA' WHEN 5 THEN 'CPAP OR BIPAP'"
    " WHEN 6 THEN 'INVASIVE MECHANICAL VENTILATION' END"
)
# Null: given as released, or the regimen has no rules on file.
DEVIATION = (
    "CASE WHEN participant.has_rules THEN CASE period.release_deviation WHEN 'not_released' THEN 'NOT RELEASED'"
    " WHEN 'other_step' THEN 'OTHER STEP' WHEN 'event_since' THEN 'EVENT SINCE' WHEN 'other_time' THEN 'OTHER TIME'"
    " END END"
)
