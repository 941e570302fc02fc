"""What happens to one simulated participant: doses, CRS, sets, drugs. Pure and told by a seed alone.

Times are whole minutes since the first dose; doses lie whole days apart, so that days are calendar days too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from grading.simulation.assumed import MINUTES_PER_DAY, MINUTES_PER_HOUR, RESOLUTION_H, Assumed
from grading.simulation.rates import Rate
from grading.simulation.shown import has_fever, support_grade
from grading.simulation.vitals import Event, Vitals, in_part, vitals_at
from regimens.rules.dose import cohort_of, dose_for
from regimens.rules.gate.answer import Standing
from regimens.rules.gate.case import Case, Given
from regimens.rules.gate.steps import delay, planned_days, planned_next
from regimens.rules.plan import Plan, PlannedStep

MOST_DOSES = 60  # a participant who restarts for ever
BEFORE_DOSE_MIN = 30  # the last set of a period
ANTIPYRETIC_MG, DEXAMETHASONE_MG = Decimal(1000), Decimal(10)
TOCILIZUMAB_MG_PER_KG, TOCILIZUMAB_CAP_MG = 8, Decimal(800)  # grading/policies/library/default.yaml, with its source


class CannotTell(ValueError):
    """The plan lacks a number without which nothing can be simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDose:
    """A dose that was given. `days_late`: beyond the planned day. `event` None: no CRS followed it.

    `restarted`: the restart table sent it back. `undecided`: no row says what follows such a delay, and it was given
    as planned. `amount` in `unit`, for `weight_kg`. `watched_until`: the last due set. `stopped_min`: after so long the
    infusion was stopped, and `had` of the amount had run in. None of both: it ran to its end.
    """

    step: PlannedStep
    at: int
    weight_kg: Decimal
    amount: Decimal
    unit: str
    days_late: int
    restarted: bool
    undecided: bool
    event: Event | None
    watched_until: int
    stopped_min: int | None = None
    had: Decimal | None = None

    @property
    def infusion_min(self) -> int | None:
        """How long it is planned to run. None: it is no infusion, or one of a rate that another step goes on with."""
        hours = self.step.infusion_h
        return None if hours is None or self.step.rate_segment else int(hours * MINUTES_PER_HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """One assessment: ICE 10, or 8 where it is not `clear`. Not `done`: the ICE was not, and why is told."""

    at: int
    clear: bool
    done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    at: int
    drug: str
    drug_class: str
    dose_mg: Decimal
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`sets` and `neuro` were taken; `missed` sets, as they would have been.

    `whole`: the sets that were taken, with nothing left out.
    """

    doses: tuple[SimulatedDose, ...]
    sets: tuple[Vitals, ...]
    whole: tuple[Vitals, ...]
    missed: tuple[Vitals, ...]
    neuro: tuple[Mind, ...]
    drugs: tuple[Drug, ...]

    @property
    def engager(self) -> tuple[SimulatedDose, ...]:
        """The doses that open a period: no pretreatment among them."""
        return tuple(dose for dose in self.doses if dose.step.opens_period)


def tell(
    plan: Plan, *, variant: str, rates: Mapping[str, Rate], assumed: Assumed, seed: int, participant: int,
    cohort: str = "",
) -> Story:  # fmt: skip
    """The story of this participant: the same for the same arguments. `variant` empty: no region's label is followed.

    `cohort` empty: in none of the plan's.
    Raises CannotTell.
    """
    rng = Random(f"{seed}/{participant}")  # noqa: S311 - a story, and no secret
    # Of its own, so that the same seed tells the same story whatever is left out of its sets.
    parts = Random(f"{seed}/{participant}/parts")  # noqa: S311
    stops = Random(f"{seed}/{participant}/stops")  # noqa: S311
    doses = tuple(_infused(dose, assumed, stops) for dose in _doses(plan, variant, rates, assumed, rng, cohort))
    sets: list[Vitals] = []
    whole: list[Vitals] = []
    missed: list[Vitals] = []
    neuro: list[Mind] = []
    drugs: list[Drug] = []
    for place, dose in enumerate(doses):
        following = doses[place + 1].at if place + 1 < len(doses) else None
        came: list[Vitals] = []
        for at in _due(dose, assumed.vitals_every_h, following, assumed, rng):
            seen = vitals_at(at, dose.event, rng)
            (missed if _happens(rng, assumed.missing_percent) else came).append(seen)
        for at in _due(dose, assumed.neuro_every_h, following, assumed, rng):
            dull = dose.event is not None and dose.event.neurotoxic and dose.event.third(at) == 1
            if not _happens(rng, assumed.missing_percent):
                done = not _happens(parts, assumed.partial_percent)
                neuro.append(Mind(at=at + 1, clear=not dull, done=done))
        taken = [in_part(seen, parts) if _happens(parts, assumed.partial_percent) else seen for seen in came]
        sets += taken
        whole += came
        drugs += answers(dose, taken)
    return Story(
        doses=doses, sets=tuple(sets), whole=tuple(whole), missed=tuple(missed), neuro=tuple(neuro), drugs=tuple(drugs)
    )


def _happens(rng: Random, percent: Decimal) -> bool:
    return rng.randrange(10_000) < percent * 100  # to a hundredth of a percent, 0 never and 100 always


# --- Doses ----------------------------------------------------------------------------------------------------


def _doses(
    plan: Plan, variant: str, rates: Mapping[str, Rate], assumed: Assumed, rng: Random, cohort: str
) -> Iterator[SimulatedDose]:
    weight = Decimal(rng.randint(*(10 * kg for kg in assumed.weight_kg))) / 10
    given: list[Given] = []
    step, at = plan.steps[0], 0
    late, restarted, undecided = 0, False, False
    while True:
        given.append(Given(step=step.label, t_hours=Decimal(at) / MINUTES_PER_HOUR))
        slot = _slot(plan, given, variant, assumed)
        days = None if slot is None else _days(_case(plan, given, variant, at), slot)
        event = _event(step, rates, at, days, assumed, rng)
        amount = dose_for(plan, step.label, weight_kg=weight, cohort=cohort_of(plan, cohort))
        if amount.amount is None:
            raise CannotTell(f"{plan.id}: no amount can be said for {step.label!r} ({amount.because})")
        watched = at + max(assumed.watched_h, _window_h(plan, step, variant)) * MINUTES_PER_HOUR
        yield SimulatedDose(
            step=step, at=at, weight_kg=weight, amount=amount.amount, unit=amount.unit, days_late=late,
            restarted=restarted, undecided=undecided, event=event,
            watched_until=watched if event is None else max(watched, _known_over(event, assumed)),
        )  # fmt: skip
        if slot is None or days is None or (event is not None and event.peak >= assumed.stop_from_grade):
            return
        wait = days + (rng.randint(*assumed.delay_d) if _happens(rng, assumed.delayed_percent) else 0)
        if event is not None:  # nobody is dosed before CRS is known to be over
            wait = max(wait, -(-(_known_over(event, assumed) - at) // MINUTES_PER_DAY))
        at, late = at + wait * MINUTES_PER_DAY, wait - days
        table = delay(_case(plan, given, variant, at), slot)
        restart = None if table is None else table.restart
        restarted = restart is not None
        undecided = table is not None and table.criterion.state is Standing.UNKNOWN
        step = restart or slot
        weight += Decimal(rng.randint(-10, 10)) / 10


def _infused(dose: SimulatedDose, assumed: Assumed, rng: Random) -> SimulatedDose:
    """The same dose, or its infusion stopped in the middle half of its time: what had run in by then was given."""
    whole = dose.infusion_min
    if whole is None or not _happens(rng, assumed.interrupted_percent):
        return dose
    minutes = rng.randint(whole // 4, 3 * whole // 4)
    return replace(dose, stopped_min=minutes, had=(dose.amount * minutes / whole).quantize(Decimal("0.0001")))


def _case(plan: Plan, given: list[Given], variant: str, at: int) -> Case:
    hours = Decimal(at) / MINUTES_PER_HOUR
    return Case(plan=plan, variant=variant or None, now_h=hours, doses=tuple(given))


def _slot(plan: Plan, given: list[Given], variant: str, assumed: Assumed) -> PlannedStep | None:
    """The step planned next. None: it was the last dose."""
    case = _case(plan, given, variant, int(given[-1].t_hours * MINUTES_PER_HOUR))
    slot = planned_next(case)
    if slot is None or len(given) >= MOST_DOSES:
        return None
    # The step that is over too: one of two doses, of two that are told, goes on to no further step.
    last = plan.step(given[-1].step)
    counts = (sum(dose.step == step.label for dose in given) for step in (slot, last) if step.repeats)
    return None if any(times >= assumed.repeats for times in counts) else slot


def _days(case: Case, slot: PlannedStep) -> int | None:
    """None: no source says how many days lie before it, and the story ends; at the first dose none can be told."""
    days = planned_days(case, slot, case.variant)
    if days is None and len(case.doses) == 1:
        raise CannotTell(f"{case.plan.id}: nothing says how many days lie before {slot.label!r}")
    return days


def _window_h(plan: Plan, step: PlannedStep, variant: str) -> int:
    windows = plan.variant(variant).observations if variant else ()
    return int(max((one.hours for one in windows if step.label in one.steps and one.hours), default=Decimal(0)))


# --- CRS ------------------------------------------------------------------------------------------------------


def _event(
    step: PlannedStep, rates: Mapping[str, Rate], at: int, days: int | None, assumed: Assumed, rng: Random
) -> Event | None:
    """What follows a dose. Its first sets lie before the next planned dose, so that it is of this one."""
    if not step.opens_period or not _happens(rng, rates[step.label].percent):
        return None
    first, latest = (hours * MINUTES_PER_HOUR for hours in assumed.onset_h)
    if days is not None:
        latest = min(latest, days * MINUTES_PER_DAY - 3 * assumed.vitals_every_h * MINUTES_PER_HOUR)
    onset = at + rng.randint(min(first, latest), latest)
    grades, weights = zip(*assumed.grades, strict=True)
    return Event(
        onset=onset,
        end=onset + rng.randint(*(hours * MINUTES_PER_HOUR for hours in assumed.duration_h)),
        peak=rng.choices(grades, weights)[0],
        by=rng.choice(("pressure", "oxygen", "both")),
        neurotoxic=_happens(rng, assumed.neurotoxic_percent),
    )


def _known_over(event: Event, assumed: Assumed) -> int:
    """When a day of sets without a sign has been taken, if none of them is missed."""
    return event.end + (RESOLUTION_H + 2 * assumed.vitals_every_h + 1) * MINUTES_PER_HOUR


# --- Looks and drugs ------------------------------------------------------------------------------------------


def _due(dose: SimulatedDose, every_h: int, following: int | None, assumed: Assumed, rng: Random) -> Iterator[int]:
    """When somebody comes, or should: every so often from the dose until it is watched no longer."""
    last = dose.watched_until if following is None else min(dose.watched_until, following - 2 * BEFORE_DOSE_MIN)
    for due in range(dose.at + every_h * MINUTES_PER_HOUR, last + 1, every_h * MINUTES_PER_HOUR):
        yield due + rng.randint(-assumed.jitter_min, assumed.jitter_min)


def answers(dose: SimulatedDose, taken: list[Vitals]) -> Iterator[Drug]:
    """The drugs that what was seen is answered with: each once an event, half an hour later; nothing unseen is."""
    fevers = [seen.at for seen in taken if has_fever(seen)]
    if not fevers:
        return
    worse = {grade: [seen.at for seen in taken if support_grade(seen) >= grade] for grade in (2, 3)}
    yield Drug(at=fevers[0] + 20, drug="paracetamol", drug_class="antipyretic", dose_mg=ANTIPYRETIC_MG, route="oral")
    if worse[2]:
        amount = min(TOCILIZUMAB_MG_PER_KG * dose.weight_kg, TOCILIZUMAB_CAP_MG)
        yield Drug(at=worse[2][0] + 30, drug="tocilizumab", drug_class="anticytokine", dose_mg=amount, route="iv")
    if worse[3]:
        at, mg = worse[3][0] + 40, DEXAMETHASONE_MG
        yield Drug(at=at, drug="dexamethasone", drug_class="corticosteroid", dose_mg=mg, route="iv")
