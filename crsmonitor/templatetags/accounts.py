"""What pages ask about the account of whoever reads them."""

from django import template
from django.conf import settings

from crsmonitor.accounts.library.single_sign_on import is_set, link_of
from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.draft_keys import draft_key
from crsmonitor.accounts.sign_in.first_steps import has_passkey as _has_passkey
from crsmonitor.devices.places import run_by

register = template.Library()
register.simple_tag(draft_key)


@register.simple_tag
def has_passkey(user: User) -> bool:
    return user.is_authenticated and _has_passkey(user)


@register.simple_tag
def provider_of(user: User) -> str:
    """What the provider is called that can ask this person again. Empty: none can."""
    return settings.SINGLE_SIGN_ON_NAME if user.is_authenticated and link_of(user) else ""


@register.simple_tag
def single_sign_on() -> str:
    """What it is called. Empty: there is none."""
    return settings.SINGLE_SIGN_ON_NAME if is_set() else ""


@register.simple_tag
def may_run_tablets(user: User) -> bool:
    """Whether this user may open the page of tablets."""
    return user.is_authenticated and run_by(user).exists()
