"""The narrative of one episode: sentences put together from facts, each with the facts that it rests on. Pure.

The sheet of an adverse event and the episode's page take the same sentences. What is not on record is left out, never
told as normal; words are given at the edge (narrative_words.py), where times get the clock of the site.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """`code`: which sentence; `values`: what stands in it; `facts`: the ids of the facts that it is made of."""

    code: str
    values: dict[str, Any]
    facts: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeDose:
    """The dose in whose period it began. `amount` None: not on record."""

    id: UUID
    at: datetime
    number: int
    step: str
    amount: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeReached:
    """The first set at which the episode had this grade. `inputs`: name -> value of what was looked at."""

    id: UUID
    at: datetime
    grade: int
    inputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeDrug:
    """A drug that was given as treatment of this syndrome, while the episode lasted."""

    id: UUID
    at: datetime
    drug: str
    amount: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCause:
    """An investigator held another cause responsible. `until` None: still."""

    id: UUID
    at: datetime
    sign: str
    cause: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeAssessment:
    """What a ledger says of the episode. `grade`: that which its word leaves; `agrees`: with the derived one."""

    id: UUID
    at: datetime
    ledger: str
    grade: int
    agrees: bool
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReported:
    """What an investigator says of the event as an adverse event. None and empty: not said."""

    id: UUID
    serious: bool | None = None
    criteria: Sequence[str] = ()
    outcome: str = ""
    action: str = ""
    next_dose_delayed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitingToxicity:
    """Whether it limits the dose by the study's rule. `met` None: not to be told yet. `facts`: the sets it rests on."""

    grade: int
    hours: Decimal
    met: bool | None
    facts: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFacts:
    """What is on record of one episode, each list in order of time.

    `ended_at` None: not over, or not yet known; `provisional`: it may be CRS, and nobody knows. `ended_by`: the set
    that is the first of the time observed free.
    """

    number: str
    kind: str
    onset_at: datetime
    onset_id: UUID
    provisional: bool = False
    ended_at: datetime | None = None
    ended_by: UUID | None = None
    dose: NarrativeDose | None = None
    grades: Sequence[GradeReached] = ()
    treatments: Sequence[NarrativeDrug] = ()
    attributions: Sequence[OtherCause] = ()
    assessments: Sequence[NarrativeAssessment] = ()
    report: EventReported | None = None
    limiting: LimitingToxicity | None = None


def narrative(facts: EpisodeFacts) -> list[Sentence]:
    """The sentences, in the order in which they are read."""
    return [*_beginning(facts), *_course(facts), *_end(facts), *_assessments(facts), *_report(facts)]


def _beginning(facts: EpisodeFacts) -> Iterator[Sentence]:
    dose = facts.dose
    if dose is not None:
        values = {
            "number": facts.number, "n": dose.number, "step": dose.step, "amount": dose.amount, "unit": dose.unit,
            "at": dose.at,
        }  # fmt: skip
        yield Sentence(code="dose" if dose.amount is not None else "dose_amount_unknown", values=values,
                       facts=(dose.id,))  # fmt: skip
    onset = {"number": facts.number, "kind": facts.kind, "at": facts.onset_at}
    code = "onset_possible" if facts.provisional else "onset"
    if dose is None or dose.at > facts.onset_at:
        yield Sentence(code=code, values=onset, facts=(facts.onset_id,))
    else:
        after = onset | {"after": facts.onset_at - dose.at}
        yield Sentence(code=f"{code}_after_dose", values=after, facts=(facts.onset_id, dose.id))


def _course(facts: EpisodeFacts) -> Iterator[Sentence]:
    """Grades, drugs and attributions as they came."""
    events: list[tuple[datetime, int, Sentence]] = []
    for order, grade in enumerate(facts.grades):
        code = "grade_first" if order == 0 else "grade_rose"
        values = {"grade": grade.grade, "at": grade.at, "inputs": grade.inputs}
        events.append((grade.at, 0, Sentence(code=code, values=values, facts=(grade.id,))))
    for drug in facts.treatments:
        values = {"drug": drug.drug, "amount": drug.amount, "unit": drug.unit, "at": drug.at}
        code = "treated" if drug.amount is not None else "treated_amount_unknown"
        if drug.at >= facts.onset_at:
            code, values = f"{code}_after", values | {"after": drug.at - facts.onset_at, "kind": facts.kind}
        events.append((drug.at, 1, Sentence(code=code, values=values, facts=(drug.id,))))
    for other in facts.attributions:
        values = {"sign": other.sign, "cause": other.cause, "at": other.at, "until": other.until}
        code = "attributed" if other.until is None else "attributed_until"
        events.append((other.at, 2, Sentence(code=code, values=values, facts=(other.id,))))
    yield from (sentence for _at, _order, sentence in sorted(events, key=lambda event: event[:2]))


def _end(facts: EpisodeFacts) -> Iterator[Sentence]:
    if facts.ended_at is None:
        yield Sentence(code="not_over", values={"kind": facts.kind}, facts=(facts.onset_id,))
        return
    values = {"kind": facts.kind, "at": facts.ended_at, "after": facts.ended_at - facts.onset_at}
    by = () if facts.ended_by is None else (facts.ended_by,)
    yield Sentence(code="over", values=values, facts=(facts.onset_id, *by))


def _assessments(facts: EpisodeFacts) -> Iterator[Sentence]:
    for one in facts.assessments:
        values = {"ledger": one.ledger, "grade": one.grade, "at": one.at, "because": one.because}
        yield Sentence(code="confirmed" if one.agrees else "judged", values=values, facts=(one.id,))
    limiting = facts.limiting
    if limiting is not None:
        code = {True: "limits", False: "limits_not", None: "limits_unknown"}[limiting.met]
        values = {"grade": limiting.grade, "hours": limiting.hours}
        yield Sentence(code=code, values=values, facts=limiting.facts or (facts.onset_id,))


def _report(facts: EpisodeFacts) -> Iterator[Sentence]:
    report = facts.report
    if report is None:
        return
    by = (report.id,)
    if report.serious is not None:
        code = "serious" if report.serious else "not_serious"
        yield Sentence(code=code, values={"criteria": tuple(report.criteria)}, facts=by)
    if report.outcome:
        yield Sentence(code="outcome", values={"outcome": report.outcome}, facts=by)
    if report.action:
        yield Sentence(code="action", values={"action": report.action}, facts=by)
    if report.next_dose_delayed is not None:
        code = "delayed" if report.next_dose_delayed else "not_delayed"
        yield Sentence(code=code, values={"kind": facts.kind}, facts=by)
