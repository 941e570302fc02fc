"""Whom a user looks after: those whose observation goes on, and those of whom nothing was recorded yet.

A site's past only grows. Of whoever is over no row is looked up here: two indexes name the others.
"""

from django.db.models import Q

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.any_of import IsAnyOf
from grading.models import CurrentState
from regimens.selectors import in_scope


def watched_in_scope(user: User, act: Act = Act.SEE_WARD, *, of: str = "pk") -> IsAnyOf:
    """`in_scope`, of those whose observation goes on."""
    going_on = CurrentState.objects.filter(in_scope(user, act, of="participant_id"), ended="")
    return IsAnyOf(of, going_on.values("participant"))


def unrecorded_in_scope(user: User, act: Act = Act.SEE_WARD) -> Q:
    """Of participants: those in scope who are enrolled and of whom nothing was recorded yet."""
    with_something = CurrentState.objects.filter(in_scope(user, act, of="participant_id")).values("participant")
    return Q(in_scope(user, act)) & ~Q(pk__in=with_something)
