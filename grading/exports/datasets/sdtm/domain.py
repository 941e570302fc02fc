"""How a domain of SDTM is put together: the columns that all have, days and epochs, sequence numbers."""

from collections.abc import Sequence

from grading.exports.datasets.adam.common import STUDYID, USUBJID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import FIRST_DOSES
from grading.exports.datasets.sql import day, local
from grading.exports.datasets.time_points import ELAPSED, NAME, NUMBER

ORDER = "fact.observed_at, fact.root"  # within a participant


def variable(
    name: str, label: str, kind: str, derivation: str, sql: str, *, unit: str = "", codes: tuple[str, ...] = (),
    concept: str = "", need: str = "",
) -> Column:  # fmt: skip
    """A variable of the implementation guide, under its own name."""
    return Column(name, label, kind, unit, derivation, "SDTMIG 3.4", sql, need, codes, concept)


def fixed(name: str, label: str, value: str, derivation: str = "The same in every row") -> Column:
    return variable(name, label, f"C{max(len(value), 2)}", derivation, f"'{value}'", codes=(value,))


def instant_of(name: str, label: str, derivation: str, moment: str = "") -> Column:
    """--DTC: on the clock of the site where it was. `moment` empty: of the fact."""
    here = local(moment, "fact.time_zone") if moment else "fact.at_local"
    return variable(name, label, "DT", derivation, here, unit="datetime")


def reference(code: str) -> tuple[Column, ...]:
    """--TPT, --TPTNUM and --ELTM: the planned time point; --TPTREF and --RFTDTC: the dose that it is counted from."""
    unplanned = "null: the look was not one of the plan"
    return (
        variable(f"{code}TPT", "Planned Time Point Name", "C24", f"Of the slot of the observation plan; {unplanned}",
                 NAME),
        variable(f"{code}TPTNUM", "Planned Time Point Number", "N", f"Hours from the dose to that slot; {unplanned}",
                 NUMBER, unit="h"),
        variable(f"{code}ELTM", "Planned Elapsed Time from Time Point Ref", "C12",
                 f"The same as a duration of ISO 8601, PT4H; {unplanned}", ELAPSED),
        variable(f"{code}TPTREF", "Time Point Reference", "C12", "The dose in whose period it lies",
                 "'DOSE ' || fact.dose_number"),
        variable(f"{code}RFTDTC", "Date/Time of Reference Time Point", "DT", "Start of that dose", "fact.dosed_local",
                 unit="datetime"),
    )  # fmt: skip


def day_of(name: str, label: str, moment: str = "") -> Column:
    """--DY. `moment` empty: of the fact."""
    return variable(
        name, label, "N", "1: the date of the first dose, both in the zone of the site; there is no day 0",
        day(moment, "fact.first_at", "fact.time_zone") if moment else "fact.study_day",
    )  # fmt: skip


def dated(rows: str) -> str:
    """Rows that are no facts of one time with the first dose and their study day, as `located` gives facts theirs."""
    return (
        f"SELECT fact.*, first.first_at, {day('fact.observed_at', 'first.first_at', 'fact.time_zone')} AS study_day"  # noqa: S608  # our own texts
        f" FROM ({rows}) fact LEFT JOIN ({FIRST_DOSES}) first ON first.dosed = fact.participant_id"
    )


EPOCH = variable(
    "EPOCH", "Epoch", "C20", "TREATMENT from the first dose on, before it SCREENING",
    "CASE WHEN fact.observed_at >= fact.first_at THEN 'TREATMENT' ELSE 'SCREENING' END",
    codes=("SCREENING", "TREATMENT"),
)  # fmt: skip


def identifier(code: str) -> Column:
    return variable(
        f"{code}SPID", "Sponsor-Defined Identifier", "C36", "RECID of the analysis data sets", "fact.root::text"
    )  # fmt: skip


def domain(
    code: str,
    label: str,
    structure: str,
    columns: Sequence[Column],
    rows: str,
    *,
    joins: str = "",
    order: str = ORDER,
    unblinding: frozenset[str] = frozenset(),
) -> Dataset:
    """`rows`: one for each record, as `located` or `dated` gives them."""
    name = code.lower()
    number = variable(
        f"{code}SEQ", "Sequence Number", "N", "Of the participant, in order of time",
        f"row_number() OVER (PARTITION BY fact.usubjid ORDER BY {order})", need="key",
    )  # fmt: skip
    return Dataset(
        name=name, label=label, structure=structure, keys=("STUDYID", "USUBJID", number.name),
        columns=(STUDYID, fixed("DOMAIN", "Domain Abbreviation", code), USUBJID, number, *columns),
        source=f"FROM ({rows}) fact\nCROSS JOIN ({{cut_row}}) cut\n{joins}\nORDER BY fact.usubjid, {order}",
        unblinding=unblinding,
    )  # fmt: skip
