"""Questions about accounts."""

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.db.models import Q, QuerySet

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.database import rows

# A key comes with every fact of a program: what was read of it and of its user holds for these versions of their rows,
# which are asked for every time. Every change of either makes another (who wrote it, and where it lies).
_VERSION = "t.xmin::text || t.ctid::text || u.xmin::text || u.ctid::text"
_MOST_KEPT = 1000
_kept: dict[str, tuple[str, ApiToken, User]] = {}  # by digest


@cache
def _sql(what: str) -> str:
    return f"""
        SELECT {_VERSION}{what} FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
         WHERE t.digest = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL AND u.is_active
    """  # noqa: S608 - composed of the models' own names


def live_token(key: str, *, at: datetime) -> ApiToken | None:
    """The token of this key with its user, or None when unknown, expired, revoked or of an inactive user."""
    digest = ApiToken.digest_of(key)
    known = _kept.get(digest)
    row = rows.fetch(_sql("") if known else _both(), [digest, at])
    if known and row is not None and next(row) != known[0]:
        known, row = None, rows.fetch(_both(), [digest, at])
    if row is None:
        _kept.pop(digest, None)
        return None
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[digest] = next(row), rows.taken(ApiToken, row), rows.taken(User, row)
    token = rows.again(known[1])
    token.user = rows.again(known[2])
    return token


@cache
def _both() -> str:
    return _sql(f", {rows.columns(ApiToken, 't')}, {rows.columns(User, 'u')}")


def active_user(pk: int) -> User | None:
    """The person with this key. None: nobody, or an account that was deactivated."""
    return User.objects.filter(pk=pk, is_active=True).first()


def accounts_called(text: str) -> QuerySet[User]:
    """Whoever may have a new password mailed: by sign-in name or address, active, with a password of their own."""
    mine = Q(username=User.normalize_username(text)) | Q(email__iexact=text)
    return User.objects.filter(mine, is_active=True).exclude(email="").exclude(password__startswith=UNUSABLE)[:5]


def is_operator(user: User) -> bool:
    """Who runs the server: makes studies, and names the first data manager of each."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)
