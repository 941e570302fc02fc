"""The clock of a threshold: crossed, paged, answered, ordered, started."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from grading.rules.drugs.names import TOCILIZUMAB
from grading.rules.treatment.indication import treats_syndrome


class Stage(StrEnum):
    CROSSED = "crossed"  # the set was taken at which the grade rose
    ENTERED = "entered"  # that set was entered, and the alert raised
    PAGED = "paged"  # the first message left
    ANSWERED = "answered"
    ORDERED = "ordered"
    STARTED = "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedTreatment:
    """A treatment that may answer a threshold. `ordered_at` None: nobody recorded it."""

    at: datetime
    drug: str
    drug_class: str
    indication: str
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One stage. `at` None: it has not come, or nobody recorded it. Minutes are whole ones that have passed, and
    negative where a stage came first (an order before the alert).

    `since_crossed` and `since_before` (the nearest earlier stage that is known): None where `at` is.
    """

    stage: Stage
    at: datetime | None
    since_crossed: int | None
    since_before: int | None


ASKED = ("tocilizumab", "corticosteroid")


def answers(started: StartedTreatment, threshold: str) -> bool:
    """Whether this treatment is what the threshold asked for."""
    if not treats_syndrome(started.indication):
        return False
    return started.drug == TOCILIZUMAB if threshold == "tocilizumab" else started.drug_class == "corticosteroid"


def clock(
    threshold: str,
    *,
    crossed_at: datetime,
    entered_at: datetime,
    sent: Iterable[datetime | None],
    answered_at: datetime | None,
    treatments: Iterable[StartedTreatment],
    until: datetime | None = None,
) -> list[Tick]:
    """The stages of one alert and one thing it asked for ("tocilizumab" or "corticosteroid").

    Started: the first such treatment from the crossing on, before `until` (the end of the episode; None: open).
    """
    mine = [
        one
        for one in treatments
        if answers(one, threshold) and one.at >= crossed_at and (until is None or one.at < until)
    ]  # fmt: skip
    first = min(mine, key=lambda one: one.at, default=None)
    times = {
        Stage.CROSSED: crossed_at,
        Stage.ENTERED: entered_at,
        Stage.PAGED: min((at for at in sent if at is not None), default=None),
        Stage.ANSWERED: answered_at,
        Stage.ORDERED: None if first is None else first.ordered_at,
        Stage.STARTED: None if first is None else first.at,
    }
    ticks: list[Tick] = []
    before = crossed_at
    for stage, at in times.items():
        if at is None:
            ticks.append(Tick(stage=stage, at=None, since_crossed=None, since_before=None))
            continue
        ticks.append(
            Tick(stage=stage, at=at, since_crossed=_minutes(at - crossed_at), since_before=_minutes(at - before))
        )
        before = at
    return ticks


def _minutes(span: timedelta) -> int:
    """Whole minutes, towards zero: half a minute is none yet."""
    return int(span / timedelta(minutes=1))
