"""Questions about accounts."""

from datetime import datetime

from crsmonitor.accounts.models import ApiToken


def live_token(key: str, *, at: datetime) -> ApiToken | None:
    """The token of this key with its user, or None when unknown, expired, revoked or of an inactive user."""
    return (
        ApiToken.objects.select_related("user")
        .filter(digest=ApiToken.digest_of(key), expires_at__gt=at, revoked_at=None, user__is_active=True)
        .first()
    )
