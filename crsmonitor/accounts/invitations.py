"""An account that somebody else opens for a person: a link by mail, with which she chooses a password herself.

Nothing of the link is kept: it is made when the mail leaves, ends with the password that is chosen or after
PASSWORD_RESET_TIMEOUT, and works once.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput


class InvitationTokens(PasswordResetTokenGenerator):
    """Of an invitation: a link that resets a password is none."""

    key_salt = "crsmonitor.invitation"


tokens = InvitationTokens()


@transaction.atomic
def open_invited(username: str, email: str, *, by: User, reason: str) -> User:
    """A new account without a password: nobody can sign in until the invitation is taken up. Raises InvalidInput."""
    if User.objects.filter(username__iexact=username).exists():
        raise InvalidInput.at("username", "name_is_taken")
    user = User(username=username, email=email)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    with acting(by=by, reason=reason):
        user.save()
    return user


def is_open(user: User) -> bool:
    """Whether the account still waits for its person to choose a password."""
    return user.is_active and not user.has_usable_password()


def path_of(user: User) -> str:
    """Where this person takes up the invitation. Only for a mail to her."""
    return reverse("invitation", args=[urlsafe_base64_encode(force_bytes(user.pk)), tokens.make_token(user)])
