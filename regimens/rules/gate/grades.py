"""What the grades after the last dose ask of the next one.

Where the case leaves open which rule applies (a region, an earlier event), every answer it could have is made, and
only what they agree on is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from regimens.rules.gate.answer import Criterion, Standing
from regimens.rules.gate.case import Case
from regimens.rules.plan import After, GradeRule, Outcome, PlannedStep

RECURRENT = 2  # events of grade 3 or more: the second one is a recurrence
HIGHEST = 5
UP_TO_RESOLVED = 2  # convention G5: grades 1 and 2 without a row go on when resolved
CONVENTION = "convention G5, docs/conventions.md"
NAMES = {After.CRS: "CRS", After.ICANS: "ICANS"}
# From the mildest on: of two rules equally specific, the stricter one.
STRICTNESS = (Outcome.WHEN_RESOLVED, Outcome.REPEAT_STEP, Outcome.RESTART, Outcome.UNKNOWN, Outcome.STOP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one event asks. `goes_to`: the step that replaces the planned one. `restarts`: it is an earlier step."""

    criterion: Criterion
    goes_to: PlannedStep | None = None
    restarts: bool = False
    stops: bool = False


def grade_after(case: Case, after: After) -> int | None:
    """The highest grade of the last dose period; 0 before the first. None: not known."""
    if not case.opened:
        return 0
    return case.state.last_crs_grade if after is After.CRS else case.state.last_icans_grade


def asked_after(case: Case, after: After, slot: PlannedStep | None) -> Asked:
    """What the grade rules say. `slot`: the step that is planned next."""
    grade, name = grade_after(case, after), NAMES[after]
    if not case.opened:
        return Asked(criterion=_criterion(after, Standing.NOT_APPLICABLE, "no_period_yet"))
    if grade is None:
        return Asked(criterion=_criterion(after, Standing.UNKNOWN, "grade_unknown", name=name))
    if grade == 0:
        return Asked(criterion=_criterion(after, Standing.MET, "no_event", name=name))
    if grade == HIGHEST:
        stop = _criterion(after, Standing.NOT_MET, "fatal", name=name)
        return Asked(criterion=stop, stops=True)
    possible = {_effect(rule, grade): rule for rule in _deciding(case, after, grade, slot)}
    if len(possible) > 1:
        rules = "; ".join(sorted({rule.text for rule in possible.values() if rule is not None}))
        return Asked(
            criterion=_criterion(after, Standing.UNKNOWN, "rule_open", name=name, grade=str(grade), rule=rules)
        )
    return _by_rule(case, after, grade, next(iter(possible.values())))


def _effect(rule: GradeRule | None, grade: int) -> tuple[Outcome, str | None]:
    """What two rules must share to come to the same."""
    if rule is None:
        return (Outcome.WHEN_RESOLVED if grade <= UP_TO_RESOLVED else Outcome.UNKNOWN), None
    return rule.outcome, rule.step


def _by_rule(case: Case, after: After, grade: int, rule: GradeRule | None) -> Asked:
    values = {"name": NAMES[after], "grade": str(grade)}
    if rule is None:
        in_table = after in case.plan.grade_tables_not_found
        if grade <= UP_TO_RESOLVED:
            sentence = "table_row_waits" if in_table else "no_row_waits"
            return Asked(criterion=_criterion(after, Standing.MET, sentence, CONVENTION, **values))
        sentence = "grade_table_unknown" if in_table else "no_row"
        return Asked(criterion=_criterion(after, Standing.UNKNOWN, sentence, **values))
    values["rule"], source = rule.text, case.source(rule.source)
    match rule.outcome:
        case Outcome.STOP:
            return Asked(criterion=_criterion(after, Standing.NOT_MET, "rule_stops", source, **values), stops=True)
        case Outcome.UNKNOWN:
            return Asked(criterion=_criterion(after, Standing.UNKNOWN, "rule_unknown", source, **values))
        case Outcome.REPEAT_STEP:
            again = case.last_step
            assert again is not None
            values["step"] = again.label
            return Asked(criterion=_criterion(after, Standing.MET, "rule_repeats", source, **values), goes_to=again)
        case Outcome.RESTART:
            assert rule.step is not None  # the library's checks hold it
            start = case.plan.step(rule.step)
            values["step"] = start.label
            due = _criterion(after, Standing.MET, "rule_restarts", source, **values)
            return Asked(criterion=due, goes_to=start, restarts=True)
    return Asked(criterion=_criterion(after, Standing.MET, "rule_waits", source, **values))


def _criterion(after: After, state: Standing, sentence: str, source: str = "", **values: str) -> Criterion:
    return Criterion(code=f"{after.value}_grade_rule", state=state, sentence=sentence, values=values, source=source)


def resolved_hours(case: Case, after: After, slot: PlannedStep | None) -> set[Decimal]:
    """Hours without signs that may be asked for before the next dose; 0 where only "resolved" is. One: that is it."""
    return {
        max((r.resolved_h for r in rules if r.resolved_h is not None), default=Decimal(0))
        for variant in case.variants
        for rules in _counting(case, after, slot, variant)
    }


def waiting_rules(case: Case, after: After, slot: PlannedStep | None) -> list[GradeRule]:
    """The rules that may apply to this event before `slot`: of the regions and grades that are possible alone."""
    ways = (rules for variant in case.variants for rules in _counting(case, after, slot, variant))
    return _once(ways)


def longer_rules(case: Case, step: PlannedStep) -> list[GradeRule]:
    """The rules of earlier grades that may ask for hours in hospital with `step`."""
    ways = (rules for after in After for variant in case.variants for rules in _counting(case, after, step, variant))
    return [rule for rule in _once(ways) if rule.inpatient_h is not None]


def _once(ways: Iterable[list[GradeRule]]) -> list[GradeRule]:
    return list(dict.fromkeys(rule for rules in ways for rule in rules))


def inpatient_after(case: Case, step: PlannedStep, variant: str | None) -> set[Decimal | None]:
    """Hours in hospital that earlier grades may ask for with `step`. {None}: none. Several: it is not known which."""
    return {
        max((h for h in (crs, icans) if h is not None), default=None)
        for crs in _hours(case, After.CRS, step, variant)
        for icans in _hours(case, After.ICANS, step, variant)
    }


def _hours(case: Case, after: After, step: PlannedStep, variant: str | None) -> set[Decimal | None]:
    return {
        max((r.inpatient_h for r in rules if r.inpatient_h is not None), default=None)
        for rules in _counting(case, after, step, variant)
    }


def _counting(case: Case, after: After, step: PlannedStep | None, variant: str | None) -> Iterator[list[GradeRule]]:
    """The rule that decides and those that only add hours, in every way the case leaves open."""
    for grade in _grades(case, after):
        for recurrent in _recurrences(case, after):
            rules = _matching(case, after, grade, variant, recurrent, step)
            deciding = _decides(rules)
            yield [rule for rule in rules if rule is deciding or _only_adds(rule)]


# --- Which rules apply --------------------------------------------------------------------------------------


def _deciding(case: Case, after: After, grade: int, slot: PlannedStep | None) -> list[GradeRule | None]:
    """The rule that decides, in every way the case leaves open."""
    return [
        _decides(_matching(case, after, grade, variant, recurrent, slot))
        for variant in case.variants
        for recurrent in _recurrences(case, after)
    ]


def _grades(case: Case, after: After) -> Iterable[int]:
    grade = grade_after(case, after)
    return range(HIGHEST + 1) if grade is None else (grade,)


def _recurrences(case: Case, after: After) -> tuple[bool, ...]:
    """Whether it is a recurrence. Of ICANS a case does not tell."""
    events = case.state.grade3_plus_crs_events
    if after is After.CRS and events is not None:
        return (events >= RECURRENT,)
    return (False, True)


def _matching(
    case: Case, after: After, grade: int, variant: str | None, recurrent: bool, step: PlannedStep | None
) -> list[GradeRule]:
    return [
        rule
        for rule in case.plan.grade_rules
        if rule.after is after
        and rule.from_grade <= grade <= rule.to_grade
        and (recurrent or not rule.recurrent)
        and (not rule.variants or variant in rule.variants)
        and (not rule.next_steps or (step is not None and step.label in rule.next_steps))
    ]


def _only_adds(rule: GradeRule) -> bool:
    """A region's rule, or one for certain steps, that waits until resolved adds hours and decides nothing else."""
    return bool(rule.variants or rule.next_steps) and rule.outcome is Outcome.WHEN_RESOLVED


def _decides(rules: list[GradeRule]) -> GradeRule | None:
    """The most specific one: of a recurrence, then of fewer grades, then of a region."""
    deciding = [rule for rule in rules if not _only_adds(rule)]
    return max(
        deciding,
        key=lambda r: (r.recurrent, r.from_grade - r.to_grade, bool(r.variants), STRICTNESS.index(r.outcome)),
        default=None,
    )  # fmt: skip
