"""What the grades after the last dose ask of the next one.

Where the case leaves open which rule applies (a region, an earlier event), every answer it could have is made, and
only what they agree on is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from regimens.rules.gate.answer import Criterion, Standing
from regimens.rules.gate.case import Case
from regimens.rules.plan import After, GradeRule, Outcome, PlannedStep

RECURRENT = 2  # events of grade 3 or more: the second one is a recurrence
HIGHEST = 5
UP_TO_RESOLVED = 2  # convention G5: grades 1 and 2 without a row wait until resolved
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
    possible = {_effect(case, after, rule, grade): rule for rule in _deciding(case, after, grade, slot)}
    if len(possible) > 1:
        rules = "; ".join(sorted({rule.text for rule in possible.values() if rule is not None}))
        return Asked(
            criterion=_criterion(after, Standing.UNKNOWN, "rule_open", name=name, grade=str(grade), rule=rules)
        )
    return _by_rule(case, after, grade, next(iter(possible.values())))


def _effect(case: Case, after: After, rule: GradeRule | None, grade: int) -> tuple[Outcome, str | None]:
    """What two rules must share to come to the same."""
    if rule is None:
        return (Outcome.WHEN_RESOLVED if _waits(case, after, grade) else Outcome.UNKNOWN), None
    return rule.outcome, rule.step


def _waits(case: Case, after: After, grade: int) -> bool:
    """Without a row a low grade waits until resolved (G5), unless the label has a table that was not found."""
    return grade <= UP_TO_RESOLVED and after not in case.plan.grade_tables_not_found


def _by_rule(case: Case, after: After, grade: int, rule: GradeRule | None) -> Asked:
    told = {"name": NAMES[after], "grade": str(grade)}
    if rule is None:
        if _waits(case, after, grade):
            return Asked(criterion=_criterion(after, Standing.MET, "no_row_waits", CONVENTION, **told))
        said = "grade_table_unknown" if after in case.plan.grade_tables_not_found else "no_row"
        return Asked(criterion=_criterion(after, Standing.UNKNOWN, said, **told))
    told["rule"], source = rule.text, case.source(rule.source)
    match rule.outcome:
        case Outcome.STOP:
            return Asked(criterion=_criterion(after, Standing.NOT_MET, "rule_stops", source, **told), stops=True)
        case Outcome.UNKNOWN:
            return Asked(criterion=_criterion(after, Standing.UNKNOWN, "rule_unknown", source, **told))
        case Outcome.REPEAT_STEP:
            again = case.last_step
            assert again is not None
            told["step"] = again.label
            return Asked(criterion=_criterion(after, Standing.MET, "rule_repeats", source, **told), goes_to=again)
        case Outcome.RESTART:
            start = case.plan.step(rule.step) if rule.step is not None else case.plan.steps[0]
            told["step"] = start.label
            due = _criterion(after, Standing.MET, "rule_restarts", source, **told)
            return Asked(criterion=due, goes_to=start, restarts=True)
    return Asked(criterion=_criterion(after, Standing.MET, "rule_waits", source, **told))


def _criterion(after: After, state: Standing, said: str, source: str = "", **values: str) -> Criterion:
    return Criterion(code=f"{after.value}_grade_rule", state=state, said=said, values=values, source=source)


def resolved_hours(case: Case, after: After, slot: PlannedStep | None) -> set[Decimal]:
    """Hours without signs that may be asked for before the next dose; 0 where only "resolved" is. One: that is it."""
    asked = set()
    for grade in _grades(case, after):
        for variant in case.variants:
            for recurrent in _recurrences(case, after):
                rules = _matching(case, after, grade, variant, recurrent, slot)
                deciding = _decides(rules)
                hours = [r.resolved_h for r in rules if r is deciding or _only_adds(r)]
                asked.add(max((h for h in hours if h is not None), default=Decimal(0)))
    return asked


def inpatient_after(case: Case, step: PlannedStep, variant: str | None) -> set[Decimal | None]:
    """Hours in hospital that earlier grades may ask for with `step`. {None}: none. Several: it is not known which."""
    return {
        max((h for h in (crs, icans) if h is not None), default=None)
        for crs in _hours(case, After.CRS, step, variant)
        for icans in _hours(case, After.ICANS, step, variant)
    }


def _hours(case: Case, after: After, step: PlannedStep, variant: str | None) -> set[Decimal | None]:
    found: set[Decimal | None] = set()
    for grade in _grades(case, after):
        for recurrent in _recurrences(case, after):
            rules = _matching(case, after, grade, variant, recurrent, step)
            deciding = _decides(rules)
            hours = [r.inpatient_h for r in rules if r is deciding or _only_adds(r)]
            found.add(max((h for h in hours if h is not None), default=None))
    return found


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
