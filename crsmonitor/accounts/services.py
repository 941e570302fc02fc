"""Accounts are opened for people by somebody else."""

import secrets

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput

# Without letters and digits that are taken for each other when read aloud.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def open_account(username: str, email: str, *, by: User, reason: str) -> tuple[User, str]:
    """A new account and its first password, which cannot be shown again. Raises Forbidden, InvalidInput.

    Whoever gets it changes it at first use.
    """
    if not by.is_staff:
        raise Forbidden("role_forbids")
    if User.objects.filter(username__iexact=username).exists():
        raise InvalidInput.at("username", "name_is_taken")
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    with acting(by=by, reason=reason):
        user = User(username=username, email=email)
        user.set_password(password)
        user.full_clean()
        user.save()
    return user, password
