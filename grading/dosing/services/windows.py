"""What an excuse and the end of a window must be before they are kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crsmonitor.errors import InvalidInput, Message
from grading.course.plans import beads_of, plans_of_period
from grading.models import DosePeriod, NeuroAssessment, VitalSigns
from regimens.models import Because, Excuse, Look, WindowClosed
from regimens.rules.schedule import NOT_LOOKED, Bead, Kind, Status
from regimens.rules.wall_time import day_text


def check_excuse(draft: Excuse, *, at: datetime) -> None:
    """It names a slot that has begun and that nobody looked at. Raises InvalidInput."""
    if draft.withdrawn:
        return
    if draft.look == Look.NEURO and draft.because == Because.ASLEEP:
        raise InvalidInput.at("because", "asleep_still_checked")
    bead = _bead_at(draft, at=at)
    if bead is None:
        raise InvalidInput.at("due_at", "nothing_due_then")
    if bead.status is Status.UPCOMING:
        raise InvalidInput.at("due_at", "slot_not_due")
    if bead.looked_at is not None:
        raise InvalidInput.at("due_at", "slot_looked_at")
    if bead.excused and draft.supersedes_id is None:
        raise InvalidInput.at("due_at", "slot_excused")


def _bead_at(draft: Excuse, *, at: datetime) -> Bead | None:
    given = DosePeriod.objects.filter(participant=draft.participant, started_at__lte=draft.due_at)
    period = given.exclude(ended_by="NOT GIVEN").select_related("dose", "step__regimen").order_by("-started_at").first()
    found = None if period is None else beads_of(period, plans_of_period(period), Kind(draft.look), at=at)
    return next((bead for bead in found or () if bead.slot.due_at == draft.due_at), None)


def check_closing(draft: WindowClosed, *, at: datetime, proven: bool) -> None:
    """Notes how many slots are open. Complete is said only of a window that is over, with none. Raises InvalidInput.

    `proven`: whoever signs gave their password again for it.
    """
    if isinstance(draft.supersedes, WindowClosed):
        draft.missed = draft.supersedes.missed
        if draft.supersedes.dose.root != draft.dose.root:
            raise InvalidInput.at("dose", "correction_stays_with_dose")
        if draft.withdrawn:
            return
    if draft.signed and not proven:
        raise InvalidInput.at("signed", "signing_asks_password")
    others = WindowClosed.objects.standing().filter(participant=draft.participant, dose__root=draft.dose.root)
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
        slots = [Message("slot_missed", {"look": kind.value, "due": _local(bead, zone)}) for kind, bead in missed]
        raise InvalidInput("slots_missed", fields={"complete": slots})
    _check_looked_at(period)


def _check_over(draft: WindowClosed, period: DosePeriod, *, at: datetime) -> None:
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
        looks = model.objects.standing().filter(participant=period.participant_id, observed_at__gte=period.started_at)
        if not looks.filter(observed_at__lte=until).exists():
            raise InvalidInput.at("complete", why)


def _local(bead: Bead, zone: ZoneInfo) -> str:
    return day_text(bead.slot.due_at, zone)


def open_slots(period: DosePeriod, *, at: datetime) -> list[tuple[Kind, Bead]]:
    """The slots that began by `at`, and that nobody looked at or excused."""
    plans = plans_of_period(period)
    return [
        (kind, bead)
        for kind in Kind
        for bead in beads_of(period, plans, kind, at=at) or ()
        if bead.status in NOT_LOOKED
    ]
