"""How a value is read from the tables. Fixed texts of ours: nothing a user typed comes in here.

The aliases are those of rows.py: p the dose period, d the dose, s its step, r the regimen version, w the
participant with study, si the site of the period, e the ends of infusions, a the alerts, h the stays of an open
period, k the drugs that act as another class, ran the hours in which a drug ran, c the cut; planned and weighed those
of planned.py.
"""

GIVEN = "d.status <> 'NOT GIVEN'"
END = "least(p.ended_at, c.at)"  # least() passes over null: an open period ends at the cut
OPEN = "(p.ended_at IS NULL OR p.ended_at > c.at)"
# Somebody looked or treated in this period; without that, "no drug was given" is not known either.
SEEN = "(p.vitals_recorded > 0 OR p.neuro_recorded > 0 OR p.tocilizumab_doses > 0 OR p.steroid_first_at IS NOT NULL)"


def given(value: str) -> str:
    """Null where the dose was not given."""
    return f"CASE WHEN {GIVEN} THEN {value} END"


def flag(condition: str) -> str:
    """Y or N, and null where the condition is not known."""
    return f"CASE {condition} WHEN true THEN 'Y' WHEN false THEN 'N' END"


def found(condition: str) -> str:
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
    return hours("p.started_at", moment)


def local(moment: str) -> str:
    """ISO 8601 in the site's zone with its offset, to the second: 2026-03-02T17:00:00+08:00.

    The offset is the difference of the two clocks at that instant, so it is right on both sides of a change of
    clocks. to_json writes the T; the two usual offsets of the zone come ready made, since to_char is slow.
    """
    here, utc = f"({moment} AT TIME ZONE si.tz)", f"({moment} AT TIME ZONE 'UTC')"
    return (
        f"substr(to_json({here})::text, 2, 19) || CASE {here} - {utc}"
        f" WHEN si.winter THEN si.winter_text WHEN si.summer THEN si.summer_text ELSE {offset(here, utc)} END"
    )


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
    newest = f"ORDER BY x.started_at LIMIT {first}" if first else ""
    return (
        f"coalesce(p.{kind}_final_{name}, CASE WHEN p.{kind}_final_onset_at IS NOT NULL THEN ("  # noqa: S608  # our own texts
        f"SELECT {in_hours('sum(v.span)')} FROM ("
        f"SELECT least(x.ended_at, c.at) - x.started_at AS span FROM grading_episode x"
        f" WHERE x.participant_id = p.participant_id AND x.kind = '{kind}' AND x.final_grade > 0"
        f" AND x.dose_root = d.root {newest}) v) END)"
    )


def ran(drug_class: str, none: str) -> str:
    """Hours in which a drug of the class ran; 0 where none is recorded and `none` holds: the sets deny it."""
    return f"CASE WHEN ran.{drug_class} THEN ran.{drug_class}_h WHEN {none} THEN 0.00 END"


def missed(kind: str) -> str:
    """Slots that nobody looked at or excused and that were over by the cut. Null: nothing is planned, or not known."""
    counted = f"(SELECT count(*) FROM unnest(p.{kind}_unfilled) u WHERE u <= c.at)"  # noqa: S608  # our own texts
    return f"CASE WHEN p.{kind}_unfilled IS NOT NULL THEN {counted} END"


def expected(kind: str) -> str:
    return f"(p.{kind}_on_time + p.{kind}_late + p.{kind}_excused + ({missed(kind)}))"


def by_ice(value: str) -> str:
    """Null for a participant who is assessed by CAPD."""
    return f"CASE WHEN w.instrument = 'ice' THEN {value} END"


# Null where the step names no risk window.
RISK_COMPLETE = f"(p.started_at + s.risk_window_h * interval '1 hour' <= {END})"
ICANS_WITH_CRS = (
    "CASE WHEN p.icans_final_any THEN CASE WHEN EXISTS (SELECT FROM grading_episode i JOIN grading_episode k"
    " ON k.participant_id = i.participant_id AND k.kind = 'crs' AND k.final_grade > 0"
    " AND k.started_at <= i.started_at"
    " AND (k.ended_at IS NULL OR i.started_at <= k.ended_at + w.concurrence)"
    " WHERE i.participant_id = p.participant_id AND i.kind = 'icans' AND i.dose_root = d.root"
    " AND i.final_grade > 0)"
    " THEN 'Y' ELSE 'N' END END"
)
# A step-up dose after a dose of a later step: the escalation began again.
PHASE = (
    "CASE WHEN s.kind = 'target' THEN 'TREATMENT' WHEN p.dose_number > 1 AND EXISTS (SELECT FROM grading_doseperiod x"
    " WHERE x.participant_id = p.participant_id AND x.dose_number < p.dose_number AND x.ended_by <> 'NOT GIVEN'"
    " AND x.step_id = ANY(s.later)) THEN 'RE-START' ELSE 'STEP-UP' END"
)
OXYGEN = (
    "CASE p.oxygen_level_max WHEN 0 THEN 'ROOM AIR' WHEN 1 THEN 'LOW-FLOW NASAL CANNULA OR BLOW-BY'"
    " WHEN 2 THEN 'SIMPLE FACE MASK' WHEN 3 THEN 'VENTURI OR NON-REBREATHER MASK'"
    " WHEN 4 THEN 'HIGH-FLOW NASAL CANNULA' WHEN 5 THEN 'CPAP OR BIPAP'"
    " WHEN 6 THEN 'INVASIVE MECHANICAL VENTILATION' END"
)
