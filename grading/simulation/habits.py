"""What a ward does besides the story: what comes late, is corrected, imported, answered, signed and judged.

Settings of a simulation, and no clinical facts: no source says how often. Nothing here changes what the sets show, so
that a trial says the same of CRS with any of it. Pure but for the facts it is handed, which are not kept yet.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from grading.models import NeuroAssessment, Treatment, VitalSigns
from regimens.facts import Fact, Source
from regimens.models import Dose, DoseStatus, Measured, Measurement, NeuroInstrument

NAMESPACE = uuid.UUID("0b6a2b0e-5b1c-5d52-9f3a-8d6c1f0a7e21")
ENTERED_LATER = timedelta(hours=2)
CORRECTED_AFTER = timedelta(minutes=10)
PREMEDICATED_BEFORE, LOOKED_BEFORE = timedelta(hours=1), timedelta(minutes=31)
ANSWERED_AFTER = timedelta(minutes=6)
SLIP_BEATS = 9  # typed instead of the pulse that was counted
FIO2_PERCENT = Decimal(50)  # of high flow
DEXAMETHASONE_MG = Decimal(16)
CAPD_CLEAR, CAPD_DULL = 3, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Percents are 0 to 100. As it is, with none: only what the story tells.

    `answers`: alerts are acknowledged. `signs`: the window of each dose is closed and signed, and its episodes are
    judged as derived and reported as events.
    """

    premedicated_percent: int = 0  # of doses
    late_percent: int = 0  # of sets: entered two hours later
    imported_percent: int = 0  # of sets
    corrected_percent: int = 0  # of sets: the pulse was typed wrong
    unreleased_percent: int = 0  # of doses
    capd_percent: int = 0  # of participants
    looks_before: bool = False  # a set half an hour before each dose
    charts_fio2: bool = False  # beside the flow of high flow
    answers: bool = False
    signs: bool = False


NONE = Habits()
# Each of them now and then, so that a simulated trial has what an export has a column for.
BUSY = Habits(
    premedicated_percent=50, late_percent=10, imported_percent=20, corrected_percent=10, unreleased_percent=20,
    capd_percent=50, looks_before=True, charts_fio2=True, answers=True, signs=True,
)  # fmt: skip


def stream_of(number: str) -> Random:
    """Of a participant: of its own, so that the same story is told whatever the ward does."""
    return Random(f"{number}/ward")  # noqa: S311 - a story, and no secret


def assessed_by_capd(habits: Habits, *, place: int) -> bool:
    """Every so many participants, by their place in the trial, the first one not."""
    return (place - 1) * habits.capd_percent // 100 < place * habits.capd_percent // 100


def on_the_ward(facts: Iterable[Fact], habits: Habits, rng: Random) -> Iterator[Fact]:
    """The same facts as such a ward records them, with what they were corrected to and the premedication."""

    def happens(percent: int) -> bool:
        return rng.randrange(100) < percent

    for fact in facts:
        if isinstance(fact, Dose) and fact.supersedes_id is None:
            if happens(habits.premedicated_percent):
                yield _premedication(fact)
            if habits.looks_before:
                yield _before(fact)
        if isinstance(fact, VitalSigns):
            if habits.charts_fio2 and fact.oxygen_device == "high_flow_nasal_cannula":
                fact.fio2_percent = FIO2_PERCENT
            if happens(habits.imported_percent):
                fact.source = Source.IMPORT
            elif happens(habits.late_percent):
                fact.recorded_at, fact.reason = fact.recorded_at + ENTERED_LATER, "entered late"
            elif happens(habits.corrected_percent):
                yield _corrected(fact)
        elif fact.participant.neuro_instrument == NeuroInstrument.CAPD:
            _by_capd(fact)
        yield fact


def unreleased(facts: Iterable[Fact], habits: Habits, rng: Random) -> frozenset[uuid.UUID]:
    """The doses that are given although nobody released them."""
    given = [fact for fact in facts if isinstance(fact, Dose) and fact.status == DoseStatus.GIVEN]
    return frozenset(dose.pk for dose in given if rng.randrange(100) < habits.unreleased_percent)


def _key(fact: Fact, what: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{what} of {fact.pk}")


def _premedication(dose: Dose) -> Treatment:
    return Treatment(
        id=_key(dose, "premedication"), participant=dose.participant, source=Source.SIMULATION,
        observed_at=dose.observed_at - PREMEDICATED_BEFORE, recorded_at=dose.recorded_at - PREMEDICATED_BEFORE,
        drug="dexamethasone", drug_class="corticosteroid", indication="premedication", dose=DEXAMETHASONE_MG, unit="mg",
        route="iv",
    )  # fmt: skip


def _before(dose: Dose) -> VitalSigns:
    """Nobody is dosed who is not well."""
    return VitalSigns(
        id=_key(dose, "set before"), participant=dose.participant, source=Source.SIMULATION,
        observed_at=dose.observed_at - LOOKED_BEFORE, recorded_at=dose.recorded_at - LOOKED_BEFORE,
        temperature_c=Decimal("36.7"), sbp=Decimal(121), dbp=Decimal(74), heart_rate=Decimal(76),
        respiratory_rate=Decimal(15), spo2=Decimal(97), oxygen_device="room_air", hypotension=False, fluid_bolus=False,
        vasopressors=[],
    )  # fmt: skip


def _corrected(right: VitalSigns) -> VitalSigns:
    """The version with a slip, which `right` comes to replace."""
    columns = {column.attname: getattr(right, column.attname) for column in right._meta.concrete_fields}
    slip = VitalSigns(**columns | {"id": _key(right, "slip")})
    slip.participant = right.participant
    slip.heart_rate = None if right.heart_rate is None else right.heart_rate + SLIP_BEATS
    right.supersedes, right.reason = slip, "pulse typed wrong"
    right.recorded_at = right.recorded_at + CORRECTED_AFTER
    return slip


def _by_capd(fact: Fact) -> None:
    """The same look by the other instrument: without the items of the ICE, or none where nobody did it."""
    if isinstance(fact, Measurement) and fact.kind == Measured.BASELINE_ICE:
        fact.kind, fact.value = Measured.BASELINE_CAPD.value, Decimal(CAPD_CLEAR)
    if not isinstance(fact, NeuroAssessment):
        return
    if fact.ice_year is not None:
        fact.capd_score = CAPD_CLEAR if fact.ice_writing else CAPD_DULL
    for column in fact._meta.concrete_fields:
        if column.name.startswith("ice_") and column.null:
            setattr(fact, column.attname, None)
    if "ice" in fact.not_done:
        fact.not_done = {"capd_score": fact.not_done["ice"]}
