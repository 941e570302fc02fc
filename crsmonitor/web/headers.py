"""What every answer says to a browser, also where the event loop answers by itself and Django does not."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

POLICY = "Content-Security-Policy"


class PolicyMiddleware(MiddlewareMixin):
    """Says what a page may load: the same of every page, so it is put together once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not settings.DEBUG or response.status_code not in (404, 500):  # Django's own pages for developers
            response.headers.setdefault(POLICY, policy())
        return response


@cache
def policy() -> str:
    """As a header says it."""
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.CONTENT_SECURITY_POLICY.items())


def of_every_answer() -> list[tuple[bytes, bytes]]:
    """As SecurityMiddleware and PolicyMiddleware say it on pages: a file, a refusal or a probe is nothing else."""
    headers = {
        POLICY.lower(): policy(),
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
