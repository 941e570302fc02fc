"""Keys for machines: issued to oneself, revoked, and used."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import NotFound

MOST_DAYS = 365  # a key without an end is a key that nobody remembers


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user).order_by("-created_at")


def issue_own(*, user: User, label: str, scopes: Iterable[str], days: int, at: datetime) -> str:
    """The key of a new token, which cannot be shown again."""
    with acting(by=user, reason=f"a key for {label}"):
        _, key = ApiToken.issue(user=user, label=label, scopes=scopes, at=at, expires_at=at + timedelta(days=days))
    return key


def revoke_own(token_id: int, *, user: User, at: datetime) -> None:
    """NotFound for another's, and for one that is revoked already."""
    with acting(by=user, reason="revoked by its holder"):
        if not ApiToken.objects.filter(pk=token_id, user=user, revoked_at=None).update(revoked_at=at):
            raise NotFound("no_such_record")


def note_use(token: ApiToken, *, address: str, at: datetime) -> None:
    """The trail has it: who used which key, when and from where."""
    with acting(by=token.user, reason=f"key used from {address or 'this machine'}"):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
