"""The doses of a design's regimens as a document has them: whole days, one unit, every digit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from regimens.library.crossed import DECIMALS
from regimens.library.designed.matched import Data, DesignedDose
from regimens.library.problems import Problem

# The amount of a dose of the contract -> unit of a document -> so much of the one in the other.
UNITS = {"mg": {"mg": 1, "ug": 1000}, "mg_per_kg": {"mg/kg": 1, "ug/kg": 1000}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no document: a code with its values, for words at the edge."""

    code: str
    values: Mapping[str, object]


class NotCompiled(ValueError):
    """This design says something that a document cannot, or not enough. `problems`: of a document that was made."""

    def __init__(self, code: str, *, problems: Sequence[Problem] = (), **values: object) -> None:
        super().__init__(code, values)
        self.refusal, self.problems = Refusal(code=code, values=values), tuple(problems)


def given(regimen: Data) -> list[tuple[Decimal, str, Decimal, Decimal | None]]:
    """Day, amount and infusion of each dose as they were typed, in order."""
    return sorted(
        (exact(one["t_d"]), *_amount(one), None if one.get("infusion_h") is None else exact(one["infusion_h"]))
        for one in regimen["doses"]
    )


def _amount(dose: Data) -> tuple[str, Decimal]:
    name = "mg" if dose.get("mg") is not None else "mg_per_kg"
    return name, exact(dose[name])


def exact(value: object) -> Decimal:
    """Every digit that was typed: a float's shortest text is what it was read from."""
    return Decimal(str(value))


def plain(value: Decimal) -> int | Decimal:
    """As a document has it: no exponent, no trailing zero."""
    return int(value) if value == value.to_integral_value() else Decimal(f"{value.normalize():f}")


def text_of(value: object) -> str:
    return f"{plain(exact(value)):f}" if not isinstance(value, int) else str(value)


def doses_of(regimens: Sequence[Data], unit: str, *, first_day: int) -> list[DesignedDose]:
    """Dose by dose, of all the regimens. Raises NotCompiled for what has no place in a document."""
    rows = [[_whole(one, regimen["name"]) for one in given(regimen)] for regimen in regimens]
    start = min(rows[0])[0]
    for regimen, row in zip(regimens, rows, strict=True):
        days = [day for day, *_ in row]
        if len(set(days)) < len(days):
            twice = next(day for day in days if days.count(day) > 1)
            raise NotCompiled("two_doses_a_day", regimen=regimen["name"], day=twice + 1)
        if days != [day for day, *_ in rows[0]]:
            raise NotCompiled("days_differ", regimen=regimen["name"], other=regimens[0]["name"])
        if [infusion for *_, infusion in row] != [infusion for *_, infusion in rows[0]]:
            raise NotCompiled("infusions_differ", regimen=regimen["name"], other=regimens[0]["name"])
    return [
        DesignedDose(
            day=day - start + first_day,
            doses=tuple(
                _in_unit(name, amount, unit, regimen["name"], day)
                for regimen, (_, name, amount, _hours) in zip(regimens, (row[place] for row in rows), strict=True)
            ),
            infusion_h=infusion,
        )
        for place, (day, _name, _amount, infusion) in enumerate(rows[0])
    ]  # fmt: skip


def _whole(
    dose: tuple[Decimal, str, Decimal, Decimal | None], regimen: str
) -> tuple[int, str, Decimal, Decimal | None]:
    """A document has days: an hour of one would be lost."""
    day, *rest = dose
    if day != day.to_integral_value():
        raise NotCompiled("not_a_whole_day", regimen=regimen, day=f"{day + 1:f}")
    return (int(day), *rest)  # type: ignore[return-value]


def _in_unit(name: str, amount: Decimal, unit: str, regimen: str, day: int) -> Decimal:
    over = UNITS[name].get(unit)
    if over is None:
        raise NotCompiled("unit_of_another_kind", regimen=regimen, day=day + 1, amount=text_of(amount), unit=unit)
    dose = amount * over
    if dose != round(dose, DECIMALS):
        raise NotCompiled(
            "too_many_decimals", regimen=regimen, day=day + 1, dose=text_of(dose), unit=unit, most=DECIMALS
        )  # fmt: skip
    return dose


def unit_for(regimens: Sequence[Data]) -> str:
    """Of a regimen from nothing: mg, or µg where four decimals of mg would lose a digit; both per kg as typed."""
    doses = [one for regimen in regimens for one in given(regimen)]
    known = list(UNITS[doses[0][1]])
    fits = all(amount == round(amount, DECIMALS) for _, _name, amount, _hours in doses)
    return known[0] if fits else known[1]


def first_day_of(steps: Sequence[Data]) -> int:
    """The day of the first dose: a pretreatment may come before."""
    return int(steps[0].get("day", 1)) if steps else 1
