"""Words for templates: grades, times in the site's zone, durations."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crsmonitor.accounts.selectors import is_operator
from crsmonitor.database.read_only import is_read_only
from crsmonitor.devices.models import Tablet
from crsmonitor.devices.selectors import rules_of
from crsmonitor.operating import release
from grading.alerting.alert_words import not_callable_text
from grading.course.record import readings
from grading.dosing.gate_words import DEVIATIONS
from grading.models import Episode, Indication
from grading.models.on_call import ON_CALL_ROLES
from grading.review import assessment_words as ledger_words
from grading.rules.grades.entry.limits import LIMITS, Limit
from grading.words import badges, wording
from grading.words.doors import Menu, menu_of, roles_here
from grading.words.error_words import doubt_text
from grading.words.wording import bracketed, listed
from regimens.models import Site
from regimens.rules.releases import Deviation
from regimens.rules.wall_time import clock_text, day_text, offset_of, on_wall

register = template.Library()


@register.simple_tag
def idle_seconds(tablet: Tablet | None = None) -> int:
    """After how many idle seconds the page locks itself; the server does the same. On an enrolled tablet sooner."""
    return rules_of(tablet.site).lock_after_s if tablet else settings.IDLE_LOCK_MINUTES * 60


@register.simple_tag
def nothing_is_kept() -> bool:
    """Whether the database takes no writes now, as during a failover."""
    return is_read_only()


@register.simple_tag
def program_version() -> str:
    return release.label()


@register.simple_tag(takes_context=True)
def menu(context: template.Context) -> Menu:
    """The pages that the reader may open."""
    request = context["request"]
    return menu_of(roles_here(request), operates=is_operator(request.user))


@register.simple_tag
def comma() -> str:
    """Between a thing and what is said of it, in the reader's marks: English has a blank behind it, Chinese none."""
    return pgettext("between parts of a sentence", ", ")


@register.simple_tag
def colon() -> str:
    return wording.colon()


@register.simple_tag
def semicolon() -> str:
    return wording.phrases(("", ""))


@register.filter
def phrases(texts: Iterable[str]) -> str:
    return wording.phrases(texts)


@register.filter
def badge_of(explained: Any) -> badges.GradeBadge:
    return badges.of_explained(explained)


@register.filter
def ledger_lines(ledgers: Any) -> list[ledger_words.LedgerLine]:
    return ledger_words.lines(ledgers)


@register.filter
def grade_word(grade: int) -> str:
    return ledger_words.grade_word(grade)


@register.filter
def provisional_text(flag: str) -> str:
    return wording.provisional_text(flag)


@register.simple_tag
def new_id() -> str:
    """The id of a fact that this page may send."""
    return str(uuid.uuid4())


@register.filter
def given_for(act: Any) -> str:
    """`tocilizumab for CRS`."""
    label = Indication(act.indication).label if act.indication else ""
    return _("%(drug)s for %(what)s") % {"drug": act.drug, "what": label} if label else act.drug


@register.filter
def at_site(instant: datetime | None, site: Site) -> str:
    """`Tue 2026-03-03 03:10`, in the zone of the site."""
    if instant is None:
        return ""
    zone = ZoneInfo(site.time_zone)
    return f"{date_format(on_wall(instant, zone), 'D')} {day_text(instant, zone)}"


@register.filter
def worst_grade(episode: Episode, site: Site) -> str:
    """`worst grade 2 at Tue 2026-03-03 03:10`; a provisional episode has none: by its flag."""
    if episode.provisional:
        return format_html('<span class="unit">{}</span>', wording.provisional_text(episode.provisional))
    return _("worst grade %(grade)s at %(time)s") % {"grade": episode.max_grade, "time": at_site(episode.max_at, site)}


@register.filter
def at_site_zone(instant: datetime | None, site: Site) -> str:
    """`Tue 2026-03-03 03:10 Asia/Taipei +08:00`: where no banner above says whose clock it is."""
    return "" if instant is None else f"{at_site(instant, site)} {zone_name(instant, site)}"


@register.filter
def clock_at_site(instant: datetime | None, site: Site) -> str:
    """`Tue 03:10`."""
    if instant is None:
        return ""
    zone = ZoneInfo(site.time_zone)
    return f"{date_format(on_wall(instant, zone), 'D')} {clock_text(instant, zone)}"


@register.filter
def zone_name(instant: datetime, site: Site) -> str:
    """The zone with its offset, such as Asia/Taipei +08:00."""
    return f"{site.time_zone} {offset_of(instant, ZoneInfo(site.time_zone))}"


@register.filter
def span(length: timedelta | None) -> str:
    """12 min, 3 h 20 min, 2 d 4 h."""
    return "" if length is None else wording.span(length)


@register.filter
def number(value: Any) -> str:
    """A measured value as it was typed; 38 °C is shown as 38.0. Nothing where nobody measured."""
    if value is None or value == "":
        return "–"
    return wording.as_typed(Decimal(str(value)))


@register.filter
def limit_of(field: str) -> Limit | None:
    """What a measured value can be. None: the field is no such value."""
    return LIMITS.get(field)


@register.filter
def degrees(value: Any) -> str:
    return "–" if value is None or value == "" else wording.in_degrees(Decimal(str(value)))


@register.filter
def device_label(code: str | None) -> str:
    return str(wording.DEVICES.get(code or "", code or "–"))


@register.filter
def label(code: str | None, table: str) -> str:
    """The label of a code in one of the tables of wording.py; – where nobody looked."""
    if code is None or code == "":
        return "–"
    return str(getattr(wording, table).get(code, code))


@register.filter
def yes_no(answer: bool | str | None) -> str:
    """– where nobody said: also where there is no set to ask, which a template gives as ''."""
    return "–" if answer is None or answer == "" else _("yes") if answer else _("no")


@register.filter
def given_or_none(answer: bool | str | None) -> str:
    """In the words of the keys of that question."""
    return "–" if answer is None or answer == "" else _("given") if answer else _("none")


@register.filter
def agents(names: list[str] | str | None) -> str:
    """– where nobody said: also where there is no set to ask, which a template gives as ''."""
    if names is None or names == "":
        return "–"
    return wording.listed(names) or _("none")


@register.filter
def ice_points(neuro: Any) -> str:
    """The score, or that it is not whole. Never 0 for "not done"."""
    score = readings.ice_score(neuro)
    return "–" if score is None else f"{score}/10"


@register.filter
def item(table: dict[str, Any], name: str) -> Any:
    return table.get(name)


@register.filter
def reasons_for_not_done(not_done: dict[str, str]) -> list[str]:
    names = wording.MEASURED | wording.MISSING
    return [wording.named(names.get(name, name), wording.NOT_DONE.get(why, why)) for name, why in not_done.items()]


SOON = timedelta(minutes=15)


@register.filter
def due_text(due: Any) -> str:
    """`due in 12 min` or `18 min late`."""
    if due.late_by is None:
        return ""
    if due.late_by > timedelta():
        return _("%(span)s late") % {"span": span(due.late_by)}
    return _("due in %(span)s") % {"span": span(due.late_by)}


@register.filter
def due_tone(due: Any) -> str:
    """later, soon or late: the words of `due_text` say the same."""
    if due.late_by > timedelta():
        return "late"
    return "soon" if -due.late_by <= SOON else "later"


@register.filter
def doubt_words(doubt: Any) -> str:
    return doubt_text(doubt)


@register.filter
def measured_name(field: str) -> str:
    return str(wording.MEASURED.get(field, field))


@register.filter
def deviation_word(deviation: str) -> str:
    return str(DEVIATIONS[Deviation(deviation)])


@register.filter
def not_callable(why: str) -> str:
    return not_callable_text(str(why))


@register.filter
def on_call_role_name(on_call_role: str) -> str:
    return str(ON_CALL_ROLES.get(str(on_call_role), on_call_role))


@register.filter
def on_call_roles_beside(on_call_roles: Iterable[str], text: str) -> str:
    """`text (one role, another role)`; `text` alone where there is none."""
    names = listed(ON_CALL_ROLES.get(str(on_call_role), on_call_role) for on_call_role in on_call_roles)
    return bracketed(names, beside=text) if names else text
