"""A silent run in words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.alerting.alert_words import KINDS, asked_text, condition_name
from grading.models import SilentRun
from grading.rules.alerting.policy.silent import ComparedAlert, SilentVerdict
from grading.rules.alerting.policy.silent_runs import FellOut
from grading.rules.grades.graded import INDETERMINATE
from grading.words.wording import listed, span
from regimens.rules.wall_time import on_wall

ENDS: dict[str, Any] = {
    FellOut.IN_FORCE.value: _l("Ended by itself: the version came into force."),
    FellOut.REPLACED.value: _l(
        "Ended by itself: another version came into force, and it was compared with the one before."
    ),
    FellOut.EDITED.value: _l(
        "Ended by itself: one of the two versions does not say any more what it said at the beginning."
    ),
    FellOut.UNREADABLE.value: _l("Ended by itself: this program does not read one of the two versions."),
}
VERDICTS: dict[SilentVerdict, Any] = {
    SilentVerdict.FEWER: _l("Raised, and it would not have been"),
    SilentVerdict.MORE: _l("Not raised, and it would have been"),
    SilentVerdict.OTHERWISE: _l("At another time, or asked otherwise"),
    SilentVerdict.NOT_COMPARED: _l("Not compared: a record does not say whether it would have been raised"),
    SilentVerdict.SAME: _l("The same by both"),
}
LISTED = (SilentVerdict.FEWER, SilentVerdict.MORE, SilentVerdict.OTHERWISE, SilentVerdict.NOT_COMPARED)


def end_text(run: SilentRun) -> str:
    """Why it is over; empty while it runs."""
    return str(ENDS.get(run.fell_out, "")) if run.fell_out else run.ended_because


def alert_text(line: ComparedAlert) -> str:
    if line.condition:
        return condition_name(line.condition, line.kind)
    words = {"kind": KINDS.get(line.kind, line.kind), "grade": line.grade}
    grade = _("%(kind)s, grade not known") if line.grade == INDETERMINATE else _("%(kind)s grade %(grade)s")
    return grade % words


def asks_text(codes: tuple[str, ...]) -> str:
    return listed(asked_text(code) for code in codes)


def apart_text(line: ComparedAlert) -> str:
    """How much earlier or later the silent version says it; empty: at once, or only one side says it."""
    minutes = line.minutes_later
    if not minutes or line.real_at is None or line.silent_at is None:
        return ""
    length = span(abs(line.silent_at - line.real_at))
    return (_("%(span)s later") if minutes > 0 else _("%(span)s earlier")) % {"span": length}


def clock(at: datetime | None, zone: ZoneInfo) -> str:
    """On the clock of the site. Empty: there is none."""
    return "" if at is None else f"{on_wall(at, zone):%Y-%m-%d %H:%M}"
