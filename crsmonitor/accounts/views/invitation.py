"""Take up an invitation: choose a password, once."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from crsmonitor.accounts.invitations import is_open, tokens
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event


@method_decorator(login_not_required, name="dispatch")
class Invitation(auth_views.PasswordResetConfirmView):
    """A link that is old, was used, or is of somebody who has a password says so, and leads to signing in.

    Whoever has just chosen the password is signed in with it: asking for it again would prove nothing more.
    """

    template_name = "accounts/invitation.html"
    token_generator = tokens
    reset_url_token = "choose"  # noqa: S105 - part of an address
    success_url = reverse_lazy("board")

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user is not None and is_open(user) else None

    def form_valid(self, form: Any) -> HttpResponse:
        with acting(by=self.user, reason="invitation taken up"):
            answer = super().form_valid(form)
            record_event("invitation_taken_up", by=self.user)
        login = Login(user=self.user, redirect_url=answer["location"])
        return perform_password_login(self.request, {"username": self.user.get_username()}, login)
