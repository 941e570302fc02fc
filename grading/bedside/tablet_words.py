"""How a fact came that a tablet kept first: said where it waited, or where its times do not fit."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.models import TabletEntry
from grading.templatetags.grading import clock_at_site
from grading.words.wording import phrases, span
from regimens.models import Site
from regimens.rules.tablet_clock import SLACK, ClockDoubt

DOUBTS = {
    ClockDoubt.KEPT_IN_FUTURE: _l("by that clock kept after it was sent"),
    ClockDoubt.KEPT_BEFORE_OPENED: _l("by that clock kept before it was opened"),
    ClockDoubt.KEPT_LONG_AGO: _l("by that clock kept more than 14 days before it was sent"),
    ClockDoubt.MOVED: _l("the time lay ahead and was put back by that difference"),
}


def came_text(entry: TabletEntry, site: Site) -> str:
    """Empty: it was kept and sent at once, by a clock that is right."""
    doubts = [ClockDoubt(code) for code in entry.doubts]
    if not doubts and abs(entry.sent_at - entry.kept_at) <= SLACK:
        return ""
    times = {"kept": clock_at_site(entry.kept_at, site), "received": clock_at_site(entry.received_at, site)}
    came = _("kept on a tablet %(kept)s by its clock, received %(received)s") % times
    return phrases([came, *(_doubt_text(doubt, entry.skew) for doubt in doubts)])


def _doubt_text(doubt: ClockDoubt, skew: timedelta) -> str:
    if doubt is not ClockDoubt.OFF:
        return str(DOUBTS[doubt])
    text = _("its clock was %(span)s ahead") if skew > timedelta(0) else _("its clock was %(span)s behind")
    return text % {"span": span(skew)}
