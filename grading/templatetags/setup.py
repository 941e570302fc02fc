"""What templates may ask about setting up a study."""

from django import template

from crsmonitor.accounts.models import User
from grading.setup.selectors import is_operator, setups_for

register = template.Library()


@register.simple_tag
def may_set_up(user: User) -> bool:
    """Whether this user sees the checklist of any study, or makes studies."""
    return is_operator(user) or setups_for(user).exists()
