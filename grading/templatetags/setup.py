"""What templates may ask about setting up a study."""

from django import template

from crsmonitor.accounts.models import User
from grading.setup.selectors import is_operator, setups_for
from grading.setup.words import ROLE_NAMES

register = template.Library()


@register.simple_tag
def may_set_up(user: User) -> bool:
    """Whether this user sees the checklist of any study, or makes studies."""
    return is_operator(user) or setups_for(user).exists()


@register.filter
def role_name(role: str) -> str:
    """What a role in a study is called."""
    return str(ROLE_NAMES[role])
