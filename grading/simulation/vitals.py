"""What a set shows at some minute of a story. Pure; times are minutes since the first dose."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """CRS from `onset` to `end`, at `peak` in its middle third. `by`: what makes it worse than a fever."""

    onset: int
    end: int
    peak: int
    by: str  # pressure, oxygen or both
    neurotoxic: bool

    def third(self, at: int) -> int | None:
        """0 rising, 1 at its worst, 2 falling. None: it is not going on."""
        if not self.onset <= at < self.end:
            return None
        return 3 * (at - self.onset) // (self.end - self.onset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """One set. `oxygen_flow_l_min` None: the device has none. Any other None: that was not taken."""

    at: int
    temperature_c: Decimal | None
    sbp: int | None
    dbp: int | None
    heart_rate: int
    respiratory_rate: int
    spo2: int | None
    oxygen_device: str = "room_air"
    oxygen_flow_l_min: Decimal | None = None
    hypotension: bool | None = False
    fluid_bolus: bool = False
    vasopressors: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing that the grade of CRS rests on was left out."""
        return None not in (self.temperature_c, self.sbp, self.spo2)


# What can be left out of a set. Whoever comes sees a mask, a running bolus and a pump: those are never left out.
PARTS = (("temperature_c",), ("sbp", "dbp", "hypotension"), ("spo2",))


def in_part(seen: Vitals, rng: Random) -> Vitals:
    """The same set without one of its parts."""
    return replace(seen, **dict.fromkeys(rng.choice(PARTS)))


def vitals_at(at: int, event: Event | None, rng: Random) -> Vitals:
    """A set at this minute: well, but for what the event does then."""
    well = Vitals(
        at=at,
        temperature_c=_tenths(rng, 362, 374),
        sbp=rng.randint(112, 134),
        dbp=rng.randint(66, 82),
        heart_rate=rng.randint(62, 88),
        respiratory_rate=rng.randint(13, 18),
        spo2=rng.randint(95, 99),
    )
    third = None if event is None else event.third(at)
    if event is None or third is None:
        return well
    # Falling from grade 3 or 4 the fever has gone and grade 2 is left; from below, the fever is what is left.
    grade = (1, event.peak, 2 if event.peak > 2 else 1)[third]
    if third < 2 or event.peak <= 2:
        well = replace(well, temperature_c=_tenths(rng, 380, 398), heart_rate=rng.randint(96, 124))
    if grade > 1 and event.by != "oxygen":
        well = _low(well, grade, rng)
    if grade > 1 and event.by != "pressure":
        well = _short_of_air(well, grade, rng)
    return well


def _low(seen: Vitals, grade: int, rng: Random) -> Vitals:
    agents = {2: (), 3: ("norepinephrine",), 4: ("norepinephrine", "epinephrine")}[grade]
    return replace(
        seen, sbp=rng.randint(76, 88), dbp=rng.randint(42, 56), hypotension=True, fluid_bolus=grade == 2,
        vasopressors=agents,
    )  # fmt: skip


def _short_of_air(seen: Vitals, grade: int, rng: Random) -> Vitals:
    devices = {
        2: ("nasal_cannula", Decimal(rng.randint(1, 4))),
        3: ("high_flow_nasal_cannula", Decimal(rng.randint(20, 50))),
        4: ("bipap", None),
    }
    device, flow = devices[grade]
    return replace(
        seen, spo2=rng.randint(90, 94), oxygen_device=device, oxygen_flow_l_min=flow,
        respiratory_rate=rng.randint(20, 30),
    )  # fmt: skip


def _tenths(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low, high)) / 10
