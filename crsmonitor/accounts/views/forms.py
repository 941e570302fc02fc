"""django-allauth's forms, with our words, and every guess counted (guessing.py)."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crsmonitor.accounts.models import TokenScope
from crsmonitor.accounts.selectors import accounts_called
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.accounts.tokens import MOST_DAYS

T = TypeVar("T")
TOO_MANY = _("Too many tries. Wait a moment, then try again.")


def looked_at(guess: guessing.Guess, look: Callable[[], T]) -> T:
    """What `look` returns, if the guess may be looked at and is right. Raises ValidationError."""
    if not guess.is_allowed:
        raise ValidationError(TOO_MANY, code="wait")
    try:
        answer = look()
    except ValidationError:
        guess.failed()
        raise
    guess.succeeded()
    return answer


class SignInForm(AuthenticationForm):
    """Name and password."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        return looked_at(guessing.at_the_door("sign_in", self.request, name), super().clean)


class OwnPasswordForm(account_forms.ChangePasswordForm):
    """The present one shows that it is she who changes it, also where it was set for her."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, again")

    def clean_oldpassword(self) -> str:
        return looked_at(guessing.in_session("own_password", context.request), super().clean_oldpassword)


class ProveForm(account_forms.ReauthenticateForm):
    def clean_password(self) -> str:
        return looked_at(guessing.in_session("prove", context.request), super().clean_password)


class ResetForm(forms.Form):
    """A link by mail to whoever has this name or address; nobody learns whether anybody has."""

    email = forms.CharField(label=_("Sign-in name or e-mail address"), max_length=254)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        if not guessing.at_the_door("reset", context.request, email).is_allowed:
            raise ValidationError(TOO_MANY, code="wait")
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        for user in accounts_called(self.cleaned_data["email"]):
            form = account_forms.ResetPasswordForm({"email": user.email})
            if form.is_valid():
                form.users = [user]
                form.save(request, **kwargs)
        return self.cleaned_data["email"]


class _Code:
    """A code is good once: the count of its use is shared, the library's own is kept by each process."""

    user: Any
    authenticator: Authenticator

    def guess(self) -> guessing.Guess:
        raise NotImplementedError

    def clean_code(self) -> str:
        return looked_at(self.guess(), self._look)

    def _look(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not guessing.is_first_use(self.user, code):
            raise ValidationError(_("This code was used already. Wait for the next one."), code="used")
        return code


class CodeForm(_Code, mfa_forms.AuthenticateForm):
    def guess(self) -> guessing.Guess:
        return guessing.at_the_door("second_factor", context.request, self.user.get_username(), user=self.user)


class ProveByCodeForm(_Code, mfa_forms.ReauthenticateForm):
    def guess(self) -> guessing.Guess:
        return guessing.in_session("prove", context.request)


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of the app")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        return looked_at(guessing.in_session("second_factor", context.request), super().clean_code)


class _Credential:
    """What a browser says of a passkey. The library breaks at what is no such thing (KeyError 'rawId')."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError(_("The passkey was not accepted, or it was cancelled."), code="passkey") from error


class PasskeyForm(_Credential, webauthn_forms.LoginWebAuthnForm):
    """Nobody's account is locked by it: who it is about, whoever sends it says."""


class SecondPasskeyForm(_Credential, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class ProveByPasskeyForm(_Credential, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class NewPasskeyForm(webauthn_forms.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError(_("The passkey was not accepted, or it was cancelled."), code="passkey") from error


class TokenForm(forms.Form):
    label = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1, max_value=MOST_DAYS, initial=90)
