"""Facts that programs send by key: they have no session, and need nothing of what is done for people's browsers."""

import re
from typing import Final

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.utils.module_loading import import_string

from crsmonitor.web.messages import Scope

# What a browser brings along, or what is kept for it. Whatever else settings name is done for programs too.
FOR_BROWSERS: Final = frozenset({
    "whitenoise.middleware.WhiteNoiseMiddleware",  # files, none of which lies below these addresses
    "crsmonitor.accounts.sign_in.cookies.KeptSessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crsmonitor.devices.middleware.TabletMiddleware",
    "crsmonitor.accounts.sign_in.idle.IdleMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crsmonitor.accounts.views.sign_in.SignInRequired",  # REST framework's views ask who it is themselves
    "crsmonitor.accounts.sign_in.first_steps.FirstStepsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
})  # fmt: skip
FACTS: Final = re.compile(r"/api/v1/participants/[0-9]+/[\w-]+/\Z")


def is_of_a_machine(scope: Scope) -> bool:
    """Whether it is a fact with a key and without any cookie: whoever sends a cookie may be signed in by it."""
    if scope["method"] != "POST" or not FACTS.match(scope["path"]):
        return False
    headers = dict(scope["headers"])
    return b"cookie" not in headers and headers.get(b"authorization", b"")[:6].lower() == b"token "


class MachineHandler(WSGIHandler):
    """Django's, with the middleware that is not for browsers alone."""

    def load_middleware(self, is_async: bool = False) -> None:
        """As BaseHandler does it for those that are synchronous, as all of ours are here."""
        self._view_middleware, self._template_response_middleware, self._exception_middleware = [], [], []
        handler = convert_exception_to_response(self._get_response)
        for name in reversed([one for one in settings.MIDDLEWARE if one not in FOR_BROWSERS]):
            middleware = import_string(name)(handler)
            if hasattr(middleware, "process_view"):
                self._view_middleware.insert(0, middleware.process_view)
            if hasattr(middleware, "process_exception"):
                self._exception_middleware.append(middleware.process_exception)
            handler = convert_exception_to_response(middleware)
        self._middleware_chain = handler
