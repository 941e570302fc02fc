"""What else a grade rests on: baselines and other dated values, attributions, stays, and how observation ended."""

from grading.exports.datasets.adam.common import (
    ADT,
    ASTDT,
    DOSED,
    FRACSEC,
    IDENTITY,
    RECID,
    SOURCE,
    STEP,
    end_date,
    end_fraction,
    moment,
)
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, source, standing
from grading.exports.datasets.sql import coded, local, number
from grading.models.observations import Sign
from regimens.models.given import DispositionKind, Measured, StayKind

_ORDER = "fact.usubjid, fact.observed_at, fact.root"
# Of these a text says what there was, and the rules read it. Other texts are for the ward.
_WORDED = (Measured.BASELINE_OXYGEN.value, Measured.BASELINE_VASOPRESSORS.value, Measured.CULTURES.value)


def _upper(values: list[str]) -> tuple[str, ...]:
    return tuple(value.upper().replace("_", " ") for value in values)


# fmt: off
_MEASURED = (
    *IDENTITY, moment("ADTM", "Analysis Date/Time", "When it was measured", "LB.LBDTC", "key"), RECID, *ADT, *DOSED,
    Column("MEASURE", "What Was Measured, with Its Unit", "C24", "", "Code", "VS/LB", coded("fact.kind"), "core",
           codes=_upper(Measured.values)),
    Column("AVAL", "Analysis Value", "N", "MEASURE", "In the unit of MEASURE; null: a text says it", "VS/LB",
           number("fact.value"), "core"),
    Column("AVALC", "Analysis Value (C)", "C60", "", "Device of BASELINE OXYGEN, names of BASELINE VASOPRESSORS",
           "VS/LB", f"CASE WHEN fact.kind IN {_WORDED} THEN nullif(fact.text, '') END"),
    SOURCE,
    FRACSEC,
)
_ATTRIBUTED = (
    *IDENTITY, moment("ASTDTM", "Analysis Start Date/Time", "From when another cause is held responsible", "FA", "key"),
    RECID, *ASTDT, *DOSED,
    Column("SIGN", "Sign", "C16", "", "What an investigator attributes to another cause", "FA.FAOBJ",
           coded("fact.sign"), "core", codes=_upper(Sign.values)),
    Column("AENDTM", "Analysis End Date/Time", "DT", "datetime", "Until when; null: still", "FA",
           local("fact.until", "fact.time_zone"), "core"),
    end_date(local("fact.until", "fact.time_zone")),
    SOURCE,
    FRACSEC,
    end_fraction("fact.until"),
)
_STAYS = (
    *IDENTITY, moment("ASTDTM", "Analysis Start Date/Time", "From when the participant lies there", "HO.HOSTDTC",
                      "key"),
    RECID, *ASTDT, *DOSED,
    Column("HOTERM", "Kind of Unit", "C4", "", "WARD | ICU", "HO.HOTERM", coded("fact.kind"), "core",
           codes=_upper(StayKind.values)),
    Column("AENDTM", "Analysis End Date/Time", "DT", "datetime",
           "When it was left for another bed or for home; null: the participant is there", "HO.HOENDTC",
           local("least(ended.ended_at, fact.moved_at)", "fact.time_zone"), "core"),
    end_date(local("least(ended.ended_at, fact.moved_at)", "fact.time_zone")),
    SOURCE,
    FRACSEC,
    end_fraction("least(ended.ended_at, fact.moved_at)"),
)
_ENDED = (
    *IDENTITY, moment("ADTM", "Analysis Date/Time", "When observation ended", "DS.DSSTDTC", "key"), RECID, *ADT, *DOSED,
    Column("DSDECOD", "How Observation Ended", "C12", "", "Death with its cause, as a person recorded it",
           "DS.DSDECOD", coded("fact.kind"), "core", codes=_upper(DispositionKind.values)),
    SOURCE,
    FRACSEC,
)
# fmt: on

# A stay lasts until the next one begins or its end is recorded.
NEXT_BED = (
    f"SELECT fact.*, lead(fact.observed_at) OVER (PARTITION BY fact.participant_id"  # noqa: S608  # our own texts
    f" ORDER BY fact.observed_at, fact.root) AS moved_at FROM ({standing('regimens_stay')}) fact"
)
STAY_ENDS = f"""
    SELECT DISTINCT ON (stay.root) stay.root AS stay_root, fact.observed_at AS ended_at
      FROM ({standing("regimens_stayend")}) fact JOIN regimens_stay stay ON stay.id = fact.stay_id
     ORDER BY stay.root, fact.observed_at
"""  # noqa: S608  # our own texts


def _dataset(name: str, label: str, columns: tuple[Column, ...], rows: str, *, joins: str = "") -> Dataset:
    at = next(column.name for column in columns if column.sql == "fact.at_local")
    return Dataset(
        name=name, label=label, structure="ADAM OTHER", keys=("STUDYID", "USUBJID", at, "RECID"), columns=columns,
        source=source(located(rows), joins=joins, order=_ORDER), unblinding=STEP,
    )  # fmt: skip


ADMEAS = _dataset("admeas", "Baselines and Other Dated Values", _MEASURED, standing("regimens_measurement"))
ADATTR = _dataset("adattr", "Signs Attributed to Another Cause", _ATTRIBUTED, standing("grading_attribution"))
ADHO = _dataset(
    "adho", "Stays in Hospital", _STAYS, NEXT_BED,
    joins=f"LEFT JOIN ({STAY_ENDS}) ended ON ended.stay_root = fact.root",
)  # fmt: skip
ADDS = _dataset("adds", "How Observation Ended", _ENDED, standing("regimens_disposition"))
