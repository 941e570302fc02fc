"""Sign-in of machines: `Authorization: Token KEY`."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.accounts.selectors import live_token


class TokenAuthentication(authentication.BaseAuthentication):
    """One answer to every bad key, so that nothing tells a wrong one from an expired one."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = authentication.get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        token = live_token(words[1].decode("latin-1"), at=timezone.now()) if len(words) == 2 else None
        if token is None:
            raise exceptions.AuthenticationFailed(_("This key is not valid."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token KEY`"}
