"""The morning's mail about a rota, in words. Names of staff as on the rota's page, nothing of a participant."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from grading.alerting.selectors.rota import cover_of, now_and_next_of
from grading.models import RotaNote, RotaShift
from grading.models.on_call import ON_CALL_ROLES
from regimens.rules.wall_time import day_text

GAPS_WITHIN = timedelta(days=1)


def rota_lines(note: RotaNote, *, at: datetime) -> list[str]:
    """Who is on at `at` and who is next, and the hours of the next day that nobody has; in the time of the site."""
    zone = ZoneInfo(note.site.time_zone)
    place = {"study": note.study.code, "site": note.site.code, "zone": note.site.time_zone}
    lines = [_("Study %(study)s, site %(site)s; times of the site (%(zone)s)") % place, ""]
    for row in now_and_next_of(note.study, note.site, at=at):
        now = _named(row.now, lambda shift: _("until %(at)s") % {"at": day_text(shift.ends_at, zone)})
        later = _named(row.next, lambda shift: _("from %(at)s") % {"at": day_text(shift.starts_at, zone)})
        words = {"role": ON_CALL_ROLES[row.on_call_role.value], "now": now, "next": later}
        lines.append(_("%(role)s: now %(now)s; next %(next)s") % words)
    for gap in cover_of(note.study, note.site, start=at, end=at + GAPS_WITHIN).gaps:
        hours = {
            "role": ON_CALL_ROLES[gap.on_call_role.value], "start": day_text(gap.starts_at, zone),
            "end": day_text(gap.ends_at, zone),
        }  # fmt: skip
        lines.append(_("Nobody is %(role)s from %(start)s to %(end)s.") % hours)
    return lines


def _named(shifts: Iterable[RotaShift], hours: Callable[[RotaShift], str]) -> str:
    return ", ".join(f"{shift.person} ({hours(shift)})" for shift in shifts) or _("nobody")
