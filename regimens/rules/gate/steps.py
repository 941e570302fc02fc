"""Which step is next: as planned, or as the restart table has it after a delay."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from regimens.rules.gate.answer import Criterion, Standing
from regimens.rules.gate.case import Case
from regimens.rules.plan import PlannedStep, RestartRow

SLACK_D = 1  # contract: days a planned dose may wait where the regimen does not say
TABLE, TABLE_UNKNOWN, ROW_UNKNOWN = "restart_table", "restart_table_unknown", "restart_row_unknown"


def planned_next(case: Case) -> PlannedStep | None:
    """The step after the last dose. None: the plan has none, or only one that a person must say applies.

    A repeated step follows itself, `times` in a row where the plan says how often.
    """
    last, steps = case.last_step, case.plan.steps
    if last is None:
        return steps[0]
    if last.repeats and (last.times is None or _in_a_row(case, last) < last.times):
        return last
    following = next((step for step in steps if step.position > last.position), None)
    if following is None or following.condition is None:
        return following
    return last if last.repeats else None


def _in_a_row(case: Case, step: PlannedStep) -> int:
    """How often in a row the newest doses were of this step."""
    return len(list(takewhile(lambda dose: dose.step == step.label, reversed(case.doses))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """What a delay asks for. `restart` None: no restart is due. `resume`: an infusion that was stopped goes on."""

    criterion: Criterion
    restart: PlannedStep | None = None
    resume: PlannedStep | None = None


def delay(case: Case, slot: PlannedStep | None) -> Delay | None:
    """The days since the last dose, or since its infusion was stopped, against the restart table.

    `slot` is the step planned next. None: no dose yet.
    """
    plan = case.plan
    if case.last is None:
        return None
    since_h = case.last.t_hours
    if plan.restart_from_interruption:
        if case.stopped_h is None:
            return _within_slack(case, slot, TABLE_UNKNOWN, beyond="since_interruption")
        since_h = case.stopped_h
    if plan.restart is None:
        return _within_slack(case, slot, TABLE_UNKNOWN)
    days, rows = case.days_since(since_h), [row for row in plan.restart if case.last.step in row.last]
    for row in rows:
        if row.from_d <= days and (row.to_d is None or days <= row.to_d):
            if not row.known and _in_time(case, slot):
                return _within_slack(case, slot, ROW_UNKNOWN)  # what was not found speaks of a delay, and there is none
            return _by_row(case, row, slot, since_h=since_h)
    if rows and days < min(row.from_d for row in rows):
        before = Criterion(
            code=TABLE, state=Standing.MET, sentence="before_the_table", source=case.source(rows[0].source),
            values={"days": str(days), "from": str(min(row.from_d for row in rows))},
        )  # fmt: skip
        return Delay(criterion=before)
    return _within_slack(case, slot, ROW_UNKNOWN)


def _by_row(case: Case, row: RestartRow, slot: PlannedStep | None, *, since_h: Decimal) -> Delay:
    source, values = (
        case.source(row.source),
        _delayed(case, slot) | {"days": str(case.days_since(since_h)), "row": row.text},
    )
    clock = "stop" if case.plan.restart_from_interruption else "row"
    if not row.known:
        row_unknown = Criterion(
            code=ROW_UNKNOWN, state=Standing.UNKNOWN, sentence="row_unknown", values=values, source=source
        )  # fmt: skip
        return Delay(criterion=row_unknown)
    if row.restart_at is None:
        goes_on = Criterion(code=TABLE, state=Standing.MET, sentence=f"{clock}_goes_on", values=values, source=source)
        return Delay(criterion=goes_on, resume=_unfinished(case, slot))
    due = Criterion(
        code=TABLE, state=Standing.MET, sentence=f"{clock}_restarts", values=values | {"step": row.restart_at},
        source=source, from_h=case.midnight_h(row.from_d, since_h=since_h),
    )  # fmt: skip
    return Delay(criterion=due, restart=case.plan.step(row.restart_at))


def _unfinished(case: Case, slot: PlannedStep | None) -> PlannedStep | None:
    """The step whose infusion was stopped before the day on which `slot` is planned. None: it ran as planned."""
    planned = None if slot is None else planned_days(case, slot, case.variant)
    if case.last is None or case.stopped_h is None or planned is None:
        return None
    ran = (case.date_at(case.stopped_h) - case.date_at(case.last.t_hours)).days
    return case.last_step if ran < planned else None


def _within_slack(case: Case, slot: PlannedStep | None, code: str, *, beyond: str = "") -> Delay:
    """Nothing says what follows a delay: met while there is none, and unknown `beyond`."""
    days, limit = case.days_since_last, latest_days(case, slot)
    values = _delayed(case, slot) | {"days": str(days), "limit": str(limit)}
    if limit is None:
        sentence, state = "interruption_unknown" if beyond else "delay_unknown", Standing.UNKNOWN
    elif _in_time(case, slot):
        sentence, state = "within_slack", Standing.MET
    else:
        sentence, state = beyond or code, Standing.UNKNOWN
    source = "" if slot is None else case.source(slot.interval.source)
    return Delay(criterion=Criterion(code=code, state=state, sentence=sentence, values=values, source=source))


def _delayed(case: Case, slot: PlannedStep | None) -> dict[str, str]:
    """What a delay is between."""
    return {"last": "" if case.last is None else case.last.step, "step": "–" if slot is None else slot.label}


def _in_time(case: Case, slot: PlannedStep | None) -> bool:
    """Whether it is known that `slot` is no delay on this day."""
    days, limit = case.days_since_last, latest_days(case, slot)
    return days is not None and limit is not None and days <= limit


def latest_days(case: Case, slot: PlannedStep | None) -> int | None:
    """Days after the last dose on which `slot` is still in time: the regimen's own, or the planned day and a day more.

    None: neither is known. Where regions print different days and it is not known which one is followed, the earliest.
    """
    if slot is None:
        return None
    if slot.interval.latest_d is not None:
        return slot.interval.latest_d
    planned = [planned_days(case, slot, variant) for variant in case.variants]
    known = [days for days in planned if days is not None]
    return min(known) + SLACK_D if len(known) == len(planned) else None


def planned_days(case: Case, slot: PlannedStep, variant: str | None) -> int | None:
    """Planned days from the last dose to `slot`, as this region's label prints them. None: not known."""
    last = case.last_step
    before = None if last is None else case.plan.day_of(last, variant)
    if slot.cycles:
        return _by_cycles(case, slot, before)
    if last is not None and slot.position > last.position:
        then = case.plan.day_of(slot, variant)
        if before is not None and then is not None:
            return then - before
    return slot.interval.planned_d


def _by_cycles(case: Case, slot: PlannedStep, day_of_last: int | None) -> int | None:
    """By the printed days of cycles: which dose it is, is how often in a row the step was given."""
    given = _in_a_row(case, slot)
    then = slot.printed(given)
    before = slot.printed(given - 1) if given else None if day_of_last is None else (1, day_of_last)
    return None if before is None or then is None else case.plan.days_between(before, then)
