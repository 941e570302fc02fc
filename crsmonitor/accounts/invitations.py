"""An account that somebody else opens for a person: a link by mail, with which she chooses a password herself.

Nothing of the link is kept: it is made when the mail leaves, ends with the password that is chosen or with
the first sign-in (of whoever signs in elsewhere), or after LASTS, and works once.
"""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput

LASTS = timedelta(days=7)  # a link that resets a password holds an hour: somebody has just asked for it
SALT = "crsmonitor.invitation"


class InvitationTokens:
    """As Django's of a reset, with a time of their own. A link that resets a password is none."""

    def make_token(self, user: User) -> str:
        return signing.TimestampSigner(salt=SALT).sign(self._state(user))

    def check_token(self, user: User | None, token: str) -> bool:
        try:
            state = signing.TimestampSigner(salt=SALT).unsign(token, max_age=LASTS)
        except signing.BadSignature:
            return False
        return user is not None and state == self._state(user)

    def _state(self, user: User) -> str:
        """Another one after a password, a sign-in or another address."""
        return salted_hmac(SALT, f"{user.pk}:{user.password}:{user.last_login}:{user.email}").hexdigest()[:32]


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
    """Whether the account was never taken up: no password, and nobody has signed in, by single sign-on either."""
    return user.is_active and not user.has_usable_password() and user.last_login is None


def path_of(user: User) -> str:
    """Where this person takes up the invitation. Only for a mail to her."""
    return reverse("invitation", args=[urlsafe_base64_encode(force_bytes(user.pk)), tokens.make_token(user)])
