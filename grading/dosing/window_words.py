"""Words of the window page: what became of a slot, in a shape, a word and a time. Never in a colour alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.dosing.selectors.window import KindShown, PlannedDose, SlotShown, WindowPage
from grading.words.wording import listed, span
from regimens.models import ObservationKind, Site
from regimens.rules.schedule import NOT_LOOKED, Status
from regimens.rules.wall_time import clock_text, on_wall

# A shape of its own for each, so that a printout in grey says the same.
STATUS = {
    Status.ON_TIME: ("●", _l("on time")),
    Status.LATE: ("◐", _l("late")),
    Status.MISSED: ("✕", _l("missed")),
    Status.EXCUSED: ("⊘", _l("excused")),
    Status.DUE: ("◎", _l("due now")),
    Status.UPCOMING: ("○", _l("to come")),
}
OVERDUE = ("◎", _l("overdue"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotWords:
    """One slot_state: `tone` names its colour, `shape`, `word` and `details` say the same without it."""

    tone: str
    shape: str
    word: str
    due_at: datetime
    details: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """The slot_states of one kind under their heading. `slot_states` None: not planned. `counts`: one line."""

    name: str
    every: str
    slot_states: list[SlotWords] | None
    counts: str


def kinds(page: WindowPage, *, at: datetime) -> list[KindWords]:
    return [_kind(shown, page.participant.site, at=at) for shown in page.kinds]


def _kind(shown: KindShown, site: Site, *, at: datetime) -> KindWords:
    counts = shown.counts
    return KindWords(
        name=str(ObservationKind(shown.kind.value).label),
        every="" if shown.every is None else _("every %(span)s") % {"span": _interval(shown.every)},
        slot_states=None if shown.slots is None else [_slot_state(slot, site, at=at) for slot in shown.slots],
        counts=listed(f"{counts[one.value]} {word}" for one, (_shape, word) in STATUS.items() if counts[one.value]),
    )


def _slot_state(shown: SlotShown, site: Site, *, at: datetime) -> SlotWords:
    slot_state = shown.slot_state
    overdue = slot_state.status is Status.DUE and at > slot_state.slot.on_time_until
    shape, word = OVERDUE if overdue else STATUS[slot_state.status]
    return SlotWords(
        tone="overdue" if overdue else slot_state.status.value,
        shape=shape,
        word=str(word),
        due_at=slot_state.slot.due_at,
        details=list(_details(shown, site)),
    )


def _details(shown: SlotShown, site: Site) -> Iterator[str]:
    slot_state = shown.slot_state
    if slot_state.looked_at is not None:
        yield _("looked at %(time)s") % {"time": clock(slot_state.looked_at, site)}
    if slot_state.status is Status.LATE and slot_state.looked_at is not None:
        yield _("%(span)s after it was due") % {"span": _span(slot_state.looked_at - slot_state.slot.due_at)}
    if shown.entered_at is not None:
        yield _("entered later, %(time)s") % {"time": clock(shown.entered_at, site)}
    if shown.reason is not None:
        who = shown.reason.recorded_by.get_username()
        yield _("%(because)s, said by %(who)s") % {"because": shown.reason.get_because_display(), "who": who}
    if shown.late_by is not None:
        words = {"span": _span(shown.late_by)}
        yield _("%(span)s late") % words if shown.late_by > timedelta() else _("due in %(span)s") % words


def countdown(page: WindowPage) -> str:
    """`ends in 3 h 12 min`; empty where there is no window, or its end is not known."""
    if page.left is None:
        return ""
    words = {"span": _span(page.left)}
    return _("ends in %(span)s") % words if page.left > timedelta() else _("ended %(span)s ago") % words


def days_late(dose: PlannedDose) -> str:
    """`2 days late`, `on its day`; – where nothing was planned or is known."""
    if dose.delay_d is None:
        return "–"
    if dose.given is None:
        return _("overdue by %(days)s d") % {"days": dose.delay_d}
    if dose.delay_d == 0:
        return _("on its day")
    late = _("%(days)s d late") % {"days": dose.delay_d}
    return late if dose.delay_d > 0 else _("%(days)s d early") % {"days": -dose.delay_d}


def excusable(page: WindowPage) -> list[tuple[str, str]]:
    """Slots that may be excused: value and words."""
    site = page.participant.site
    return [
        (
            f"{shown.kind.value}|{shown.slot_state.slot.due_at.isoformat()}",
            f"{ObservationKind(shown.kind.value).label}, {clock(shown.slot_state.slot.due_at, site)}",
        )
        for kind in page.kinds
        for shown in kind.slots or ()
        if shown.slot_state.status in NOT_LOOKED
    ]


def clock(instant: datetime, site: Site) -> str:
    """`Tue 03:10`, in the zone of the site."""
    zone = ZoneInfo(site.time_zone)
    return f"{date_format(on_wall(instant, zone), 'D')} {clock_text(instant, zone)}"


def _interval(every: timedelta) -> str:
    """4 h, and not 4 h 0 min."""
    hours, rest = divmod(every, timedelta(hours=1))
    return _span(every) if rest else _("%(hours)s h") % {"hours": hours}


def _span(length: timedelta) -> str:
    """A window is counted in hours up to its second day."""
    return span(length, days_from=2)
