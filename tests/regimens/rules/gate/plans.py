"""Small plans and cases for the gate, made by hand."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from regimens.rules.gate.answer import Answer, Standing
from regimens.rules.gate.case import NINE, Given, State
from regimens.rules.gate.decide import decide
from regimens.rules.plan import (
    After,
    GradeRule,
    Interval,
    Observation,
    ObservationClock,
    OnSite,
    Outcome,
    Plan,
    PlannedStep,
    RestartRow,
    Setting,
    SourceDocument,
    Variant,
)

BOOK = "BOOK"
# Nothing stands in the way.
WELL = State(
    crs_open=False, last_crs_grade=0, icans_open=False, last_icans_grade=0, ice_at_baseline=True, window_complete=True,
    active_infection=False,
)  # fmt: skip


def interval(min_d: int | None = 7, planned_d: int | None = 7, latest_d: int | None = None) -> Interval:
    return Interval(min_d=min_d, planned_d=planned_d, latest_d=latest_d, source=BOOK)


def step(label: str, position: int, **changes: Any) -> PlannedStep:
    first = {
        "label": label, "position": position, "day": None, "dose": Decimal(1), "unit": "mg", "is_step_up": True,
        "is_target": False, "opens_period": True, "infusion_h": None, "rate_segment": False, "split_with": None,
        "repeats": False, "times": None, "condition": None, "interval": interval(), "source": BOOK,
    }  # fmt: skip
    return PlannedStep(**first | changes)


def observed(*steps: str, hours: float | None = 48, **changes: Any) -> Observation:
    first = {
        "steps": steps, "hours": None if hours is None else Decimal(str(hours)),
        "clock": ObservationClock.ADMINISTRATION, "setting": Setting.HOSPITAL, "text": "in hospital", "source": BOOK,
    }  # fmt: skip
    return Observation(**first | changes)


def variant(code: str, *windows: Observation, **days: int) -> Variant:
    return Variant(code=code, days=days, observations=windows)


def row(last: str, from_d: int, to_d: int | None, restart_at: str | None = None, *, known: bool = True) -> RestartRow:
    return RestartRow(
        last=(last,), from_d=from_d, to_d=to_d, restart_at=restart_at, known=known, text=f"row {from_d}", source=BOOK
    )


def rule(after: After, grades: tuple[int, int], outcome: Outcome, **changes: Any) -> GradeRule:
    first = {
        "recurrent": False, "step": None, "resolved_h": None, "inpatient_h": None, "variants": (),
        "text": f"grade {grades}", "source": BOOK,
    }  # fmt: skip
    return GradeRule(after=after, from_grade=grades[0], to_grade=grades[1], outcome=outcome, **first | changes)


STEPS = (
    step("one", 1, day=1, interval=interval(None, None)),
    step("two", 2, day=4, interval=interval(2, 3, 7)),
    step("three", 3, day=7, interval=interval(2, 3, 7)),
    step("weekly", 4, repeats=True, times=3, interval=interval(6, 7)),
    step("monthly", 5, repeats=True, interval=interval(20, 28)),
)
TABLE = (
    row("one", 8, None, "one"),
    row("two", 8, 28, "two"), row("two", 29, None, "one"),
    row("three", 0, 28), row("three", 29, 56, "two"), row("three", 57, None, known=False),
    row("weekly", 0, 28), row("weekly", 29, None, "two"),
    row("monthly", 0, 63), row("monthly", 64, None, "one"),
)  # fmt: skip
ALL = ("one", "two", "three")


def plan(**changes: Any) -> Plan:
    """Three step-up doses, three weekly doses, then monthly; 48 h in hospital after each step-up dose."""
    first = {
        "id": "made", "drug": "made", "title": "Made", "route": "SC", "steps": STEPS,
        "variants": (variant("US", observed(*ALL)),), "restart": TABLE, "restart_from_interruption": False,
        "grade_rules": (), "on_site": None, "washout": None,
        "sources": {BOOK: SourceDocument(key=BOOK, what="A book", url=None)},
    }  # fmt: skip
    return Plan(**first | changes)


def on_site(*steps: str, doses: int = 1, variants: tuple[str, ...] = ()) -> OnSite:
    return OnSite(steps=steps, doses=doses, text="on site", source=BOOK, variants=variants)


def ask(
    *doses: tuple[str, float],
    now: float,
    of: Plan | None = None,
    state: State = WELL,
    region: str | None = "US",
    zero: datetime = NINE,
) -> Answer:
    given = tuple(Given(step=label, t_hours=Decimal(str(at))) for label, at in doses)
    return decide(
        of or plan(), variant=region, zero_local=zero, doses=given, now_h=Decimal(str(now)), state=state
    )  # fmt: skip


def standing(answer: Answer, code: str) -> Standing | None:
    """None: the criterion is not in the answer."""
    return next((one.state for one in answer.criteria if one.code == code), None)


def decision_and_step(answer: Answer) -> tuple[str, str | None]:
    return answer.decision.value, answer.step


D = 24  # hours of a day without a clock change
