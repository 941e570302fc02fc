"""How an observation plan tightens after a trigger: data of the regimen version, read strictly. Pure.

Published examples (CAR-T): vital signs every 2 h for fever with tachycardia (NCI table); any sign of ICANS, neuro
checks every 30 min for 2 h, then every 4 h where stable (Australian nurse protocol, vjhemonc.com/?p=47557). None was
found for T-cell engagers, so there is no default: a study sets its own and says where from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from regimens.rules.reading import CaseError, mapping, number, read_fields, shown, whole

KINDS = ("vitals", "neuro")
MOST_TIERS = 6
MOST_HOURS = 24 * 28


class Trigger(StrEnum):
    """What tightens the plan. Each new one begins the tiers anew."""

    CRS_GRADE = "crs_grade"  # the standing grade rises to `from_grade` or above, or a provisional episode opens
    ICANS_GRADE = "icans_grade"
    ICE_DROP = "ice_drop"  # an ICE score below the lowest of the period so far; below 10 where it is the first
    TREATMENT = "treatment"  # antipyretic, anticytokine or corticosteroid, neither premedication nor prophylaxis


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """`every` so long, for as long as it `lasts` (None: to the end of the window)."""

    every: timedelta
    lasts: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """`kinds`: of looks that are tightened. `source`: where the numbers come from, never empty."""

    triggers: frozenset[Trigger]
    from_grade: int
    kinds: frozenset[str]
    tiers: tuple[Tier, ...]
    source: str


def read_tightening(data: object) -> Tightening | None:
    """What a regimen version says. None: null, it is not tightened. Raises CaseError, which names the field.

    {"source": "...", "triggers": ["crs_grade", "treatment"], "from_grade": 1, "kinds": ["vitals", "neuro"],
     "tiers": [{"every_h": 0.5, "for_h": 2}, {"every_h": 2, "for_h": 8}, {"every_h": 4}]}

    `from_grade` is 1 and `kinds` are both where they are left out.
    """
    if data is None:
        return None
    read = read_fields(mapping(data, "tightening"), {
        "source": _text, "triggers": _codes(Trigger), "from_grade": _grade, "kinds": _codes(KINDS), "tiers": _tiers,
    })  # fmt: skip
    for name in ("source", "triggers", "tiers"):
        if name not in read:
            raise CaseError("missing_field", f"{name} is needed", name)
    return Tightening(
        triggers=frozenset(map(Trigger, read["triggers"])),  # type: ignore[call-overload]
        from_grade=read.get("from_grade", 1),  # type: ignore[arg-type]
        kinds=frozenset(read.get("kinds", KINDS)),  # type: ignore[call-overload]
        tiers=read["tiers"],  # type: ignore[arg-type]
        source=read["source"],  # type: ignore[arg-type]
    )


def _text(value: object, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CaseError("invalid_type", f"{field} is a text that says where the numbers come from", field)
    return value.strip()


def _codes(known: type[Trigger] | tuple[str, ...]) -> Callable[[object, str], list[str]]:
    def read(value: object, field: str) -> list[str]:
        if not isinstance(value, list) or not value:
            raise CaseError("invalid_type", f"{field} is a list with one entry at least", field)
        for one in value:
            if one not in list(known):
                raise CaseError("invalid_value", f"{shown(one)} is not one of {', '.join(known)}", field)
        return value

    return read


def _grade(value: object, field: str) -> int:
    grade = whole(value, field)
    if not 1 <= grade <= 5:
        raise CaseError("invalid_value", f"{field} is a grade from 1 to 5", field)
    return grade


def _hours(value: object, field: str) -> timedelta:
    hours = number(value, field)
    if not 0 < hours <= MOST_HOURS or hours * 60 != int(hours * 60):
        raise CaseError("invalid_value", f"{field} is above 0 h, at most {MOST_HOURS} h, and whole minutes", field)
    return timedelta(minutes=int(hours * 60))


def _tiers(value: object, field: str) -> tuple[Tier, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_TIERS:
        raise CaseError("invalid_type", f"{field} is a list of 1 to {MOST_TIERS} tiers", field)
    tiers = []
    for place, one in enumerate(value):
        name = f"{field}[{place}]"
        read = read_fields(mapping(one, name), {"every_h": _hours, "for_h": _hours}, within=f"{name}.")
        every, lasts = read.get("every_h"), read.get("for_h")
        if not isinstance(every, timedelta):
            raise CaseError("missing_field", f"{name}.every_h is needed", f"{name}.every_h")
        if isinstance(lasts, timedelta) and lasts < every:
            raise CaseError("invalid_value", f"{name}.for_h is shorter than its interval", f"{name}.for_h")
        if lasts is None and place + 1 < len(value):
            raise CaseError("missing_field", f"{name}.for_h: only the last tier goes on to the end", f"{name}.for_h")
        tiers.append(Tier(every=every, lasts=lasts))  # type: ignore[arg-type]
    return tuple(tiers)
