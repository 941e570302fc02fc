"""What is asked of a set before it is kept: refused where no person can have it, typed again where it is rare.

Nothing real is blocked, and no worsening waits: a value that is rare in the direction in which it gets worse is kept,
graded and told at once, and confirmed afterwards (decisions, Rulings 2; rules/grades/danger.py has the directions).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from grading.rules.grades.danger import is_worsening
from grading.rules.grades.entry.limits import CHANGES, LIMITS, changed_much, needs_retyping, pressures_contradict

# The doubts that no second typing answers; the lines after the first those about a drug (rules/treatment/checks.py).
REFUSES = frozenset({
    "refused", "contradicts", "no_point", "fahrenheit", "fraction",
    "several_drugs", "dose_missing", "wrong_unit",
    "weight_first", "slip",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing about one field. `code`: what it is, such as refused, unusual or changed. `values` for the wording."""

    field: str
    code: str
    values: Mapping[str, str]

    @property
    def refuses(self) -> bool:
        return self.code in REFUSES

    @property
    def is_contradiction(self) -> bool:
        """Two values that each somebody can have: it refuses a set, but not one that shows a worsening."""
        return self.code == "contradicts"


def doubts(
    values: Mapping[str, Decimal | None], *, device: str | None, previous: Mapping[str, Decimal | None]
) -> list[Doubt]:
    """Everything to be said about a set's measured values. `previous`: the last set's, empty where there is none."""
    return [*_impossible(values), *_rare(values, device), *_jumps(values, previous)]


NO_POINT = (Decimal(250), Decimal(450))  # 384 for 38.4
FAHRENHEIT = (Decimal(90), Decimal(113))
IN_PERCENT = frozenset({"spo2", "fio2_percent"})  # 0.97 for 97


def _slip(field: str, value: Decimal) -> tuple[str, Decimal] | None:
    """The code of a value that nobody can have but that looks like another way to write one, and what it means."""
    if field == "temperature_c" and NO_POINT[0] <= value <= NO_POINT[1]:
        return "no_point", value / 10
    if field == "temperature_c" and FAHRENHEIT[0] <= value <= FAHRENHEIT[1]:
        return "fahrenheit", round((value - 32) * 5 / 9, 1)
    if field in IN_PERCENT and 0 < value <= 1:
        return "fraction", value * 100
    return None


def _impossible(values: Mapping[str, Decimal | None]) -> Iterator[Doubt]:
    for field, limit in LIMITS.items():
        value = values.get(field)
        if value is not None and (slip := _slip(field, value)) is not None:
            code, meant = slip
            yield Doubt(field=field, code=code, values={"typed": f"{value:f}", "meant": f"{meant.normalize():f}"})
        elif value is not None and limit.refuses(value):
            yield Doubt(
                field=field,
                code="refused",
                values={"low": str(limit.block_below), "high": str(limit.block_above), "unit": limit.unit},
            )
    sbp, dbp = values.get("sbp"), values.get("dbp")
    if sbp is not None and dbp is not None and pressures_contradict(sbp, dbp):
        yield Doubt(field="sbp", code="contradicts", values={"dbp": str(dbp)})


def is_impossible(field: str, value: Decimal) -> bool:
    return LIMITS[field].refuses(value) or _slip(field, value) is not None


def impossible_fields(doubts: Collection[Doubt]) -> set[str]:
    """The fields that hold what nobody can have. Of two pressures that contradict, nobody knows which is wrong."""
    fields = {doubt.field for doubt in doubts if doubt.refuses}
    return fields | {"dbp"} if any(doubt.code == "contradicts" for doubt in doubts) else fields


def contradictions(doubts: Collection[Doubt]) -> list[Doubt]:
    """Of pressures that contradict and are kept, a question at each: nobody knows which is wrong."""
    return [replace(doubt, field=field) for doubt in doubts if doubt.is_contradiction for field in ("sbp", "dbp")]


def _rare(values: Mapping[str, Decimal | None], device: str | None) -> Iterator[Doubt]:
    for field in LIMITS:
        value = values.get(field)
        if value is not None and not is_impossible(field, value) and needs_retyping(field, value, device=device):
            yield Doubt(field=field, code="unusual", values={"value": str(value), "unit": LIMITS[field].unit})


def _jumps(values: Mapping[str, Decimal | None], previous: Mapping[str, Decimal | None]) -> Iterator[Doubt]:
    for field, limit in CHANGES.items():
        before, now = previous.get(field), values.get(field)
        if before is not None and now is not None and changed_much(field, before=before, now=now):
            difference = {"before": str(before), "value": str(now), "unit": limit.unit}
            yield Doubt(field=field, code="changed", values=difference)


def to_retype(
    doubts: Collection[Doubt], *, values: Mapping[str, Decimal | None], retyped: Collection[str]
) -> tuple[list[Doubt], list[Doubt]]:
    """The doubts that must be answered before the set is kept, and those that may be answered after.

    A worsening waits for nothing: where one of them is, the set is kept with all that is open.
    """
    open_doubts = [d for d in doubts if not d.refuses and d.field not in retyped]
    if any(_is_worse(d, values) for d in open_doubts):
        return [], open_doubts
    return open_doubts, []


def _is_worse(doubt: Doubt, values: Mapping[str, Decimal | None]) -> bool:
    """Against the last set where it changed much, else against the limit outside of which it is rare."""
    value = values[doubt.field]
    assert value is not None
    if doubt.code == "changed":
        return is_worsening(doubt.field, than=Decimal(doubt.values["before"]), now=value)
    limit = LIMITS[doubt.field]
    too_low = limit.retype_below is not None and value < limit.retype_below
    crossed = limit.retype_below if too_low else limit.retype_above
    assert crossed is not None
    return is_worsening(doubt.field, than=crossed, now=value)
