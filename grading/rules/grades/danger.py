"""Values that nobody may wait with: told at once, whatever else is missing or held to be the cause. Pure.

The limits are those of decisions.md ("Alerts", "Rulings 2"): systolic pressure below 60 or unrecordable, SpO2 below
80, no pulse, no breathing. No paper gives them: a convention, for a clinician to sign off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

# When the next set is due after one in danger. No source gives a number (the tightest published interval is 30 min,
# for signs of ICANS): a convention, the time within which an answer at grade 3 must be followed by an action.
LOOK_AGAIN_AFTER = timedelta(minutes=15)
# A value that was measured neither well nor ill for so long begins a run anew when it is in danger again.
RUN_LASTS = timedelta(hours=24)
UNRECORDABLE = "unrecordable"  # told in the place of a pressure


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerLimit:
    """In danger below `below`, or at `at_most` and below; the other is None. `unit` as in limits.py."""

    unit: str
    below: Decimal | None = None
    at_most: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        return (self.below is not None and value < self.below) or (self.at_most is not None and value <= self.at_most)


DANGER: Mapping[str, DangerLimit] = {
    "sbp": DangerLimit(unit="mmHg", below=Decimal(60)),
    "spo2": DangerLimit(unit="%", below=Decimal(80)),
    "heart_rate": DangerLimit(unit="/min", at_most=Decimal(0)),
    "respiratory_rate": DangerLimit(unit="/min", at_most=Decimal(0)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """What of one set is in danger: (field, as it is told), and the fields that were measured and are free of it.

    A field in neither was not looked at: it begins nothing and ends nothing.
    """

    values: tuple[tuple[str, str], ...] = ()
    free: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.values)


def danger(values: Mapping[str, Decimal | None], *, pressure_unrecordable: bool = False) -> Danger:
    """Of a set's measured values, by field. A pressure that could not be taken is one of `sbp`, whatever its number.

    What a person attributes, denies or says of an indication does not matter here.
    """
    dangers, free = list(_unrecordable(pressure_unrecordable)), set[str]()
    for field, limit in DANGER.items():
        value = values.get(field)
        if value is None or (field == "sbp" and pressure_unrecordable):
            continue
        if limit.holds(value):
            dangers.append((field, f"{value:f}"))
        else:
            free.add(field)
    return Danger(values=tuple(dangers), free=frozenset(free))


def _unrecordable(is_unrecordable: bool) -> Iterator[tuple[str, str]]:
    if is_unrecordable:
        yield "sbp", UNRECORDABLE


NOTHING_MEASURED = Danger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Sets without a break in which a field is in danger: since the set `root`, up to the one at `at`, as `text`."""

    field: str
    root: str
    since: datetime
    at: datetime
    text: str


def follow(runs: Sequence[Run], seen: Danger, *, root: str, at: datetime) -> tuple[Run, ...]:
    """The runs after one more set. A field that it shows free of danger ends its run; one not measured goes on."""
    known = {run.field: run for run in runs if run.field not in seen.free}
    for field, text in seen.values:
        run = known.get(field)
        if run is None or at - run.at >= RUN_LASTS:
            run = Run(field=field, root=root, since=at, at=at, text=text)
        known[field] = replace(run, at=at, text=text)
    return tuple(known.values())


def look_again_at(runs: Sequence[Run]) -> datetime | None:
    """When what is in danger is to be measured again. None: nothing is."""
    return max((run.at + LOOK_AGAIN_AFTER for run in runs), default=None)


# In which direction a value gets worse. A low temperature is not here: kept unasked, it would hide a fever.
WORSE_WHEN_LOW = frozenset({"sbp", "dbp", "mean_pressure", "spo2", "heart_rate", "respiratory_rate"})
WORSE_WHEN_HIGH = frozenset({"temperature_c", "heart_rate", "respiratory_rate", "oxygen_flow_l_min", "fio2_percent"})


def is_worsening(field: str, *, than: Decimal, now: Decimal) -> bool:
    """Whether a doubted value lies on the worse side of what it is doubted against.

    `than`: the last set's value, or the limit outside of which it is rare. A worsening is kept, graded and told
    at once, and the number is confirmed in place afterwards (decisions, Rulings 2): a slip that tells too much is
    corrected in a minute, one that waits tells nobody. False for a field without a direction.
    """
    return (now < than and field in WORSE_WHEN_LOW) or (now > than and field in WORSE_WHEN_HIGH)
