"""What pages ask about the account of whoever reads them."""

from django import template

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.first_steps import has_passkey as _has_passkey

register = template.Library()


@register.simple_tag
def has_passkey(user: User) -> bool:
    return user.is_authenticated and _has_passkey(user)
