"""What counts say: `evidence` (what they support), `surprise` (how far from predicted) and `onset` (when it begins)."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from regimens.design.contract.reading import (
    Reader,
    boolean,
    contradicts,
    count,
    listed,
    probability,
    read_object,
    record,
    text,
    within,
)
from regimens.design.contract.shared import MOST_DOSES, MOST_PERIODS, MOST_ROWS
from regimens.design.evidence import Counted, EvidenceRule, counted, first_supported, supported
from regimens.design.onset import median_h, onset_curve

MOST_DRAWS = 1000
LONGEST_H = 24_000  # the 1,000 days of the contract
NUMBERED = within(0, 100_000)


def name_or_number(value: object, at: str) -> str | int | float:
    """What a dose or period is called: answered as it was given."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(text(value, at))
    read = float(str(NUMBERED(value, at)))
    return int(read) if read.is_integer() else read


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCount:
    """People who were given a dose, and how many had CRS of any grade, of grade 2 or above. None: not known."""

    dose: str | int | float
    n: int
    any: int | None = None
    grade2: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCase:
    doses: tuple[DoseCount, ...]
    rule: EvidenceRule = field(default_factory=EvidenceRule)


RULE: dict[str, Reader] = dict.fromkeys(
    ("any_below", "any_confidence", "grade2_below", "grade2_confidence"), probability
)
DOSE: dict[str, Reader] = {"dose": name_or_number, "n": count, "any": count, "grade2": count}
EVIDENCE: dict[str, Reader] = {
    "doses": listed(record(DOSE, DoseCount, needs=("dose", "n")), MOST_DOSES),
    "rule": record(RULE, EvidenceRule),
}


def check_rule(fields: object) -> None:
    """Raises CaseError for a rule of evidence by itself, as a design keeps it."""
    read_object(fields, RULE)


def read_evidence(fields: object) -> EvidenceCase:
    case = EvidenceCase(**read_object(fields, EVIDENCE, needs=("doses",)))
    seen = set()
    for at, one in enumerate(case.doses):
        if one.dose in seen:
            raise contradicts(f"doses[{at}].dose", "is given twice")
        seen.add(one.dose)
        for name, x in (("any", one.any), ("grade2", one.grade2)):
            if x is not None and x > one.n:
                raise contradicts(f"doses[{at}].{name}", "are more than n")
        if one.any is not None and one.grade2 is not None and one.grade2 > one.any:
            raise contradicts(f"doses[{at}].grade2", "are more than those of any grade")
    return case


def answer_evidence(case: EvidenceCase) -> dict[str, Any]:
    rule = case.rule
    rows = [
        (
            one.dose,
            counted(one.any, one.n, rule.any_below, rule.any_confidence),
            counted(one.grade2, one.n, rule.grade2_below, rule.grade2_confidence),
        )
        for one in case.doses
    ]
    first = first_supported([supported(any_grade, grade2) for _, any_grade, grade2 in rows])
    return {
        "doses": [
            {"dose": dose, "any": _count(some), "grade2": _count(grade2), "supported": supported(some, grade2)}
            for dose, some, grade2 in rows
        ],
        "outpatient_from": None if first is None else case.doses[first].dose,
    }


def _count(one: Counted | None) -> dict[str, Any] | None:
    return None if one is None else {
        "x": one.of.x,
        "n": one.of.n,
        "jeffreys": {"mean": one.of.jeffreys_mean, "interval": [one.of.jeffreys.low, one.of.jeffreys.high]},
        "clopper_pearson": [one.of.exact.low, one.of.exact.high],
        "wilson": [one.of.wilson.low, one.of.wilson.high],
        "p_below": one.p_below,
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedPeriod:
    """`p`: a draw each, one probability for everybody or one for each of the n."""

    label: str | int | float
    n: int
    events: int
    p: tuple[float | tuple[float, ...], ...]


def draw(value: object, at: str) -> float | tuple[float, ...]:
    read = listed(probability, 10_000, least=0) if isinstance(value, list | tuple) else probability
    return read(value, at)  # type: ignore[return-value]


PREDICTED = record(
    {"label": name_or_number, "n": count, "events": count, "p": listed(draw, MOST_DRAWS)},
    PredictedPeriod,
    needs=("label", "n", "events", "p"),
)


def read_surprise(fields: object) -> tuple[PredictedPeriod, ...]:
    periods: tuple[PredictedPeriod, ...] = read_object(
        fields, {"periods": listed(PREDICTED, MOST_PERIODS)}, needs=("periods",)
    )["periods"]
    for at, one in enumerate(periods):
        if one.events > one.n:
            raise contradicts(f"periods[{at}].events", "are more than n")
        for place, p in enumerate(one.p):
            if isinstance(p, tuple) and len(p) != one.n:
                raise contradicts(f"periods[{at}].p[{place}]", "has not one probability for each of the n")
    return periods


def work_surprise(case: tuple[PredictedPeriod, ...]) -> int:
    """Steps of the sums over people; a draw of one probability costs next to nothing."""
    return sum(one.n * sum(len(p) for p in one.p if isinstance(p, tuple)) for one in case)


def answer_surprise(case: tuple[PredictedPeriod, ...]) -> dict[str, Any]:
    from regimens.design.surprise import surprise  # here alone: the kinds beside it do without numpy

    answers = [(one.label, surprise(one.n, one.events, one.p)) for one in case]
    return {
        "periods": [
            {
                "label": label,
                "expected": one.expected,
                "interval": list(one.interval),
                "u": one.u,
                "bits": one.bits,
                "direction": one.direction,
            }
            for label, one in answers
        ]
    }


TIMES = listed(record({"t_h": within(0, LONGEST_H), "event": boolean}, needs=("t_h", "event")), MOST_ROWS)


def read_onset(fields: object) -> list[tuple[float, bool]]:
    rows = read_object(fields, {"times": TIMES}, needs=("times",))["times"]
    return [(row["t_h"], row["event"]) for row in rows]


def answer_onset(case: list[tuple[float, bool]]) -> dict[str, Any]:
    curve = list(onset_curve(case))
    return {
        "curve": [
            {
                "t_h": one.t_h,
                "at_risk": one.at_risk,
                "events": one.events,
                "free": one.free,
                "interval": None if one.interval is None else list(one.interval),
            }
            for one in curve
        ],
        "median_h": median_h(curve),
    }
