"""Who signs proves again who they are: name and password, at the moment of signing (21 CFR 11.200(a)(1))."""

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from crsmonitor.accounts import guessing
from crsmonitor.errors import Forbidden, InvalidInput


class SignatureForm(forms.Form):
    """The fields of a signature, for a form that is signed; `prove` says whether they are right."""

    name = forms.CharField(required=False, max_length=150)
    password = forms.CharField(required=False, strip=False, max_length=500)


def prove(request: HttpRequest, *, name: str, password: str) -> None:
    """Both are those of whoever is signed in; guessing them gets as slow as signing in. Raises InvalidInput.

    A wrong name and a wrong password are told alike.
    """
    if request.user.must_change_password:
        raise Forbidden("own_password_first")
    own = request.user.get_username()
    guess = guessing.in_session("signing", request)
    if not guess.is_allowed:
        raise InvalidInput.at("password", "too_many_tries")
    if name != own or authenticate(request, username=own, password=password) != request.user:
        guess.failed()
        raise InvalidInput.at("password", "sign_with_own_password")
    guess.succeeded()
