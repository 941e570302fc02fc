"""Who works where, and who looks after the tablets of a site: not known here. An app says it, when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crsmonitor.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`works_at`: whether somebody is at work at the site of this key. `run_by`: the sites whose tablets she runs.

    `crew_of`: everybody who is at work at one of those sites.
    """

    works_at: Callable[[User, int], bool]
    run_by: Callable[[User], QuerySet[Any]]
    crew_of: Callable[[User], QuerySet[User]]


_known: list[Places] = []


def say_places(places: Places) -> None:
    """Called once, by the app that knows the sites."""
    _known[:] = [places]


def works_at(user: User, site_id: int) -> bool:
    return user.is_active and _known[0].works_at(user, site_id)


def run_by(user: User) -> QuerySet[Any]:
    return _known[0].run_by(user)


def crew_of(user: User) -> QuerySet[User]:
    return _known[0].crew_of(user)
