"""Stripes of pages that show alerts: whether these can be trusted to arrive."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from grading.alerting.delivery.signs_of_life import phone_trees_for, stripes_for

register = template.Library()


@register.inclusion_tag("alerting/_stripes.html", takes_context=True)
def watch_stripes(context: Context) -> dict[str, Any]:
    """No alert can be trusted to arrive, or a channel fails. Nothing where all is well."""
    return {"stripes": stripes_for(context["user"], at=timezone.now())}


@register.inclusion_tag("alerting/_silent.html", takes_context=True)
def silent_stripe(context: Context) -> dict[str, Any]:
    """Hidden until nothing was heard from the server for a minute."""
    return {"phone_trees": list(phone_trees_for(context["user"]))}
