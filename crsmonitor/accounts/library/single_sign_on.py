"""Single sign-on: whoever is linked to an account gets in, and nobody makes one by signing in."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.shortcuts import render

from crsmonitor.accounts.sign_in import guessing
from crsmonitor.audit.events import record_event


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who is not linked is told so, and is in the trail by a hash."""
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        about = {"door": "single_sign_on", "name": guessing.hash_of(sociallogin.account.uid)}
        record_event(
            "sign_in_failed", by="sign_in", subject=guessing.UNKNOWN, **about, **guessing.whence(request, None)
        )
        raise ImmediateHttpResponse(render(request, "accounts/not_linked.html", status=403))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The provider refused, or could not be asked."""
        raise ImmediateHttpResponse(render(request, "accounts/not_linked.html", {"failed": True}, status=403))
