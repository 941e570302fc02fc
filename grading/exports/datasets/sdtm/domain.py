"""How a domain of SDTM is put together: the columns that all have, days and epochs, sequence numbers."""

from collections.abc import Sequence

from grading.exports.datasets.adam.common import STUDYID, USUBJID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.sql import local

# When each participant had the first dose: day 1, and the end of screening.
_FIRST = """
    SELECT period.participant_id AS dosed, min(period.started_at) AS first_at FROM grading_doseperiod period
     WHERE period.ended_by <> 'NOT GIVEN' AND period.started_at <= {cut}::timestamptz GROUP BY period.participant_id
"""
FIRST = f"LEFT JOIN ({_FIRST}) first ON first.dosed = fact.participant_id"
ORDER = "fact.observed_at, fact.root"  # within a participant


def variable(
    name: str, label: str, kind: str, derivation: str, sql: str, *, unit: str = "", codes: tuple[str, ...] = (),
    concept: str = "", need: str = "",
) -> Column:  # fmt: skip
    """A variable of the implementation guide, under its own name."""
    return Column(name, label, kind, unit, derivation, "SDTMIG 3.4", sql, need, codes, concept)


def fixed(name: str, label: str, value: str, derivation: str = "The same in every row") -> Column:
    return variable(name, label, f"C{max(len(value), 2)}", derivation, f"'{value}'", codes=(value,))


def instant_of(name: str, label: str, derivation: str, moment: str = "fact.observed_at") -> Column:
    """--DTC: on the clock of the site where it was."""
    return variable(name, label, "DT", derivation, local(moment, "fact.time_zone"), unit="datetime")


def day_of(name: str, label: str, moment: str = "fact.observed_at") -> Column:
    """--DY: dates of the site; there is no day 0."""
    date = f"({moment} AT TIME ZONE fact.time_zone)::date - (first.first_at AT TIME ZONE fact.time_zone)::date"
    return variable(
        name, label, "N", "1: the date of the first dose, both in the zone of the site; there is no day 0",
        f"CASE WHEN {date} >= 0 THEN {date} + 1 ELSE {date} END",
    )  # fmt: skip


EPOCH = variable(
    "EPOCH", "Epoch", "C20", "TREATMENT from the first dose on, before it SCREENING",
    "CASE WHEN fact.observed_at >= first.first_at THEN 'TREATMENT' ELSE 'SCREENING' END",
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
    """`rows`: one for each record, with usubjid, participant_id, time_zone, observed_at and what `order` says."""
    name = code.lower()
    number = variable(
        f"{code}SEQ", "Sequence Number", "N", "Of the participant, in order of time",
        f"row_number() OVER (PARTITION BY fact.usubjid ORDER BY {order})", need="key",
    )  # fmt: skip
    return Dataset(
        name=name, label=label, structure=structure, keys=("STUDYID", "USUBJID", number.name),
        columns=(STUDYID, fixed("DOMAIN", "Domain Abbreviation", code), USUBJID, number, *columns),
        source=f"FROM ({rows}) fact\nCROSS JOIN ({{cut_row}}) cut\n{FIRST}\n{joins}\nORDER BY fact.usubjid, {order}",
        unblinding=unblinding,
    )  # fmt: skip
