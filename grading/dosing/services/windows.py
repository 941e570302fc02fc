"""What the reason of a missed observation and the end of a window must be before they are kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crsmonitor.errors import InvalidInput, Message
from grading.course.record.plans import plans_of_period, slot_states_of
from grading.models import DosePeriod, NeuroAssessment, VitalSigns
from regimens.models import Because, MissedObservationReason, ObservationKind, WindowCompletion
from regimens.rules.schedule import NOT_LOOKED, Kind, SlotState, Status
from regimens.rules.wall_time import day_text


def check_missed_observation(draft: MissedObservationReason, *, at: datetime) -> None:
    """It names a slot that has begun and that nobody looked at. Raises InvalidInput."""
    if draft.withdrawn:
        return
    if draft.observation_kind == ObservationKind.NEURO and draft.because == Because.ASLEEP:
        raise InvalidInput.at("because", "asleep_still_checked")
    slot_state = _slot_state_at(draft, at=at)
    if slot_state is None:
        raise InvalidInput.at("due_at", "nothing_due_then")
    if slot_state.status is Status.UPCOMING:
        raise InvalidInput.at("due_at", "slot_not_due")
    if slot_state.looked_at is not None:
        raise InvalidInput.at("due_at", "slot_looked_at")
    if slot_state.excused and draft.supersedes_id is None:
        raise InvalidInput.at("due_at", "slot_excused")


def _slot_state_at(draft: MissedObservationReason, *, at: datetime) -> SlotState | None:
    given = DosePeriod.objects.filter(participant=draft.participant, started_at__lte=draft.due_at)
    period = given.exclude(ended_by="NOT GIVEN").select_related("dose", "step__regimen").order_by("-started_at").first()
    states = (
        None if period is None else slot_states_of(period, plans_of_period(period), Kind(draft.observation_kind), at=at)
    )
    return next((slot_state for slot_state in states or () if slot_state.slot.due_at == draft.due_at), None)


def check_closing(draft: WindowCompletion, *, at: datetime) -> None:
    """Notes how many slots are open. Complete is said only of a window that is over, with none. Raises InvalidInput."""
    if isinstance(draft.supersedes, WindowCompletion):
        draft.missed = draft.supersedes.missed
        if draft.supersedes.dose.root != draft.dose.root:
            raise InvalidInput.at("dose", "correction_stays_with_dose")
        if draft.withdrawn:
            return
    if not draft.signed:
        raise InvalidInput.at("signed", "closing_is_signed")
    others = WindowCompletion.objects.standing().filter(participant=draft.participant, dose__root=draft.dose.root)
    if others.exclude(root=draft.root).exists():
        raise InvalidInput.at("dose", "window_closed_already")
    period = (
        DosePeriod.objects.filter(participant=draft.participant, dose__root=draft.dose.root)
        .exclude(ended_by="NOT GIVEN")
        .select_related("dose", "step__regimen")
        .first()
    )
    if period is None:
        raise InvalidInput.at("dose", "no_window")
    missed = open_slots(period, at=at)
    draft.missed = len(missed)
    if not draft.complete:
        if not draft.because.strip():
            raise InvalidInput.at("because", "say_why_incomplete")
        return
    _check_over(draft, period, at=at)
    if missed:
        zone = ZoneInfo(draft.participant.site.time_zone)
        slots = [
            Message("slot_missed", {"kind": kind.value, "due": _local(slot_state, zone)}) for kind, slot_state in missed
        ]
        raise InvalidInput("slots_missed", fields={"complete": slots})
    _check_looked_at(period)


def _check_over(draft: WindowCompletion, period: DosePeriod, *, at: datetime) -> None:
    ends_at = period.window_ends_at
    if ends_at is None:
        raise InvalidInput.at("complete", "window_end_unknown")
    if period.ended_at is not None and period.ended_at < ends_at:
        raise InvalidInput.at("complete", "observation_ended_early")
    if min(at, draft.observed_at) < ends_at:
        raise InvalidInput.at("complete", "window_not_over")


def _check_looked_at(period: DosePeriod) -> None:
    """Without intervals there are no slots that could be missed: nobody having looked is not complete."""
    until = period.window_ends_at
    for model, why in ((VitalSigns, "no_vitals_in_window"), (NeuroAssessment, "no_neuro_in_window")):
        observations = model.objects.standing().filter(
            participant=period.participant_id, observed_at__gte=period.started_at
        )
        if not observations.filter(observed_at__lte=until).exists():
            raise InvalidInput.at("complete", why)


def _local(slot_state: SlotState, zone: ZoneInfo) -> str:
    return day_text(slot_state.slot.due_at, zone)


def open_slots(period: DosePeriod, *, at: datetime) -> list[tuple[Kind, SlotState]]:
    """The slots that began by `at`, and that nobody looked at or excused."""
    plans = plans_of_period(period)
    return [
        (kind, slot_state)
        for kind in Kind
        for slot_state in slot_states_of(period, plans, kind, at=at) or ()
        if slot_state.status in NOT_LOOKED
    ]
