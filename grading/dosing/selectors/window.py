"""One dose's observation window: its slots and what became of them, and the doses planned against those given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.course.record.plans import plans_of_period, slot_states_of
from grading.dosing.selectors.gate import longer_hours, rules_asking
from grading.models import CurrentState, DosePeriod, NeuroAssessment, VitalSigns
from grading.rules.course.slots import TIGHTENED, Plans, read
from grading.rules.course.state import read_state
from grading.rules.grades.danger import look_again_at
from regimens.models import (
    Dose,
    DoseStatus,
    MissedObservationReason,
    Participant,
    Stay,
    StayEnd,
    Step,
    WindowCompletion,
)
from regimens.rules.schedule import NOT_LOOKED, Kind, SlotState, Status, planned_on
from regimens.rules.wall_time import day_at
from regimens.selectors import participant_for

_LOOKS: dict[Kind, type[Any]] = {Kind.VITALS: VitalSigns, Kind.NEURO: NeuroAssessment}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotShown:
    """A slot with what the page says of it. `entered_at`: when the look was entered, where that was late.

    `late_by`: how long it is overdue now; negative while there is time, None where nobody is waited for.
    """

    kind: Kind
    slot_state: SlotState
    entered_at: datetime | None
    reason: MissedObservationReason | None
    late_by: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindShown:
    """The slots of one kind. `slots` None: nothing of this kind is planned."""

    kind: Kind
    every: timedelta | None
    slots: list[SlotShown] | None

    @property
    def counts(self) -> dict[str, int]:
        """How many slots have each status."""
        statuses = [shown.slot_state.status for shown in self.slots or ()]
        return {status.value: statuses.count(status) for status in Status}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDose:
    """A step of the plan beside the dose that was given or left out. `given` None: neither.

    `on`: the planned day in the site's zone; None: the regimen names none, or no dose was given yet. `delay_d`:
    calendar days after it, negative before; of a dose to come, days by which it is overdue. None: not known.
    """

    step: Step
    on: date | None
    given: Dose | None
    delay_d: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayShown:
    """`left_at`: the recorded end, or the move to the next stay; None: there still. `end`: the record of a leave."""

    stay: Stay
    left_at: datetime | None
    end: StayEnd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """What grades before a dose ask for with it. `hours`: as noted with the dose, None: nothing more than its step.

    `rules`: the plan's words. `now_h`: what the grades on file by now ask for, where that is more than is observed.
    """

    hours: int | None
    rules: str
    now_h: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPage:
    """`longer` None: no dose was given, or no grade asks for more hours.

    `period` None: no dose was given. `ends_at` None: the regimen names no length, or its clock has not started.
    `look_again_at`: when vital signs are due beside the slots, after a value in danger; None: nothing is in danger."""

    participant: Participant
    period: DosePeriod | None
    periods: Sequence[DosePeriod]
    ends_at: datetime | None
    left: timedelta | None
    waits_for_infusion_end: bool
    longer: Longer | None
    tightened_at: list[datetime]
    look_again_at: datetime | None
    kinds: list[KindShown]
    closed: WindowCompletion | None
    open_slots: int
    planned: list[PlannedDose]
    stays: list[StayShown]

    @property
    def is_inpatient(self) -> bool:
        return bool(self.stays) and self.stays[0].left_at is None


def window_page(user: User, participant_id: int, *, at: datetime, dose_number: int | None = None) -> WindowPage:
    """The window of one dose, by default the last one given. NotFound for a stranger or a dose that was not given."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    periods = list(
        participant.dose_periods.exclude(ended_by="NOT GIVEN")
        .select_related("dose", "step__regimen")
        .order_by("dose_number")
    )
    period = _chosen(periods, dose_number)
    ends_at = None if period is None else period.window_ends_at
    plans = Plans() if period is None else plans_of_period(period)
    kinds = [_kind_shown(kind, period, plans, at=at) for kind in Kind]
    return WindowPage(
        participant=participant,
        period=period,
        periods=periods,
        ends_at=ends_at,
        left=None if ends_at is None else ends_at - at,
        waits_for_infusion_end=period is not None and ends_at is None and _hours_of(period) is not None,
        longer=None if period is None else _longer(period),
        tightened_at=[] if period is None else read(period.slot_sets, TIGHTENED),
        look_again_at=_look_again_at(participant),
        kinds=kinds,
        closed=None if period is None else _closing(period),
        open_slots=sum(shown.slot_state.status in NOT_LOOKED for kind in kinds for shown in kind.slots or ()),
        planned=list(planned_doses(participant, at=at)),
        stays=_stays(participant),
    )


def _look_again_at(participant: Participant) -> datetime | None:
    state = CurrentState.objects.filter(participant=participant, ended="").first()
    return None if state is None or not state.fold else look_again_at(read_state(state.fold["state"]).danger)


def _chosen(periods: list[DosePeriod], dose_number: int | None) -> DosePeriod | None:
    if dose_number is None:
        return periods[-1] if periods else None
    chosen = next((period for period in periods if period.dose_number == dose_number), None)
    if chosen is None:
        raise NotFound("no_such_dose")
    return chosen


def _hours_of(period: DosePeriod) -> int | None:
    known = [hours for hours in (period.step.inpatient_h, period.dose.longer_h) if hours is not None]
    return max(known, default=None)


def _longer(period: DosePeriod) -> Longer | None:
    """More hours than the step itself says, noted with the dose or asked for since."""
    own, observed, dose = period.step.inpatient_h or 0, _hours_of(period) or 0, period.dose
    dose.step, dose.participant = period.step, period.participant  # loaded already
    noted = dose.longer_h if (dose.longer_h or 0) > own else None
    hours = longer_hours(dose) or 0
    if noted is None and hours <= observed:
        return None
    return Longer(
        hours=noted, rules="" if noted is None else rules_asking(dose), now_h=hours if hours > observed else None
    )


def _kind_shown(kind: Kind, period: DosePeriod | None, plans: Plans, *, at: datetime) -> KindShown:
    plan = plans.of(kind)
    if period is None or plan is None:
        return KindShown(kind=kind, every=None, slots=None)
    entered, reasons = _entered(kind, period), _missed_observation_reasons(kind, period)
    slots = [
        SlotShown(
            kind=kind,
            slot_state=slot_state,
            entered_at=None if slot_state.looked_at is None else entered.get(slot_state.looked_at),
            reason=next((one for one in reasons if slot_state.slot.owns(one.due_at)), None),
            late_by=at - slot_state.slot.due_at if slot_state.status in (Status.DUE, Status.UPCOMING) else None,
        )
        for slot_state in slot_states_of(period, plans, kind, at=at) or ()
    ]
    return KindShown(kind=kind, every=plan.every, slots=slots)


def _entered(kind: Kind, period: DosePeriod) -> dict[datetime, datetime]:
    """When each look of the period was entered that was entered late, by the study's limit."""
    limit = timedelta(minutes=period.participant.study.late_after_minutes)
    observations = (
        _LOOKS[kind]
        .objects.standing()
        .filter(participant=period.participant_id, observed_at__in=read(period.slot_sets, kind))
    )
    times = observations.values_list("observed_at", "recorded_at")
    return {observed: recorded for observed, recorded in times if recorded - observed > limit}


def _missed_observation_reasons(kind: Kind, period: DosePeriod) -> list[MissedObservationReason]:
    reasons = MissedObservationReason.objects.standing().filter(
        participant=period.participant_id, observation_kind=kind.value
    )
    return list(reasons.filter(due_at__gte=period.started_at).select_related("recorded_by"))


def _closing(period: DosePeriod) -> WindowCompletion | None:
    completions = WindowCompletion.objects.standing().filter(
        participant=period.participant_id, dose__root=period.dose.root
    )
    return completions.select_related("recorded_by").first()


def planned_doses(participant: Participant, *, at: datetime) -> Iterator[PlannedDose]:
    """The steps in order, each with its doses; those of the same step again follow the first."""
    zone = ZoneInfo(participant.site.time_zone)
    doses = list(Dose.objects.standing().filter(participant=participant).select_related("step").order_by("observed_at"))
    first = next((dose.observed_at for dose in doses if dose.status != DoseStatus.NOT_GIVEN), None)
    for step in participant.regimen.steps.order_by("position"):
        on = planned_on(first_dose_at=first, planned_day=step.planned_day, zone=zone)
        own = [dose for dose in doses if dose.step.position == step.position]
        for place, dose in enumerate(own or [None]):
            # A dose of the same step again is not planned by this day.
            day = on if place == 0 else None
            yield PlannedDose(step=step, on=day, given=dose, delay_d=_delay(day, dose, zone, at=at))


def _delay(on: date | None, dose: Dose | None, zone: ZoneInfo, *, at: datetime) -> int | None:
    if on is None or (dose is not None and dose.status == DoseStatus.NOT_GIVEN):
        return None
    days = (day_at(at if dose is None else dose.observed_at, zone) - on).days
    return days if dose is not None or days > 0 else None


def _stays(participant: Participant) -> list[StayShown]:
    """Newest first."""
    stays = list(Stay.objects.standing().filter(participant=participant).order_by("observed_at"))
    left_by = StayEnd.objects.standing().filter(participant=participant).select_related("stay")
    ends = {end.stay.root: end for end in left_by.order_by("-observed_at")}  # of two, the first
    stays_shown = []
    for place, stay in enumerate(stays):
        moved = stays[place + 1].observed_at if place + 1 < len(stays) else None
        end = ends.get(stay.root)
        left = [at for at in (None if end is None else end.observed_at, moved) if at is not None]
        stays_shown.append(StayShown(stay=stay, left_at=min(left, default=None), end=end))
    return stays_shown[::-1]
