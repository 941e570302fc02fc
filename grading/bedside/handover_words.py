"""A handover in few words: what somebody reads within 20 seconds at the bed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from grading.alerting.alert_words import grade_words, state_text
from grading.bedside.newest_set import Trend, trends_of
from grading.bedside.selectors.handover import Handover
from grading.bedside.selectors.takeovers import HandoverStart
from grading.bedside.selectors.ward import NextSetDue
from grading.models import Alert, NeuroAssessment, Treatment
from grading.rules.course.handover import GradeCourse, GradeSeen
from grading.words import badges
from grading.words.wording import as_typed, listed, named
from regimens.facts import Fact
from regimens.models import Dose
from regimens.rules.wall_time import clock_text, day_text, on_wall
from regimens.wording import step_text

ARROWS = {"up": "↑", "down": "↓", "same": "=", "unknown": "?"}
NEAR = timedelta(hours=12)  # a clock alone names one instant
TREATMENTS = 4  # the newest; how many more there are is said


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLine:
    """`CRS ↑ 0 → 2, worst 3 at 02:10`, beside the badge that says what the digit means. `arrow` for the eye."""

    arrow: str
    text: str
    is_worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """When the next look of a kind is due, in the site's clock: paper does not count on. `due`: of the board's row."""

    label: str
    clock: str
    due: NextSetDue


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverCard:
    """Finished words. Empty lists: nothing of the kind. `since`: from when it counts, and why from then."""

    handover: Handover
    since: str
    crs: badges.GradeBadge
    icans: badges.GradeBadge
    grades: list[GradeLine]
    trends: list[Trend]
    set_at: str
    due: list[DueLine]
    alerts: list[tuple[Alert, str]]
    treatments: list[str]
    running: list[str]
    doses: list[str]
    entered_late: list[str]


def card_of(handover: Handover, *, crs: badges.GradeBadge, icans: badges.GradeBadge, at: datetime) -> HandoverCard:
    """`crs`, `icans`: the badges that the board shows of its row."""
    zone = ZoneInfo(handover.row.participant.site.time_zone)
    return HandoverCard(
        handover=handover, crs=crs, icans=icans, since=_since(handover.start, zone),
        grades=[_grade_line(kind, course, zone) for kind, course in handover.grades.items() if _is_news(course)],
        trends=_short(trends_of(handover.sets)),
        set_at=_clock(handover.sets[0].observed_at, at, zone) if handover.sets else "", due=_due(handover, at, zone),
        alerts=[(one, named(grade_words(one), state_text(one.state))) for one in handover.alerts],
        treatments=_some(_treatment(one, zone) for one in handover.treatments),
        running=[one.drug for one in handover.running],
        doses=[_dose(one, zone) for one in handover.doses],
        entered_late=_some(_of_before(one, zone) for one in handover.entered_late),
    )  # fmt: skip


def _some(texts: Iterable[str]) -> list[str]:
    every = list(texts)
    left = len(every) - TREATMENTS
    return every if left <= 0 else [*every[:TREATMENTS], _("and %(n)s more") % {"n": left}]


def _clock(instant: datetime, at: datetime, zone: ZoneInfo) -> str:
    """`03:10`, with its day where the clock alone could be another's."""
    text = clock_text(instant, zone)
    return text if abs(instant - at) < NEAR else f"{date_format(on_wall(instant, zone), 'D')} {text}"


def _due(handover: Handover, at: datetime, zone: ZoneInfo) -> list[DueLine]:
    row = handover.row
    of_kinds = ((_("Vitals"), row.vitals_due), (_("Neuro"), row.neuro_due))
    return [
        DueLine(label=label, clock=_clock(one.at, at, zone), due=one) for label, one in of_kinds if one.at is not None
    ]


def _short(trends: list[Trend]) -> list[Trend]:
    """The values of the newest set as they are called at a handover, the pressure in one."""
    if not trends:
        return []
    temperature, systolic, diastolic, pulse, breaths, saturation, oxygen, agents = trends
    return [
        replace(temperature, label=pgettext("handover", "Temp")), _pressure(systolic, diastolic),
        replace(pulse, label=pgettext("handover", "Pulse")), replace(breaths, label=pgettext("handover", "Breaths")),
        saturation, replace(oxygen, label="O₂"), replace(agents, label=pgettext("handover", "Pressors")),
    ]  # fmt: skip


def _pressure(systolic: Trend, diastolic: Trend) -> Trend:
    """120/70; that nobody could measure it stands alone, and so does an upper one without a lower one."""

    def both(upper: str, lower: str) -> str:
        return f"{upper}/{lower}" if lower and upper != lower else upper

    was = both(systolic.was, diastolic.was) if systolic.was else ""
    return replace(systolic, label=pgettext("handover", "BP"), value=both(systolic.value, diastolic.value), was=was)


def _since(start: HandoverStart, zone: ZoneInfo) -> str:
    time, taken = day_text(start.at, zone), start.takeover
    if taken is not None and taken.given_by is not None:
        names = {"person": taken.by.get_username(), "giver": taken.given_by.get_username(), "time": time}
        return _("Since %(time)s: %(person)s took over from %(giver)s") % names
    if taken is not None:
        return _("Since %(time)s: %(person)s took over") % {"person": taken.by.get_username(), "time": time}
    if start.by_rota:
        return _("Since %(time)s, when the shift began by the rota: nobody has taken over") % {"time": time}
    return _("Of the last 12 h: nobody has taken over, and the rota names no shift")


def _of_before(one: Fact, zone: ZoneInfo) -> str:
    if isinstance(one, Treatment):
        return _treatment(one, zone)
    if isinstance(one, Dose):
        return _dose(one, zone)
    kind = _("Neuro") if isinstance(one, NeuroAssessment) else _("Vital signs")
    return f"{clock_text(one.observed_at, zone)} {kind}"


def _dose(one: Dose, zone: ZoneInfo) -> str:
    return f"{clock_text(one.observed_at, zone)} {step_text(one.step.label)}"


def _treatment(one: Treatment, zone: ZoneInfo) -> str:
    amount = "" if one.dose is None else f" {as_typed(one.dose)} {one.unit}"
    return f"{clock_text(one.observed_at, zone)} {one.drug}{amount}"


def _is_news(course: GradeCourse) -> bool:
    """Whether the badge beside it does not say it all: somebody looked, and it was and is 0 for certain."""
    if course.now is None:
        return False
    is_still_none = course.now.at_most == 0 and (course.was is None or course.was.at_most == 0)
    return course.now is course.was or course.is_higher_between or not is_still_none


def _grade_line(kind: str, course: GradeCourse, zone: ZoneInfo) -> GradeLine:
    assert course.now is not None
    name = badges.NAMES[kind]
    if course.now is course.was:
        text = named(name, _("no new set, still %(grade)s") % {"grade": _word(kind, course.now)})
    elif course.was is None:
        text = named(name, _("first seen: %(grade)s") % {"grade": _word(kind, course.now)})
    else:
        text = f"{name} {_digit(kind, course.was)} → {_digit(kind, course.now)}"
    if course.is_higher_between and course.peak is not None:
        worst = {"grade": _digit(kind, course.peak), "time": clock_text(course.peak.at, zone)}
        text = listed([text, _("worst %(grade)s at %(time)s") % worst])
    return GradeLine(
        arrow="" if course.was is None else ARROWS[course.direction],
        text=text, is_worse=course.direction == "up",
    )  # fmt: skip


def _word(kind: str, seen: GradeSeen) -> str:
    return badges.of_grade(kind, grade=seen.grade, at_least=seen.at_least, at_most=seen.at_most).word


def _digit(kind: str, seen: GradeSeen) -> str:
    """As the badge has it; the word where it cannot be told."""
    badge = badges.of_grade(kind, grade=seen.grade, at_least=seen.at_least, at_most=seen.at_most)
    return badge.digit if badge.digit.isdigit() else badge.word


def since_choices(at: datetime, chosen: datetime | None) -> list[int]:
    """Hours that the page offers beside the last takeover; those that are `chosen` are there already."""
    ago = None if chosen is None else (at - chosen).total_seconds() / 3600
    return [hours for hours in (4, 8, 12, 24) if ago is None or abs(ago - hours) > 0.1]
