"""A client signs in by one INSERT: thousands of tests begin so, and Django makes a session, and another in its place.

A pytest plugin, see conftest.py. Only of a client without a session; whoever has one goes Django's way.
"""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, user_logged_in
from django.http import HttpRequest
from django.test.client import ClientMixin

_by_django = ClientMixin._login


def _login(client: Any, user: Any, backend: str | None = None) -> None:
    """Leaves what Django leaves: the session, the cookie, and the time of the sign-in."""
    if settings.SESSION_COOKIE_NAME in client.cookies or backend is None:
        _by_django(client, user, backend)
        return
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    request.session[BACKEND_SESSION_KEY] = backend
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    user_logged_in.send(sender=type(user), request=request, user=user)
    request.session.save()
    client._set_login_cookies(request)


ClientMixin._login = _login
