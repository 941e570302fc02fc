"""Who may see the same: what is drawn for one of them is right for all."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import BigIntegerField

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from crsmonitor.database.question import OneOf, Question
from crsmonitor.pages.notices import Place
from regimens.models import Membership
from regimens.selectors import OF_WHOLE_STUDY

# What somebody is: study, site (0: all of them) and role, of every membership.
Scope = frozenset[tuple[int, int, str]]


_MEMBERSHIPS = Question[tuple[int, int, int | None, str]](
    lambda users: Membership.objects.filter(
        OneOf("user", users, BigIntegerField()), ended_at=None
    ).values_list("user", "study", "site", "role")
)  # fmt: skip


def scope_of(user: User) -> Scope:
    """Everything that decides what this user sees of alerts, as it is now."""
    return scopes_of([user])[user.pk]


def scopes_of(users: Iterable[User]) -> dict[int, Scope]:
    """By the key of the user. Empty scopes for the inactive."""
    memberships: dict[int, set[tuple[int, int, str]]] = defaultdict(set)
    active = [user.pk for user in users if user.is_authenticated and user.is_active]
    for user, study, site, role in _MEMBERSHIPS.all(users=active):
        memberships[user].add((study, site or 0, role))
    return defaultdict(frozenset, {user: frozenset(scope) for user, scope in memberships.items()})


def someone_of(scope: Scope) -> User | None:
    """A person who sees just this, now. None: nobody does any more."""
    people = list(
        User.objects.filter(is_active=True, memberships__study__in={study for study, _, _ in scope}).distinct()
    )
    scopes = scopes_of(people)
    return next((one for one in people if scopes[one.pk] == scope), None)


def places_of(scope: Scope, *acts: Act) -> frozenset[Place]:
    """The study and the site (0: all of them) of whatever may do one of these acts there."""
    may = {role for act in acts for role in roles_that_may(act)}
    return frozenset((study, 0 if role in OF_WHOLE_STUDY else site) for study, site, role in scope if role in may)
