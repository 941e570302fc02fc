"""Which sessions hold, asked from outside a request: for pages that stay open, and for whoever looks at her own."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.idle import is_locked, is_over
from crsmonitor.audit.events import record_event

ENDED_BECAUSE = "ended_because"  # in what is left of a session, for the sign-in page: WHY in views/sign_in.py


def people_signed_in(keys: Collection[str], *, at: datetime) -> dict[str, User]:
    """The person of each session that is open, as the next request of it would find her. Writes nothing."""
    open_ = Session.objects.filter(session_key__in=keys, expire_date__gt=at)
    sessions = {one.session_key: one.get_decoded() for one in open_}
    numbers = {data[SESSION_KEY] for data in sessions.values() if SESSION_KEY in data}
    people = {str(user.pk): user for user in User.objects.filter(pk__in=numbers, is_active=True)}
    return {
        key: people[data[SESSION_KEY]]
        for key, data in sessions.items()
        if data.get(SESSION_KEY) in people
        and _is_hers(data, people[data[SESSION_KEY]])
        and not (is_over(data, at=at) or is_locked(data, at=at))
    }


def _is_hers(data: dict[str, str], user: User) -> bool:
    """Not where the password was changed since."""
    return constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def sessions_of(user: User, *, at: datetime) -> list[UserSession]:
    """Where she is signed in, the latest first."""
    mine = UserSession.objects.filter(user=user).order_by("-created_at")
    held = people_signed_in(mine.values_list("session_key", flat=True), at=at)
    return [one for one in mine if one.session_key in held]


def note(request: HttpRequest, user: User, *, at: datetime) -> None:
    """She signed in: it is in her list, and what is over is not any more."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    UserSession.objects.filter(user=user).exclude(session_key__in=alive).delete()
    UserSession.objects.create_from_request(request)


def end_all(people: Collection[int], *, where: Callable[[Mapping[str, Any]], bool]) -> int:
    """End those sessions of these people whose contents are so. How many."""
    noted = UserSession.objects.filter(user__in=people).values("session_key")
    ended = [one.session_key for one in Session.objects.filter(session_key__in=noted) if where(one.get_decoded())]
    UserSession.objects.filter(session_key__in=ended).delete()
    Session.objects.filter(session_key__in=ended).delete()
    return len(ended)


def rename(before: str | None, after: str | None) -> None:
    """Where somebody is signed in goes on under another key."""
    UserSession.objects.filter(session_key=before).update(session_key=after)


def end_and_say(user: User, *, because: str, by: User | str, at: datetime) -> None:
    """Nobody is signed in as her any more, and her next visit is told why. What is typed there is kept in the tab."""
    mine = UserSession.objects.filter(user=user)
    open_ = Session.objects.filter(session_key__in=mine.values("session_key"), expire_date__gt=at)
    ended = open_.update(session_data=SessionStore().encode({ENDED_BECAUSE: because}))
    mine.delete()
    if ended:
        record_event("sessions_ended", by=by, subject=f"user:{user.pk}", which=because, sessions=ended)


def end_others(request: HttpRequest, *, because: str) -> None:
    """She is signed in here alone."""
    here = request.session.session_key
    others = UserSession.objects.filter(user=request.user).exclude(session_key=here)
    ended, _ = Session.objects.filter(session_key__in=others.values("session_key")).delete()
    others.delete()
    if ended:
        record_event("sessions_ended", by=request.user, which=because, sessions=ended)


def renew(request: HttpRequest) -> None:
    """The session goes on under another key, which nobody else can know."""
    before = request.session.session_key
    request.session.cycle_key()
    rename(before, request.session.session_key)
