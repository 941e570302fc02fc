"""Which language a person reads: that of her pages, and so of her messages."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting

KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


def keep(user: User, language: str | None, *, unless_known: bool = False) -> None:
    """She reads this language from now on; one that the app does not speak changes nothing.

    `unless_known`: only where she never chose one, so that a borrowed tablet does not change it.
    """
    if language not in KNOWN or user.language == language or (unless_known and user.language):
        return
    with acting(by=user, reason="language"):
        User.objects.filter(pk=user.pk).update(language=language)


def follow(answer: HttpResponse, user: User) -> None:
    """The pages that follow are in her language, on a tablet that was another's before; as it was, if she has none."""
    if user.language:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, user.language, httponly=True, samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )  # fmt: skip


@contextmanager
def of(user: User | None) -> Iterator[None]:
    """Say what follows in her language; in that of the site for nobody, or where she never chose one."""
    with translation.override((user.language if user else "") or settings.LANGUAGE_CODE):
        yield
