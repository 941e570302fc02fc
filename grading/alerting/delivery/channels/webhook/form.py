"""What is asked of a webhook's address and secret when they are kept, not only when they are used."""

from django.conf import settings

from crsmonitor.errors import InvalidInput
from crsmonitor.security.guessable import is_guessable
from grading.alerting.delivery.channels.webhook.guard import RefusedAddress, pin

LEAST_SECRET = 16  # characters
# What is said at the field, by the code of the guard, which says it in logs.
CODES = {
    "malformed": "webhook_malformed",
    "scheme": "webhook_scheme",
    "credentials": "webhook_credentials",
    "host": "webhook_host",
    "port": "webhook_port",
    "odd_address": "webhook_odd_address",
    "unknown_name": "webhook_unknown_name",
    "not_public": "webhook_not_public",
}


def check_address(url: str) -> None:
    """As the sender does before each call (S21). Asks the resolver. Raises InvalidInput."""
    try:
        pin(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE, allow_http=not settings.PRODUCTION)
    except RefusedAddress as refused:
        raise InvalidInput.at("url", CODES[refused.code]) from None


def check_secret(secret: str) -> None:
    """Raises InvalidInput."""
    if is_guessable(secret, least=LEAST_SECRET):
        raise InvalidInput.at("secret", "secret_guessable", least=LEAST_SECRET)
