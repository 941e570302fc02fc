"""The gate's case from the facts and the projection. What nobody recorded is None."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from grading.course.record import readings
from grading.models import DosePeriod, Episode, Grade, NeuroAssessment, Treatment
from grading.models.observations import DrugClass
from grading.review.selectors.assessments import Ledgers, ledgers_of
from grading.rules.grades.graded import INDETERMINATE
from grading.rules.treatment.indication import holds_next_dose
from regimens.models import (
    Dose,
    DoseEnd,
    DoseStatus,
    Measured,
    Measurement,
    NeuroInstrument,
    Participant,
    WindowCompletion,
)
from regimens.rules.elapsed import exact_hours
from regimens.rules.gate.case import Case, Given, State
from regimens.rules.plan import Observation, ObservationClock, Plan
from regimens.rules.wall_time import naive
from regimens.selectors import zones_of

MICROSECONDS_PER_HOUR = Decimal(3_600_000_000)
# A drug that is not on record was not given: as long ago as any wash-out asks for.
NEVER_H = Decimal(8760)


def given_doses(participant: Participant, *, until: datetime, but: UUID | None = None) -> list[Dose]:
    """The doses given by then, in order of time, with their steps. `but`: the root of one that is left out."""
    doses = Dose.objects.standing().filter(participant=participant, observed_at__lte=until)
    if but is not None:
        doses = doses.exclude(root=but)
    given = doses.exclude(status=DoseStatus.NOT_GIVEN).select_related("step")
    return list(given.order_by("observed_at", "root"))


def case_of(participant: Participant, plan: Plan, *, dose_at: datetime, but: UUID | None = None) -> Case:
    """What the gate is asked, for a dose at `dose_at`. `but`: the root of that dose, where it was given already.

    Hours from dose to dose are those of the site's wall clock, so that dates are right across a clock change; hours
    since something ended are elapsed hours.
    """
    doses = given_doses(participant, until=dose_at, but=but)
    zone_at = zones_of(participant)  # a dose before a transfer keeps the date that it had

    def wall(instant: datetime) -> datetime:
        return naive(instant, zone_at(instant))

    zero = wall(doses[0].observed_at if doses else dose_at)

    def hours(instant: datetime) -> Decimal:
        return exact_hours(wall(instant) - zero)

    return Case(
        plan=plan,
        now_h=hours(dose_at),
        variant=participant.regimen.variant or None,
        zero_local=zero,
        doses=tuple(Given(step=dose.step.label, t_hours=hours(dose.observed_at)) for dose in doses),
        state=_state(participant, doses[-1] if doses else None, plan, dose_at=dose_at),
    )


def _state(participant: Participant, last: Dose | None, plan: Plan, *, dose_at: datetime) -> State:
    observed = _observed_after(last, plan, participant.regimen.variant)
    period = None if last is None else DosePeriod.objects.filter(dose=last).first()
    ledgers = ledgers_of(participant)
    episodes = [(e, _final(e, ledgers.of_episode(e))) for e in Episode.objects.filter(participant=participant)]
    crs = _event("crs", participant, episodes, last, period, dose_at=dose_at)
    icans = _event("icans", participant, episodes, last, period, dose_at=dose_at)
    since = None if last is None else last.observed_at
    treated = _hours_since_treatments(participant, dose_at=dose_at)
    infection = _answered(participant, Measured.INFECTION, since=since, until=dose_at)
    on_site = _answered(participant, Measured.ON_SITE, since=since, until=dose_at)
    return State(
        crs_open=crs["open"],
        hours_since_crs_resolved=crs["hours"],
        last_crs_grade=crs["grade"],
        grade3_plus_crs_events=_grade3_plus([f for e, f in episodes if e.kind == "crs" and not e.provisional]),
        icans_open=icans["open"],
        hours_since_icans_resolved=icans["hours"],
        last_icans_grade=icans["grade"],
        ice_at_baseline=_ice_at_baseline(participant, since=since, until=dose_at),
        window_complete=_window_complete(last, observed, period),
        indeterminate_sets=_indeterminate(participant, since),
        hours_since_tocilizumab=treated["tocilizumab"],
        hours_since_steroid_treatment=treated["steroid"],
        tocilizumab_on_site=None if on_site is None else int(on_site),
        active_infection=None if infection is None else infection != 0,
        hours_since_infusion_stopped=_hours_since_stop(participant, last, dose_at=dose_at),
    )


def _hours_since_stop(participant: Participant, last: Dose | None, *, dose_at: datetime) -> Decimal | None:
    """Since the continuous infusion of the last dose was stopped, by the wall clock. None: it is none, or it runs."""
    if last is None or not last.step.rate_segment:
        return None
    zone, stopped = ZoneInfo(participant.site.time_zone), _infusion_end(last)
    return None if stopped is None or stopped > dose_at else exact_hours(naive(dose_at, zone) - naive(stopped, zone))


def _infusion_end(dose: Dose) -> datetime | None:
    ends = DoseEnd.objects.standing().filter(dose__root=dose.root)
    return ends.order_by("observed_at").values_list("observed_at", flat=True).first()


def _final(episode: Episode, ledgers: Ledgers) -> int | None:
    """The final grade. None: a set with data missing may have been worse, and no person has said the grade.

    A provisional episode has no grade, and holds while it is open.
    """
    open_above = episode.at_most > episode.max_grade and not episode.provisional and not ledgers.is_settled
    return None if open_above else ledgers.final


def _grade3_plus(grades: Sequence[int | None]) -> int | None:
    """How many events were grade 3 or more. None: of one it is not known."""
    known = [grade for grade in grades if grade is not None]
    return sum(1 for grade in known if grade >= 3) if len(known) == len(grades) else None


def _event(
    kind: str,
    participant: Participant,
    episodes: Sequence[tuple[Episode, int | None]],
    last: Dose | None,
    period: DosePeriod | None,
    *,
    dose_at: datetime,
) -> dict[str, Any]:
    """Open, hours since it was resolved, and the highest final grade since the last dose, of one kind of event."""
    own = [(e, final) for e, final in episodes if e.kind == kind]
    is_open = any(e.ended_at is None for e, _ in own)
    ends = [e.ended_at for e, _ in own if e.ended_at is not None and e.ended_at <= dose_at]
    newest = Grade.objects.filter(participant=participant, kind__startswith=kind, observed_at__lte=dose_at)
    if last is not None:
        newest = newest.filter(observed_at__gte=last.observed_at)
    grades = list(newest.order_by("-observed_at").values_list("grade", flat=True))
    seen_clear = bool(grades) and grades[0] != INDETERMINATE
    return {
        "open": True if is_open else False if seen_clear else None,
        "hours": exact_hours(dose_at - max(ends)) if ends and not is_open else None,
        "grade": _highest(kind, [(e, final) for e, final in own if e.started_at < dose_at], last, period),
    }


def _highest(
    kind: str, own: Sequence[tuple[Episode, int | None]], last: Dose | None, period: DosePeriod | None
) -> int | None:
    """Of the episodes that touch the last dose period. None: no set of it leaves no doubt, or one may be worse."""
    if last is None or period is None:
        return None
    touching = [final for e, final in own if e.ended_at is None or e.ended_at > last.observed_at]
    definite = period.crs_definite if kind == "crs" else period.icans_definite
    if not touching:
        return 0 if definite else None
    known = [final for final in touching if final is not None]
    return max(0, *known) if len(known) == len(touching) else None


def _window_complete(last: Dose | None, observed: Sequence[Observation], period: DosePeriod | None) -> bool | None:
    """What was said of the window of the last dose. None: nothing yet.

    A label may ask for hours beyond those in hospital (near the facility, say), and a corrected dose for more of them.
    "Complete" covers them only where it was said after they were over.
    """
    if last is None:
        return None
    completion = WindowCompletion.objects.standing().filter(dose__root=last.root).order_by("-observed_at").first()
    if completion is None or not completion.complete:
        return None if completion is None else False
    ends = [_end_of(last, one) for one in observed]
    if period is not None and period.window_ends_at is not None:
        ends.append(period.window_ends_at)
    return True if all(end is not None and end <= completion.observed_at for end in ends) else None


def _end_of(last: Dose, window: Observation) -> datetime | None:
    """When this observation of the last dose was over. None: its infusion has not ended."""
    assert window.hours is not None
    start: datetime | None = last.observed_at
    if window.clock is ObservationClock.INFUSION_END:
        start = _infusion_end(last)
    return None if start is None else start + timedelta(microseconds=int(window.hours * MICROSECONDS_PER_HOUR))


def _observed_after(last: Dose | None, plan: Plan, variant: str) -> list[Observation]:
    """What the label that is followed asks for after the last dose, as far as its length is known."""
    observations = next((one.observations for one in plan.variants if one.code == variant), ())
    return [one for one in observations if last is not None and last.step.label in one.steps and one.hours is not None]


def _indeterminate(participant: Participant, since: datetime | None) -> bool | None:
    if since is None:
        return None
    grades = Grade.objects.filter(participant=participant, observed_at__gte=since)
    return grades.filter(grade=INDETERMINATE).exists()


def _ice_at_baseline(participant: Participant, *, since: datetime | None, until: datetime) -> bool | None:
    """The newest ICE or CAPD since the last dose against the baseline. None: either is not on record."""
    baseline = baseline_score(participant, until=until)
    observations = NeuroAssessment.objects.standing().filter(participant=participant, observed_at__lte=until)
    if since is not None:
        observations = observations.filter(observed_at__gte=since)
    newest = observations.order_by("-observed_at").first()
    if newest is None or baseline is None:
        return None
    if participant.neuro_instrument == NeuroInstrument.CAPD:  # more points are worse
        return None if newest.capd_score is None else newest.capd_score <= baseline
    score = readings.ice_score(newest)
    return None if score is None else score >= baseline


def baseline_score(participant: Participant, *, until: datetime) -> Decimal | None:
    """The neuro score before the first dose, by the participant's instrument. None: not on record."""
    is_capd = participant.neuro_instrument == NeuroInstrument.CAPD
    return _measured(participant, Measured.BASELINE_CAPD if is_capd else Measured.BASELINE_ICE, until=until)


def _measured(
    participant: Participant, kind: Measured, *, until: datetime, since: datetime | None = None
) -> Decimal | None:
    measurements = Measurement.objects.standing().filter(participant=participant, kind=kind, observed_at__lte=until)
    if since is not None:
        measurements = measurements.filter(observed_at__gte=since)
    return measurements.filter(value__isnull=False).order_by("-observed_at").values_list("value", flat=True).first()


def _answered(participant: Participant, kind: Measured, *, since: datetime | None, until: datetime) -> Decimal | None:
    """What was last said of it, since the last dose: an answer for an earlier dose is none for this one."""
    return _measured(participant, kind, until=until, since=since)


def _hours_since_treatments(participant: Participant, *, dose_at: datetime) -> dict[str, Decimal]:
    """Since the last tocilizumab or other anticytokine, and the last steroid, that was given as treatment."""
    given = Treatment.objects.standing().filter(participant=participant, observed_at__lte=dose_at)
    treating = [one for one in given if holds_next_dose(one.indication)]
    last = {
        "tocilizumab": [one.observed_at for one in treating if one.acts_as == DrugClass.ANTICYTOKINE],
        "steroid": [one.observed_at for one in treating if one.acts_as == DrugClass.CORTICOSTEROID],
    }
    return {name: exact_hours(dose_at - max(times)) if times else NEVER_H for name, times in last.items()}
