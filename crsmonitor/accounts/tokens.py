"""Keys for machines: issued to oneself, revoked, and used."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db.models import QuerySet

from crsmonitor.accounts.models import LONGEST, ApiToken, User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event
from crsmonitor.errors import NotFound
from crsmonitor.security.sealing import reseal

MOST_DAYS = LONGEST.days
NOTED_EVERY = timedelta(hours=1)
ADDRESSES_KEPT = 20


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


def reseal_shifts(*, by: str, reason: str) -> int:
    """The secrets of shifted dates, under the first key of settings. Returns how many. Raises CannotOpen."""
    shifted = list(ApiToken.objects.exclude(sealed_shift=""))
    with acting(by=by, reason=reason):
        for token in shifted:
            token.sealed_shift = reseal(token.sealed_shift)
            token.save(update_fields=["sealed_shift"])
    return len(shifted)


def may_come_from(token: ApiToken, address: str) -> bool:
    """Whether a request from this address may use the key. An address that nobody knows is in no network."""
    if not token.networks:
        return True
    return bool(address) and any(ip_address(address) in ip_network(one) for one in token.networks)


def is_to_be_noted(token: ApiToken, *, address: str, at: datetime) -> bool:
    """Once an hour, and for a program's key each time that it comes from elsewhere."""
    elsewhere = token.study_id is not None and address not in token.used_from
    return elsewhere or token.last_used_at is None or at - token.last_used_at > NOTED_EVERY


def note_use(token: ApiToken, *, address: str, at: datetime) -> None:
    """The trail has it: who used which key, when and from where."""
    latest = [*(one for one in token.used_from if one != address), address][-ADDRESSES_KEPT:]
    new = token.study_id is not None and address not in token.used_from
    with acting(by=token.user, reason=f"key used from {address or 'this machine'}"):
        ApiToken.objects.filter(pk=token.pk).update(
            last_used_at=at, **({"used_from": latest} if token.study_id is not None else {})
        )
    if new:
        record_event(
            "key_used_from_new_address", by=token.user, subject=f"study:{token.study_id}", key=token.pk, address=address
        )
