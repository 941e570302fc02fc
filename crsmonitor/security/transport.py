"""How a request may come: by a method that somebody serves, and to the API under TLS or not at all."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _

from crsmonitor.api.problems import is_api, problem_of

# TRACE, CONNECT and what else a client makes up: a view that is a function would answer them as it does GET.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class TransportMiddleware(MiddlewareMixin):
    """Before SecurityMiddleware, which leads a person's browser from http to https."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if settings.SECURE_SSL_REDIRECT and is_api(request) and not request.is_secure():
            # A program that is led on sends its key in the clear every time, and nobody notices.
            return problem_of(
                HTTPStatus.FORBIDDEN,
                "https_only",
                _("Use https. What was sent in the clear is not safe: change the key."),
            )
        return None
