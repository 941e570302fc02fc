"""The gate's case from the facts and the projection. What nobody recorded is None."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from grading.course.record import readings
from grading.dosing.selectors.gate_record import GateRecord, doses_given, gate_records
from grading.models import DosePeriod, Episode
from grading.models.observations import DrugClass
from grading.review.selectors.assessments import Ledgers
from grading.rules.drugs.names import TOCILIZUMAB, generic
from grading.rules.grades.graded import INDETERMINATE
from grading.rules.treatment.indication import holds_next_dose
from regimens.models import Dose, Measured, Measurement, NeuroInstrument, Participant
from regimens.rules.elapsed import exact_hours
from regimens.rules.gate.case import Case, Given, State
from regimens.rules.plan import Observation, ObservationClock, Plan
from regimens.rules.wall_time import naive
from regimens.selectors import zones_after

MICROSECONDS_PER_HOUR = Decimal(3_600_000_000)
# A drug that is not on record was not given: as long ago as any wash-out asks for.
NEVER_H = Decimal(8760)


def given_doses(participant: Participant, *, until: datetime, but: UUID | None = None) -> list[Dose]:
    """The doses given by then, in order of time, with their steps. `but`: the root of one that is left out."""
    return doses_given([participant], until=until, but=but)


def case_of(participant: Participant, plan: Plan, *, dose_at: datetime, but: UUID | None = None) -> Case:
    """What the gate is asked, for a dose at `dose_at`. `but`: the root of that dose, where it was given already."""
    record = gate_records([participant], until=dose_at, but=but)[participant.pk]
    return case_on(record, participant, plan, dose_at=dose_at)


def case_on(record: GateRecord, participant: Participant, plan: Plan, *, dose_at: datetime) -> Case:
    """The same on a record that was read up to `dose_at`.

    Hours from dose to dose are those of the site's wall clock, so that dates are right across a clock change; hours
    since something ended are elapsed hours.
    """
    doses = record.doses
    zone_at = zones_after(participant, record.transfers)  # a dose before a transfer keeps the date that it had

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
        state=_state(record, participant, plan, dose_at=dose_at),
    )


def _state(record: GateRecord, participant: Participant, plan: Plan, *, dose_at: datetime) -> State:
    last = record.doses[-1] if record.doses else None
    observed = _observed_after(last, plan, participant.regimen.variant)
    episodes = [(e, _final(e, record.ledgers.of_episode(e))) for e in record.episodes]
    crs = _event("crs", record, episodes, last, dose_at=dose_at)
    icans = _event("icans", record, episodes, last, dose_at=dose_at)
    since = None if last is None else last.observed_at
    treated = _hours_since_treatments(record, dose_at=dose_at)
    # What was last said of it, since the last dose: an answer for an earlier dose is none for this one.
    infection = record.measured_since(Measured.INFECTION, since)
    # A dose of tocilizumab that was given was taken from those that were counted: how many are left nobody has said.
    taken = [one.observed_at for one in record.treatments if generic(one.drug) == TOCILIZUMAB]
    counted_after = max([at for at in (since, *taken) if at is not None], default=None)
    on_site = record.measured_since(Measured.ON_SITE, counted_after)
    return State(
        crs_open=crs["open"],
        hours_since_crs_resolved=crs["hours"],
        last_crs_grade=crs["grade"],
        grade3_plus_crs_events=_grade3_plus([f for e, f in episodes if e.kind == "crs" and not e.provisional]),
        icans_open=icans["open"],
        hours_since_icans_resolved=icans["hours"],
        last_icans_grade=icans["grade"],
        ice_at_baseline=_ice_at_baseline(record, participant.neuro_instrument, since=since),
        window_complete=_window_complete(record, last, observed),
        indeterminate_sets=_indeterminate(record, since),
        hours_since_tocilizumab=treated["tocilizumab"],
        hours_since_steroid_treatment=treated["steroid"],
        tocilizumab_on_site=None if on_site is None else int(on_site),
        active_infection=None if infection is None else infection != 0,
        hours_since_infusion_stopped=_hours_since_stop(record, participant, dose_at=dose_at),
    )


def _hours_since_stop(record: GateRecord, participant: Participant, *, dose_at: datetime) -> Decimal | None:
    """Since the continuous infusion of the last dose was stopped, by the wall clock. None: it is none, or it runs."""
    if not record.doses or not record.doses[-1].step.rate_segment:
        return None
    zone, stopped = ZoneInfo(participant.site.time_zone), record.stopped_at
    return None if stopped is None or stopped > dose_at else exact_hours(naive(dose_at, zone) - naive(stopped, zone))


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
    record: GateRecord,
    episodes: Sequence[tuple[Episode, int | None]],
    last: Dose | None,
    *,
    dose_at: datetime,
) -> dict[str, Any]:
    """Open, hours since it was resolved, and the highest final grade since the last dose, of one kind of event."""
    own = [(e, final) for e, final in episodes if e.kind == kind]
    is_open = any(e.ended_at is None for e, _ in own)
    ends = [e.ended_at for e, _ in own if e.ended_at is not None and e.ended_at <= dose_at]
    grades = [newest for graded, newest in record.grades.items() if graded.startswith(kind)]
    at, grade = max(grades, key=lambda newest: newest[0], default=(None, INDETERMINATE))
    is_of_period = at is not None and (last is None or at >= last.observed_at)
    seen_clear = is_of_period and grade != INDETERMINATE
    return {
        "open": True if is_open else False if seen_clear else None,
        "hours": exact_hours(dose_at - max(ends)) if ends and not is_open else None,
        "grade": _highest(kind, [(e, final) for e, final in own if e.started_at < dose_at], last, record.period),
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


def _window_complete(record: GateRecord, last: Dose | None, observed: Sequence[Observation]) -> bool | None:
    """What was said of the window of the last dose. None: nothing yet.

    A label may ask for hours beyond those in hospital (near the facility, say), and a corrected dose for more of them.
    "Complete" covers them only where it was said after they were over.
    """
    if last is None:
        return None
    completion, period = record.completion, record.period
    if completion is None or not completion.complete:
        return None if completion is None else False
    ends = [_end_of(record, last, one) for one in observed]
    if period is not None and period.window_ends_at is not None:
        ends.append(period.window_ends_at)
    return True if all(end is not None and end <= completion.observed_at for end in ends) else None


def _end_of(record: GateRecord, last: Dose, window: Observation) -> datetime | None:
    """When this observation of the last dose was over. None: its infusion has not ended."""
    assert window.hours is not None
    start: datetime | None = last.observed_at
    if window.clock is ObservationClock.INFUSION_END:
        start = record.stopped_at
    return None if start is None else start + timedelta(microseconds=int(window.hours * MICROSECONDS_PER_HOUR))


def _observed_after(last: Dose | None, plan: Plan, variant: str) -> list[Observation]:
    """What the label that is followed asks for after the last dose, as far as its length is known."""
    observations = next((one.observations for one in plan.variants if one.code == variant), ())
    return [one for one in observations if last is not None and last.step.label in one.steps and one.hours is not None]


def _indeterminate(record: GateRecord, since: datetime | None) -> bool | None:
    if since is None:
        return None
    return record.indeterminate_at is not None and record.indeterminate_at >= since


def _ice_at_baseline(record: GateRecord, instrument: str, *, since: datetime | None) -> bool | None:
    """The newest ICE or CAPD since the last dose against the baseline. None: either is not on record."""
    baseline, newest = _baseline_score(record, instrument), record.neuro
    if newest is None or baseline is None or (since is not None and newest.observed_at < since):
        return None
    if instrument == NeuroInstrument.CAPD:  # more points are worse
        return None if newest.capd_score is None else newest.capd_score <= baseline
    score = readings.ice_score(newest)
    return None if score is None else score >= baseline


def _baseline_score(record: GateRecord, instrument: str) -> Decimal | None:
    is_capd = instrument == NeuroInstrument.CAPD
    return record.measured_since(Measured.BASELINE_CAPD if is_capd else Measured.BASELINE_ICE)


def baseline_score(participant: Participant, *, until: datetime) -> Decimal | None:
    """The neuro score before the first dose, by the participant's instrument. None: not on record."""
    is_capd = participant.neuro_instrument == NeuroInstrument.CAPD
    kind = Measured.BASELINE_CAPD if is_capd else Measured.BASELINE_ICE
    measurements = Measurement.objects.standing().filter(participant=participant, kind=kind, observed_at__lte=until)
    return measurements.filter(value__isnull=False).order_by("-observed_at").values_list("value", flat=True).first()


def _hours_since_treatments(record: GateRecord, *, dose_at: datetime) -> dict[str, Decimal]:
    """Since the last tocilizumab or other anticytokine, and the last steroid, that was given as treatment."""
    treating = [one for one in record.treatments if holds_next_dose(one.indication)]
    last = {
        "tocilizumab": [one.observed_at for one in treating if one.acts_as == DrugClass.ANTICYTOKINE],
        "steroid": [one.observed_at for one in treating if one.acts_as == DrugClass.CORTICOSTEROID],
    }
    return {name: exact_hours(dose_at - max(times)) if times else NEVER_H for name, times in last.items()}
