"""Accounts: no sign-up, our audit trail, our session."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from crsmonitor.accounts import languages
from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in import guessing, hands, known_devices, sessions
from crsmonitor.accounts.sign_in.idle import OPENED_ON_TABLET, PROVEN_AT, SEEN_AT, SIGNED_IN_AT
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event
from crsmonitor.devices import cookie, shifts
from crsmonitor.security.addresses import client_address

logger = logging.getLogger(__name__)

JUST_NOW = timedelta(minutes=5)
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing is bound: where a peer is a socket of this machine


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        at = timezone.now()
        request.session.pop(sessions.ENDED_BECAUSE, None)
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = at.isoformat()
        sessions.note(request, user, at=at)
        languages.keep(user, get_language(), unless_known=True)
        record_event("sign_in", by=user, **guessing.whence(request, user))
        shifts.signed_in_fully(request, user, at=at)
        hands.run(hands.Hands.IN, request, user)

    def post_login(self, request: HttpRequest, user: User, **words: Any) -> HttpResponse:
        answer = super().post_login(request, user, **words)
        known_devices.remember(request, answer, user)
        if shifts.tablet_of(request) is not None:
            cookie.keep(answer, cookie.key_in(request))  # for as long again
        return answer

    def is_reauthentication_required(self, *, app: str, **words: Any) -> bool:
        """Not of whoever has nothing here to prove it with, and was just let in by the single sign-on."""
        request = context.request
        if self.get_reauthentication_methods(request.user) or request.user.has_usable_password():
            return super().is_reauthentication_required(app=app, **words)
        names = (PROVEN_AT,) if OPENED_ON_TABLET in request.session else (SIGNED_IN_AT, PROVEN_AT)
        times = [request.session[name] for name in names if name in request.session]
        return not times or timezone.now() - datetime.fromisoformat(max(times)) > JUST_NOW

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record_event("sign_out", by=request.user)
            shifts.signed_out(request, request.user, at=timezone.now())
            hands.run(hands.Hands.OUT, request, request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Her own: by whoever knows the one before, or holds what was mailed to her."""
        with acting(by=user, reason="own password"):
            user.must_change_password = False
            super().set_password(user, password)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or UNKNOWN_ADDRESS

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **words: Any
    ) -> None:
        """Signing in and out say so by themselves."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **words)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """To the one address that an account has."""
        if email or user.email:
            super().send_notification_mail(template_prefix, user, context, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What was done is done, whether or not it can be told; and a page says the same of a name that nobody has."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.error("mail %s not sent: %s", template_prefix, type(error).__name__)
