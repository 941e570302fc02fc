"""The key of a tablet, in a cookie of its browser: no script reads it, and it goes to no other site."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}tablet"
LASTS_S = 400 * 24 * 60 * 60  # the longest that browsers keep one; each full sign-in counts anew


def new_key() -> str:
    return secrets.token_urlsafe(32)


def key_in(request: HttpRequest) -> str:
    """Empty: none."""
    return request.COOKIES.get(COOKIE, "")


def keep(answer: HttpResponse, key: str) -> None:
    answer.set_cookie(
        COOKIE, key, max_age=LASTS_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def drop(answer: HttpResponse) -> None:
    """With the same words: a browser takes nothing of a __Host- cookie that is not said securely."""
    answer.set_cookie(COOKIE, "", max_age=0, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
