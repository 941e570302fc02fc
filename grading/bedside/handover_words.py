"""A handover in few words: what somebody reads within 20 seconds at the bed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from grading.alerting.alert_words import grade_words, state_text
from grading.bedside.newest_set import Trend, trends_of
from grading.bedside.selectors.handover import Handover
from grading.models import Alert, Treatment
from grading.rules.course.handover import GradeCourse, GradeSeen
from grading.words import badges
from grading.words.wording import as_typed, listed, named
from regimens.rules.wall_time import clock_text

ARROWS = {"up": "↑", "down": "↓", "same": "=", "unknown": "?"}
TREATMENTS = 4  # the newest; how many more there are is said


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLine:
    """`CRS ↑ no CRS → Grade 2; worst Grade 3 at 02:10`. `arrow` for the eye, `text` says it all."""

    arrow: str
    text: str
    is_worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverCard:
    """Finished words. Empty lists: nothing of the kind."""

    handover: Handover
    crs: badges.GradeBadge
    icans: badges.GradeBadge
    grades: list[GradeLine]
    trends: list[Trend]
    alerts: list[tuple[Alert, str]]
    treatments: list[str]
    running: list[str]
    doses: list[str]


def card_of(handover: Handover, *, crs: badges.GradeBadge, icans: badges.GradeBadge) -> HandoverCard:
    """`crs`, `icans`: the badges that the board shows of its row."""
    zone = ZoneInfo(handover.row.participant.site.time_zone)
    return HandoverCard(
        handover=handover, crs=crs, icans=icans,
        grades=[_grade_line(kind, course, zone) for kind, course in handover.grades.items() if course.now is not None],
        trends=trends_of(handover.sets),
        alerts=[(one, named(grade_words(one), state_text(one.state))) for one in handover.alerts],
        treatments=_some(_treatment(one, zone) for one in handover.treatments),
        running=[one.drug for one in handover.running],
        doses=[f"{clock_text(one.observed_at, zone)} {one.step.label}" for one in handover.doses],
    )  # fmt: skip


def _some(texts: Iterable[str]) -> list[str]:
    every = list(texts)
    left = len(every) - TREATMENTS
    return every if left <= 0 else [*every[:TREATMENTS], _("and %(n)s more") % {"n": left}]


def _treatment(one: Treatment, zone: ZoneInfo) -> str:
    amount = "" if one.dose is None else f" {as_typed(one.dose)} {one.unit}"
    return f"{clock_text(one.observed_at, zone)} {one.drug}{amount}"


def _grade_line(kind: str, course: GradeCourse, zone: ZoneInfo) -> GradeLine:
    assert course.now is not None
    if course.now is course.was:
        text = _("no new set, still %(grade)s") % {"grade": _word(kind, course.now)}
    elif course.was is None:
        text = _("first seen: %(grade)s") % {"grade": _word(kind, course.now)}
    else:
        text = f"{_word(kind, course.was)} → {_word(kind, course.now)}"
    if course.is_higher_between and course.peak is not None:
        worst = {"grade": _word(kind, course.peak), "time": clock_text(course.peak.at, zone)}
        text = listed([text, _("worst %(grade)s at %(time)s") % worst])
    return GradeLine(
        arrow="" if course.was is None else ARROWS[course.direction],
        text=named(badges.NAMES[kind], text), is_worse=course.direction == "up",
    )  # fmt: skip


def _word(kind: str, seen: GradeSeen) -> str:
    return badges.of_grade(kind, grade=seen.grade, at_least=seen.at_least, at_most=seen.at_most).word


def since_choices(at: datetime, began: datetime) -> list[int]:
    """Hours that the page offers beside the shift."""
    return [hours for hours in (4, 8, 12, 24) if abs((at - began).total_seconds() / 3600 - hours) > 0.1]
