"""Every other criterion, each a question of its own about one case."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from regimens.rules.gate.answer import Criterion, Standing, plain
from regimens.rules.gate.case import Case
from regimens.rules.gate.grades import NAMES, grade_after, resolved_hours, waiting_rules
from regimens.rules.gate.steps import planned_days
from regimens.rules.plan import After, Observation, ObservationClock, PlannedStep

CONVENTION = "convention {}, docs/conventions.md"
MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN, Standing.NOT_APPLICABLE


def minimum_interval(case: Case, slot: PlannedStep | None, *, restarts: bool, resumes: bool = False) -> Criterion:
    """Calendar days since the last dose. `slot`: the step whose turn it is, as planned.

    Without a printed minimum the planned day is one (convention G17): whether a day before would do is not known.
    `resumes`: an infusion that was stopped goes on.
    """
    days = case.days_since_last
    sentence = "first_dose" if days is None else "restart_says" if restarts else "resume_says" if resumes else ""
    if days is None or slot is None or sentence:
        return Criterion(code="minimum_interval", state=NOT_APPLICABLE, sentence=sentence or "no_step", source="")
    source, values = case.source(slot.interval.source), {"days": str(days), "step": slot.label}
    printed = slot.interval.min_d
    if printed is None and case.last is not None and slot.split_with == case.last.step:
        printed = slot.interval.planned_d  # the second half is given on the printed day, never earlier
    least = _planned(case, slot) if printed is None else printed
    if least is None:
        return Criterion(
            code="minimum_interval", state=UNKNOWN, sentence="interval_unknown", values=values, source=source
        )
    if printed is None:
        state, sentence = (MET, "interval_planned") if days >= least else (UNKNOWN, "before_planned")
    else:
        state, sentence = (MET, "interval_met") if days >= least else (NOT_MET, "interval_short")
    return Criterion(
        code="minimum_interval", state=state, sentence=sentence, values=values | {"least": str(least)}, source=source,
        from_h=case.midnight_h(least),
    )  # fmt: skip


def _planned(case: Case, slot: PlannedStep) -> int | None:
    """Planned days to `slot`; of regions that print different ones, where it is not known which, the latest."""
    planned = [planned_days(case, slot, variant) for variant in case.variants]
    known = [days for days in planned if days is not None]
    return max(known) if len(known) == len(planned) else None


# --- The observation window of the last dose ------------------------------------------------------------------


def observations_of(case: Case, label: str, variant: str | None) -> tuple[Observation, ...]:
    """What this region's label asks for after `label`; a KeyError where the plan says nothing of the region."""
    labelled = next((v for v in case.plan.variants if v.code == variant), None)
    if labelled is None or not labelled.observations:
        raise KeyError(variant)
    return tuple(one for one in labelled.observations if label in one.steps)


def longest(windows: Iterable[Observation]) -> Observation | None:
    """The one that ends last; one whose length is not known before all others. None: there is none."""
    return max(windows, key=lambda one: (one.hours is None, one.hours or Decimal(0)), default=None)


def window_complete(case: Case) -> Criterion:
    """Whether the observation after the last dose was seen through."""
    if case.last is None:
        return _window(NOT_APPLICABLE, "first_dose")
    if case.last_step is not None and not case.last_step.opens_period:
        return _window(NOT_APPLICABLE, "no_window", step=case.last.step)  # no T-cell engager: nothing to look out for
    codes = ", ".join(v.code for v in case.plan.variants if v.observations)
    try:
        longest_of_each = [longest(observations_of(case, case.last.step, variant)) for variant in case.variants]
    except KeyError:
        sentence = "no_windows" if not codes else "variants_differ" if case.variant is None else "no_variant"
        every = ", ".join(v.code for v in case.plan.variants) if sentence == "variants_differ" else codes
        return _window(UNKNOWN, sentence, variant=case.variant or "", variants=every, step=case.last.step)
    lengths = {Decimal(0) if one is None else one.hours for one in longest_of_each}
    if len(lengths) > 1:
        return _window(UNKNOWN, "variants_differ", step=case.last.step, variants=codes)
    window = next((one for one in longest_of_each if one is not None), None)
    if window is None or window.hours == 0:
        return _window(NOT_APPLICABLE, "no_window", step=case.last.step)
    source = case.source(window.source)
    if window.hours is None:
        return _window(UNKNOWN, "window_length_unknown", source, step=case.last.step, rule=window.text)
    hours, complete = plain(window.hours), case.state.window_complete
    if complete is None:
        return _window(UNKNOWN, "window_unknown", source, hours=hours, rule=window.text)
    ends = max(_end(case, one) for one in longest_of_each if one is not None)
    if complete:  # and so over by now, whatever its planned infusion time
        return _window(MET, "window_met", source, from_h=min(ends, case.now_h), hours=hours, rule=window.text)
    to_come = ends > case.now_h
    sentence = "window_runs" if to_come else "window_missed"
    return _window(NOT_MET, sentence, source, from_h=ends if to_come else None, hours=hours, rule=window.text)


def _end(case: Case, window: Observation) -> Decimal:
    assert case.last is not None
    assert case.last_step is not None
    assert window.hours is not None
    infusion = case.last_step.infusion_h if window.clock is ObservationClock.INFUSION_END else None
    return case.last.t_hours + (infusion or 0) + window.hours


def _window(
    state: Standing, sentence: str, source: str = "", from_h: Decimal | None = None, **values: str
) -> Criterion:
    return Criterion(
        code="window_complete", state=state, sentence=sentence, values=values, source=source, from_h=from_h
    )  # fmt: skip


# --- Events ---------------------------------------------------------------------------------------------------


def resolved(case: Case, after: After, slot: PlannedStep | None) -> Criterion:
    """No open event, and for as long as a grade rule asks."""
    state, name = case.state, NAMES[after]
    is_open = state.crs_open if after is After.CRS else state.icans_open
    since = state.hours_since_crs_resolved if after is After.CRS else state.hours_since_icans_resolved
    if is_open is None:
        return _resolved(after, UNKNOWN, "open_unknown")
    if is_open:
        return _resolved(after, NOT_MET, "open")
    hours_asked = resolved_hours(case, after, slot) if grade_after(case, after) != 0 else {Decimal(0)}
    most = max(hours_asked)
    if most == 0:
        return _resolved(after, MET, "not_open")
    hours = plain(most)
    if since is None:
        return _resolved(after, UNKNOWN, "resolved_unknown", hours=hours)
    if since < most and len(hours_asked) > 1:
        grade = str(grade_after(case, after) or "?")
        return _resolved(after, UNKNOWN, "resolved_open", since=plain(since), hours=hours, grade=grade)
    sentence, standing = ("resolved_met", MET) if since >= most else ("resolved_short", NOT_MET)
    rules = waiting_rules(case, after, slot)
    source = "; ".join(dict.fromkeys(case.source(rule.source) for rule in rules if rule.resolved_h == most))
    return Criterion(
        code=f"{after.value}_resolved", state=standing, sentence=sentence, source=source,
        from_h=case.now_h + most - since, values={"name": name, "since": plain(since), "hours": hours},
    )  # fmt: skip


def _resolved(after: After, state: Standing, sentence: str, **values: str) -> Criterion:
    source = CONVENTION.format("G1")
    return Criterion(
        code=f"{after.value}_resolved", state=state, sentence=sentence, source=source,
        values={"name": NAMES[after]} | values,
    )  # fmt: skip


# --- What is asked whatever the regimen ------------------------------------------------------------------------


def ice_at_baseline(case: Case) -> Criterion:
    return _yes_or_no("ice_at_baseline", case.state.ice_at_baseline, wanted=True, row="G2")


def active_infection(case: Case) -> Criterion:
    return _yes_or_no("active_infection", case.state.active_infection, wanted=False, row="G3")


def _yes_or_no(code: str, answer: bool | None, *, wanted: bool, row: str) -> Criterion:
    state = UNKNOWN if answer is None else MET if answer is wanted else NOT_MET
    return Criterion(code=code, state=state, sentence=f"{code}_{state.value}", source=CONVENTION.format(row))


# --- What only some regimens ask -------------------------------------------------------------------------------


def tocilizumab_on_site(case: Case, step: PlannedStep | None) -> Criterion:
    """Doses that must be there before `step`, the one to be given."""
    code, rule, there = "tocilizumab_on_site", case.plan.on_site, case.state.tocilizumab_on_site
    elsewhere = rule is not None and rule.variants and not set(rule.variants) & set(case.variants)
    if rule is None or elsewhere or step is None or step.label not in rule.steps:
        return Criterion(code=code, state=NOT_APPLICABLE, sentence="not_asked", source="")
    values, source = {"doses": str(rule.doses), "there": str(there), "rule": rule.text}, case.source(rule.source)
    if there is None:
        return Criterion(code=code, state=UNKNOWN, sentence="on_site_unknown", values=values, source=source)
    state = MET if there >= rule.doses else NOT_MET
    return Criterion(code=code, state=state, sentence="on_site", values=values, source=source)


def washouts(case: Case) -> Iterator[Criterion]:
    """Hours since an anticytokine or a steroid was given as treatment."""
    rule, state = case.plan.washout, case.state
    tocilizumab_h, steroid_h = (None, None) if rule is None else (rule.tocilizumab_h, rule.steroid_h)
    drugs = (
        ("tocilizumab_washout", tocilizumab_h, state.hours_since_tocilizumab),
        ("steroid_washout", steroid_h, state.hours_since_steroid_treatment),
    )
    for code, least, since in drugs:
        if rule is None or least is None:
            yield Criterion(code=code, state=NOT_APPLICABLE, sentence="not_asked", source="")
            continue
        values, source = {"hours": plain(least), "since": plain(since)}, case.source(rule.source)
        if since is None:
            yield Criterion(code=code, state=UNKNOWN, sentence=f"{code}_unknown", values=values, source=source)
            continue
        yield Criterion(
            code=code, state=MET if since >= least else NOT_MET, sentence=code, values=values, source=source,
            from_h=case.now_h + least - since,
        )  # fmt: skip


def never_asked() -> Iterator[Criterion]:
    """What a case may tell and no regimen's rules use."""
    for code in ("indeterminate_sets", "longest_grade3_plus_h"):
        yield Criterion(code=code, state=NOT_APPLICABLE, sentence="not_asked", source="")
