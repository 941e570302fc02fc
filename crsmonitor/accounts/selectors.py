"""Questions about accounts."""

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.db.models import Q, QuerySet

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.database import rows


@cache
def _sql() -> str:
    return f"""
        SELECT {rows.columns(ApiToken, "t")}, {rows.columns(User, "u")}
          FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
         WHERE t.digest = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL AND u.is_active
    """  # noqa: S608 - composed of the models' own names


def live_token(key: str, *, at: datetime) -> ApiToken | None:
    """The token of this key with its user, or None when unknown, expired, revoked or of an inactive user."""
    row = rows.fetch(_sql(), [ApiToken.digest_of(key), at])
    if row is None:
        return None
    token = rows.taken(ApiToken, row)
    token.user = rows.taken(User, row)
    return token


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
