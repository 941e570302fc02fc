"""What an excuse and the end of a window must be before they are kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crsmonitor.errors import InvalidInput
from grading.course.plans import beads_of, plans_of_period
from grading.models import DosePeriod, NeuroAssessment, VitalSigns
from regimens.models import Because, Excuse, Look, WindowClosed
from regimens.rules.schedule import NOT_LOOKED, Bead, Kind, Status

NO_VITALS = "No vital signs in the whole window: nobody looked, so it is not complete."
NO_NEURO = "No neuro assessment in the whole window: nobody looked, so it is not complete."


def check_excuse(draft: Excuse, *, at: datetime) -> None:
    """It names a slot that has begun and that nobody looked at. Raises InvalidInput."""
    if draft.withdrawn:
        return
    if draft.look == Look.NEURO and draft.because == Because.ASLEEP:
        raise _wrong("because", "A sleeping participant still gets neuro checks.")
    bead = _bead_at(draft, at=at)
    if bead is None:
        raise _wrong("due_at", "Nothing of this kind is due then.")
    if bead.status is Status.UPCOMING:
        raise _wrong("due_at", "This slot is not due yet.")
    if bead.looked_at is not None:
        raise _wrong("due_at", "This slot was looked at.")
    if bead.excused and draft.supersedes_id is None:
        raise _wrong("due_at", "This slot is excused already.")


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
            raise _wrong("dose", "A correction stays with its dose.")
        if draft.withdrawn:
            return
    if draft.signed and not proven:
        raise _wrong("signed", "Signing asks for your password again: sign on the page, or record it unsigned.")
    others = WindowClosed.objects.standing().filter(participant=draft.participant, dose__root=draft.dose.root)
    if others.exclude(root=draft.root).exists():
        raise _wrong("dose", "This window was closed already: correct that record.")
    period = (
        DosePeriod.objects.filter(participant=draft.participant, dose__root=draft.dose.root)
        .exclude(ended_by="NOT GIVEN")
        .select_related("dose", "step__regimen")
        .first()
    )
    if period is None:
        raise _wrong("dose", "This dose was not given: it has no window.")
    missed = open_slots(period, at=at)
    draft.missed = len(missed)
    if not draft.complete:
        if not draft.because.strip():
            raise _wrong("because", "Say why it is incomplete.")
        return
    _check_over(draft, period, at=at)
    if missed:
        zone = ZoneInfo(draft.participant.site.time_zone)
        told = [_told(kind, bead, zone) for kind, bead in missed]
        raise InvalidInput("Some slots were missed.", fields={"complete": told})
    _check_looked_at(period)


def _check_over(draft: WindowClosed, period: DosePeriod, *, at: datetime) -> None:
    ends_at = period.window_ends_at
    if ends_at is None:
        raise _wrong("complete", "The end of this window is not known, so it cannot be called complete.")
    if period.ended_at is not None and period.ended_at < ends_at:
        raise _wrong("complete", "Observation ended before the window was over.")
    if min(at, draft.observed_at) < ends_at:
        raise _wrong("complete", "The window is not over yet.")


def _check_looked_at(period: DosePeriod) -> None:
    """Without intervals there are no slots that could be missed: nobody having looked is not complete."""
    until = period.window_ends_at
    for model, why in ((VitalSigns, NO_VITALS), (NeuroAssessment, NO_NEURO)):
        looks = model.objects.standing().filter(participant=period.participant_id, observed_at__gte=period.started_at)
        if not looks.filter(observed_at__lte=until).exists():
            raise _wrong("complete", why)


def _told(kind: Kind, bead: Bead, zone: ZoneInfo) -> str:
    due = f"{bead.slot.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{Look(kind.value).label}: {due}"


def _wrong(field: str, why: str) -> InvalidInput:
    return InvalidInput(why, fields={field: [why]})


def open_slots(period: DosePeriod, *, at: datetime) -> list[tuple[Kind, Bead]]:
    """The slots that began by `at`, and that nobody looked at or excused."""
    plans = plans_of_period(period)
    return [
        (kind, bead)
        for kind in Kind
        for bead in beads_of(period, plans, kind, at=at) or ()
        if bead.status in NOT_LOOKED
    ]
