"""`escalation`: may the next participants have a higher rung; `pathways`: what would be said for every next outcome."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from regimens.design.adaptive.decisions import Decided, EscalationRule, Risk, Rung, Seen, decide
from regimens.design.adaptive.points import Counts
from regimens.design.adaptive.posterior import Posterior, posterior
from regimens.design.adaptive.risks import risks_of
from regimens.design.adaptive.schedules import Molecule, Schedule, surface_of
from regimens.design.adaptive.surface import Surface
from regimens.design.contract.posterior import (
    BEFORE_DATA,
    DATA,
    NEEDS,
    PEOPLE,
    Learning,
    Row,
    check_learning,
    counts_of,
    driven_by,
    needs_seed,
    schedules_of,
    with_prior,
    work_posterior,
)
from regimens.design.contract.reading import (
    CaseError,
    Reader,
    contradicts,
    count,
    listed,
    pair,
    positive,
    probability,
    read_object,
    record,
    text,
    whole_within,
    within,
)
from regimens.design.contract.shared import MOST_REGIMENS

MOST_PATHS = 1_300
MOST_NEXT = 6


class Grade3(NamedTuple):
    """Of the events seen, how many were of grade 3 or more."""

    events: int
    of: int


class Next(NamedTuple):
    regimen: str
    n: int


@dataclass(frozen=True, kw_only=True)
class Escalation:
    learning: Learning
    ladder: tuple[str, ...]
    current: str
    grade3: Grade3
    rule: EscalationRule = field(default_factory=EscalationRule)


@dataclass(frozen=True, kw_only=True)
class Pathways:
    escalation: Escalation
    next: Next


share = within(0, 1, above=True, below=True)
shape = within(0, 1_000_000, above=True)
RULE: dict[str, Reader] = {
    "grade2_above": share,
    "grade2_confidence": probability,
    "grade3_share_prior": pair(shape),
    "grade3_above": share,
    "grade3_confidence": probability,
    "least_at_current": count,
    "most_rungs_up": whole_within(0, MOST_REGIMENS),
    "most_fold": positive,
    "value_until_d": within(0, 1000, above=True),
    "stop_after": count,
    "stop_at": probability,
}
LADDER: dict[str, Reader] = {"ladder": listed(text, MOST_REGIMENS), "current": text}
GRADE3: dict[str, Reader] = {"grade3": record({"events": count, "of": count}, Grade3, needs=Grade3._fields)}
BY_RULE: dict[str, Reader] = {"rule": record(RULE, EscalationRule)}
FIELDS = BEFORE_DATA | DATA | PEOPLE | LADDER | GRADE3 | BY_RULE
OF_LEARNING = frozenset(BEFORE_DATA | DATA | PEOPLE)
NEXT: dict[str, Reader] = {"next": record({"regimen": text, "n": whole_within(1, MOST_NEXT)}, Next, needs=Next._fields)}
NEEDED = (*NEEDS, "data", needs_seed, "ladder", "current", "grade3")


def learning_of(read: dict[str, Any]) -> Learning:
    return Learning(**with_prior({name: value for name, value in read.items() if name in OF_LEARNING}))


def read_escalation(fields: object) -> Escalation:
    return _escalation(read_object(fields, FIELDS, needs=NEEDED))


def read_pathways(fields: object) -> Pathways:
    read = read_object(fields, FIELDS | NEXT, needs=(*NEEDED, "next"))
    case = Pathways(escalation=_escalation(read), next=read["next"])
    if case.next.regimen not in case.escalation.ladder:
        raise CaseError("unknown_value", "next.regimen is a rung of the ladder", "next.regimen")
    if size_pathways(case) > MOST_PATHS:
        detail = f"next.n: with so many dose periods there are more than {MOST_PATHS:,} outcomes"
        raise CaseError("out_of_range", detail, "next.n")
    return case


def work_escalation(case: Escalation) -> int:
    return work_posterior(case.learning)


def work_pathways(case: Pathways) -> int:
    return work_posterior(case.escalation.learning)


def size_pathways(case: Pathways) -> int:
    """Outcomes: any count of events in every dose period."""
    periods = {one.name: len(one.periods) for one in schedules_of(case.escalation.learning)}
    outcomes: int = (case.next.n + 1) ** periods[case.next.regimen]
    return outcomes


def _escalation(read: dict[str, Any]) -> Escalation:
    own = {name: read[name] for name in ("ladder", "current", "grade3", "rule") if name in read}
    case = Escalation(learning=learning_of(read), **own)
    check_learning(case.learning)
    check_ladder(case.learning, case.ladder, case.current)
    if case.grade3.events > case.grade3.of:
        raise contradicts("grade3.events", "are more than of")
    return case


def check_ladder(learning: Learning, ladder: Sequence[str], current: str) -> None:
    """Raises CaseError for a rung that is no regimen, or stands twice, and for a start outside the ladder."""
    names = {one.name for one in learning.regimens}
    for place, name in enumerate(ladder):
        if name not in names:
            raise CaseError("unknown_value", f"ladder[{place}] is the name of a regimen", f"ladder[{place}]")
        if name in ladder[:place]:
            raise contradicts(f"ladder[{place}]", "is given twice")
    if current not in ladder:
        raise CaseError("unknown_value", "current is a rung of the ladder", "current")


@dataclass(frozen=True, kw_only=True)
class Climb:
    """A ladder with all that no observation changes: the surface of its risks, and what each rung is worth."""

    learning: Learning
    rule: EscalationRule
    ladder: tuple[str, ...]
    schedules: list[Schedule]
    surface: Surface
    columns: list[slice]
    rungs: list[Rung]

    @classmethod
    def of(cls, learning: Learning, ladder: tuple[str, ...], rule: EscalationRule) -> "Climb":
        schedules, molecule = schedules_of(learning), driven_by(learning)
        surface, columns = surface_of(learning.prior, molecule, schedules)
        by_name = {schedule.name: schedule for schedule in schedules}
        rungs = [_rung(by_name[name], molecule, rule) for name in ladder]
        return cls(
            learning=learning, rule=rule, ladder=ladder, schedules=schedules, surface=surface, columns=columns,
            rungs=rungs,
        )  # fmt: skip

    def columns_of(self, name: str) -> slice:
        return next(part for one, part in zip(self.schedules, self.columns, strict=True) if one.name == name)

    def after(self, counts: Counts) -> Posterior:
        return posterior(self.learning.prior, self.surface, counts)

    def risks(self, counts: Counts, grade3: Grade3) -> list[Risk]:
        columns = [self.columns_of(name) for name in self.ladder]
        return risks_of(self.after(counts), columns, self.rule, grade3=grade3.events, events=grade3.of)

    def decided(self, rows: Sequence[Row], current: str, grade3: Grade3) -> tuple[Decided, list[Risk]]:
        risks = self.risks(counts_of(rows, self.schedules, self.columns), grade3)
        seen = Seen(at_current=self._at_current(rows, current), in_all=in_all(rows))
        return decide(self.rungs, risks, self.ladder.index(current), seen, self.rule), risks

    def _at_current(self, rows: Sequence[Row], current: str) -> int:
        """The fewest participants observed in a dose period of it."""
        part = self.columns_of(current)
        seen = dict.fromkeys(range(1, part.stop - part.start + 1), 0)
        for row in rows:
            if row.regimen == current:
                seen[row.period] += row.n
        return min(seen.values())


def in_all(rows: Sequence[Row]) -> int:
    """Participants: of each regimen the largest number in one of its dose periods."""
    most: dict[str, int] = {}
    for row in added(rows, ()):
        most[row.regimen] = max(row.n, most.get(row.regimen, 0))
    return sum(most.values())


def _rung(schedule: Schedule, molecule: Molecule, rule: EscalationRule) -> Rung:
    return Rung(
        name=schedule.name,
        value_ug_d_ml=molecule.worth_ug_d_ml(schedule, rule.value_until_d),
        largest_mg=schedule.largest_mg(float(molecule.typical.weight_kg[0])),
    )


def answer_escalation(case: Escalation) -> dict[str, Any]:
    climb = Climb.of(case.learning, case.ladder, case.rule)
    decided, risks = climb.decided(case.learning.data, case.current, case.grade3)
    return {
        "regimens": [
            {
                "name": rung.name,
                "over_grade2": risk.over_grade2,
                "over_grade3": risk.over_grade3,
                "value_ug_d_ml": rung.value_ug_d_ml,
                "allowed": not reasons,
                "because": [reason.value for reason in reasons],
            }
            for rung, risk, reasons in zip(climb.rungs, risks, decided.because, strict=True)
        ],
        **_recommendation(climb.ladder, decided),
    }


def answer_pathways(case: Pathways, progress: Callable[[int, int], None] = lambda _done, _of: None) -> dict[str, Any]:
    """Each outcome as `escalation` would answer it, in the order of the events of the first period, then the next."""
    before, (regimen, n) = case.escalation, case.next
    climb = Climb.of(before.learning, before.ladder, before.rule)
    part = climb.columns_of(regimen)
    outcomes = list(product(range(n + 1), repeat=part.stop - part.start))
    paths = []
    for done, events in enumerate(outcomes):
        rows = [Row(regimen, period, n, some) for period, some in enumerate(events, 1)]
        decided, _ = climb.decided(added(before.learning.data, rows), regimen, before.grade3)
        paths.append({"events": list(events), **_recommendation(climb.ladder, decided)})
        progress(done + 1, len(outcomes))
    return {"paths": paths}


def added(rows: Sequence[Row], more: Sequence[Row]) -> list[Row]:
    """Rows of some participants and of others: those of one dose period as one."""
    sums: dict[tuple[str, int], Row] = {}
    for row in (*rows, *more):
        known = sums.get((row.regimen, row.period), Row(row.regimen, row.period, 0, 0))
        sums[row.regimen, row.period] = known._replace(n=known.n + row.n, events=known.events + row.events)
    return list(sums.values())


def _recommendation(ladder: Sequence[str], decided: Decided) -> dict[str, Any]:
    at = decided.recommended
    return {"recommended": None if at is None else ladder[at], "decision": decided.recommendation.value}
