"""What templates may ask about setting up a study."""

from typing import Any

from django import template
from django.utils import timezone

from grading.setup.selectors import beginnings_for
from grading.setup.words import enrol_address
from regimens.selectors import participants_for
from regimens.wording import ROLE_NAMES

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """What a role in a study is called."""
    return str(ROLE_NAMES[role])


@register.inclusion_tag("setup/_nothing_yet.html", takes_context=True)
def nothing_yet(context: template.Context) -> dict[str, Any]:
    """What is missing before there is anything to see, and who does it. Nothing where somebody is enrolled."""
    user = context["user"]
    if participants_for(user).exists():
        return {"beginnings": ()}
    beginnings = beginnings_for(user, at=timezone.now())
    places = [(one, [(site, enrol_address(one.study, site)) for site in one.enrols_at]) for one in beginnings]
    return {"beginnings": places}
