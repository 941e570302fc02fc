"""The code of a contact's test message, which shows that somebody read it. It is kept nowhere."""

from django.utils.crypto import constant_time_compare

from grading.alerting.delivery.secret_keys import derived
from grading.models import ContactTest

DIGITS = 6


def _codes(test: ContactTest) -> list[str]:
    return [f"{int(digest, 16) % 10**DIGITS:0{DIGITS}d}" for digest in derived("contact", str(test.pk))]


def code_of(test: ContactTest) -> str:
    """Who knows SECRET_KEY knows it."""
    return _codes(test)[0]


def is_code_of(test: ContactTest, typed: str) -> bool:
    """Whether somebody read the message."""
    return any(constant_time_compare(typed, code) for code in _codes(test))
