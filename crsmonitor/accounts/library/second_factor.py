"""Second factors: secrets sealed, the last one kept where one is required, and every change in the audit trail."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in import sessions
from crsmonitor.accounts.sign_in.first_steps import has_second_factor, needs_second_factor
from crsmonitor.audit.events import record_event
from crsmonitor.security.sealing import open_sealed, seal


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed in the database; whoever needs a second factor keeps the last one."""

    def _get_site_name(self) -> str:
        return "crsmonitor"

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def _get_user_identifier(self, user: User) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user) or has_second_factor(
            authenticator.user, besides=authenticator
        )


# --- Signals of django-allauth: what is done to a factor, and that it was used ----------------------------------------


def added(sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event("second_factor_added", by=user, type=authenticator.type)
    _end_others(request, user)


def removed(sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event("second_factor_removed", by=user, type=authenticator.type)
    _end_others(request, user)


def reset(sender: object, *, user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event("second_factor_reset", by=user, type=authenticator.type)


def _end_others(request: HttpRequest, user: User) -> None:
    """A session that came in by what is no more, or without what is now, ends."""
    if request.user == user:
        sessions.end_others(request, because="second_factor")


def used(sender: object, *, user: User, authenticator: Authenticator, **_: Any) -> None:
    record_event("second_factor_used", by=user, type=authenticator.type)
