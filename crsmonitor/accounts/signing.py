"""Who signs proves again who they are, at the moment of signing: name and password, or a passkey, or the
provider of the single sign-on asked her again (21 CFR 11.200(a)).

Every form that signs has the boxes `name` and `password` (templates/words/_sign.html). Where a passkey was used, the
page puts what the browser says of it into the box of the password, so that no form and no view knows of it. Where the
provider did, it is in the session, once and for two minutes, and the box of the password stays empty.
"""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from crsmonitor.accounts.library.single_sign_on import take_proof
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.audit.events import record_event
from crsmonitor.errors import Forbidden, InvalidInput
from crsmonitor.operating.clocks import database_offset, is_too_far_to_sign


class SignatureForm(forms.Form):
    """The fields of a signature, for a form that is signed; `prove` says whether they are right."""

    name = forms.CharField(required=False, max_length=150)
    password = forms.CharField(required=False, strip=False, max_length=4096)  # what is said of a passkey is 1,000 long

    @property
    def signature(self) -> dict[str, str]:
        """What `prove` takes, once the form is valid."""
        return {name: self.cleaned_data[name] for name in ("name", "password")}


def prove(request: HttpRequest, *, name: str, password: str) -> Proof:
    """Both are those of whoever is signed in; guessing them gets as slow as signing in. Raises InvalidInput.

    A wrong name and a wrong password are told alike. Forbidden for a password that somebody else set,
    and where nobody knows what time it is.
    """
    if request.user.must_change_password:
        raise Forbidden("own_password_first")
    if is_too_far_to_sign(database_offset()):
        raise Forbidden("clocks_differ")
    own = request.user.get_username()
    guess = guessing.in_session("signing", request)
    if not guess.is_allowed:
        raise InvalidInput.at("password", "too_many_tries")
    proof = _proof_of(request, password) if name == own else None
    if proof is None:
        guess.failed()
        raise InvalidInput.at("password", "sign_with_own_password")
    guess.succeeded()
    return proof


def _proof_of(request: HttpRequest, password: str) -> Proof | None:
    """None: it proves nothing."""
    if not password:
        return Proof.PROVIDER if take_proof(request) else None
    credential = _credential_in(password)
    if credential is not None:
        return Proof.PASSKEY if _is_own_passkey(request, credential) else None
    known = authenticate(request, username=request.user.get_username(), password=password)
    return Proof.PASSWORD if known == request.user else None


def _credential_in(password: str) -> dict | None:
    """What a browser says of a passkey. None: it is a password, which may begin with a brace too."""
    if not password.startswith("{"):
        return None
    try:
        value = json.loads(password)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "response" in value else None


def _is_own_passkey(request: HttpRequest, credential: dict) -> bool:
    """For the challenge that this session was given, opened by a finger, a face or a PIN; each is good once."""
    try:
        response = auth.parse_authentication_response(credential)
        authenticator: Authenticator = auth.complete_authentication(request.user, credential)
    except (ValidationError, AttributeError, KeyError, TypeError, ValueError):
        return False
    if not response.response.authenticator_data.is_user_verified():
        return False
    authenticator.record_usage()
    record_event("proven_by_passkey", by=request.user, passkey=authenticator.pk)
    return True
