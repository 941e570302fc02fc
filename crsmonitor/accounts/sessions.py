"""Which sessions hold, asked from outside a request: for pages that stay open without asking anything."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from crsmonitor.accounts.idle import SEEN_AT
from crsmonitor.accounts.models import User


def people_signed_in(keys: Collection[str], *, at: datetime) -> dict[str, User]:
    """The person of each session that is open, as the next request of it would find her. Writes nothing."""
    open_ = Session.objects.filter(session_key__in=keys, expire_date__gt=at)
    sessions = {one.session_key: one.get_decoded() for one in open_}
    numbers = {data[SESSION_KEY] for data in sessions.values() if SESSION_KEY in data}
    people = {str(user.pk): user for user in User.objects.filter(pk__in=numbers, is_active=True)}
    return {
        key: people[data[SESSION_KEY]]
        for key, data in sessions.items()
        if data.get(SESSION_KEY) in people and _is_hers(data, people[data[SESSION_KEY]]) and not _is_idle(data, at=at)
    }


def _is_hers(data: dict[str, str], user: User) -> bool:
    """Not where the password was changed since."""
    return constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _is_idle(data: dict[str, str], *, at: datetime) -> bool:
    noted = data.get(SEEN_AT)
    limit = timedelta(minutes=settings.IDLE_LOCK_MINUTES)
    return noted is not None and at - datetime.fromisoformat(noted) > limit
