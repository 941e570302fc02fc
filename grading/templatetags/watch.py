"""Stripes of pages that show alerts: whether these can be trusted to arrive."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.sign_in.first_steps import HAS_WHAT_IT_NEEDS
from grading.alerting.delivery.signs_of_life import phone_numbers_for, stripes_for
from grading.alerting.selectors.alerts import is_any_waiting
from grading.alerting.selectors.contacts import gone_for
from grading.words.doors import may_here

register = template.Library()


@register.simple_tag(takes_context=True)
def shows_alarms(context: Context) -> bool:
    """Whether this page tells its reader of alarms: of those who see a ward, once every page is open to them."""
    user, request = context.get("user"), context.get("request")
    if user is None or not user.is_authenticated or user.must_change_password:
        return False
    return bool(request.session.get(HAS_WHAT_IT_NEEDS)) and may_here(request, Act.SEE_WARD)


@register.simple_tag(takes_context=True)
def alarms_wait(context: Context) -> bool:
    """Whether the page begins with an alarm, for which it leaves room."""
    return is_any_waiting(context["user"])


@register.inclusion_tag("alerting/_stripes.html", takes_context=True)
def watch_stripes(context: Context) -> dict[str, Any]:
    """No alert can be trusted to arrive, or a channel fails. Nothing where all is well."""
    return {"stripes": stripes_for(context["user"], at=timezone.now())}


@register.inclusion_tag("alerting/_gone.html", takes_context=True)
def gone_stripes(context: Context) -> dict[str, Any]:
    """Of the reader's own browsers: for the page itself, never for what is drawn once for many."""
    return {"gone": gone_for(context["user"], at=timezone.now())}


@register.inclusion_tag("alerting/_silent.html", takes_context=True)
def silent_stripe(context: Context) -> dict[str, Any]:
    """Hidden until nothing was heard from the server for a minute."""
    return {"phone_trees": phone_numbers_for(context["user"])}
