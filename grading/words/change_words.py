"""What a correction made different, in words: a before and an after, on the page after saving and in a copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from grading.words import badges
from grading.words.wording import listed
from regimens.models import Site
from regimens.rules.wall_time import day_text

MOST = 20  # lines of one correction: the first are what stands now, and episodes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesShown:
    lines: list[ChangeLine]
    more: int


def shown(changes: Sequence[Mapping[str, Any]], site: Site) -> ChangesShown | None:
    """None: it made nothing different."""
    if not changes:
        return None
    return ChangesShown(lines=[_line(change, site) for change in changes[:MOST]], more=max(0, len(changes) - MOST))


def _line(change: Mapping[str, Any], site: Site) -> ChangeLine:
    kind, number = badges.NAMES[change["kind"]], change["dose_number"]
    time = "" if change["at"] is None else _time(change["at"], site)
    what = {
        "now": _("%(kind)s now"),
        "grade": _("%(kind)s grade at %(time)s"),
        "episode": _("%(kind)s episode from %(time)s"),
        "dose_period": _("%(kind)s after dose %(number)s"),
    }[change["what"]]
    return ChangeLine(
        what=what % {"kind": kind, "time": time, "number": number},
        before=_state_text(change, change["before"], site),
        after=_state_text(change, change["after"], site),
    )


def _state_text(change: Mapping[str, Any], state: Mapping[str, Any] | None, site: Site) -> str:
    if state is None:
        nothing = {"grade": _("withdrawn"), "episode": _("no episode"), "dose_period": _("not known")}
        return nothing.get(change["what"], _("nobody looked yet"))
    badge = badges.of_grade(
        change["kind"], grade=state["grade"], at_least=state["at_least"], at_most=state["at_most"], flags=state["flags"]
    )
    if change["what"] != "episode":
        return listed([badge.word, badge.detail]) if badge.detail else badge.word
    word = _("provisional") if state["flags"] else badge.word
    if state["ended_at"] is None:
        return _("%(grade)s, open") % {"grade": word}
    return _("%(grade)s, resolved since %(time)s") % {"grade": word, "time": _time(state["ended_at"], site)}


def _time(text: str, site: Site) -> str:
    return day_text(datetime.fromisoformat(text), ZoneInfo(site.time_zone))
