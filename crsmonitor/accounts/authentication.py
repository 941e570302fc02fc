"""Sign-in of machines: `Authorization: Token KEY`."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from crsmonitor.accounts.models import ApiToken, TokenScope, User
from crsmonitor.accounts.selectors import live_token
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.accounts.tokens import is_to_be_noted, may_come_from, note_use
from crsmonitor.errors import Forbidden
from crsmonitor.security.addresses import client_address

READING = dict.fromkeys(("GET", "HEAD", "OPTIONS"), TokenScope.READ)  # of a view that says nothing
WRITING = {**READING, "POST": TokenScope.WRITE}
EXPORTING = dict.fromkeys(READING, TokenScope.EXPORT)


TOLD_BY = "`Token KEY`; or the header `api-key: KEY`"


class TokenAuthentication(authentication.BaseAuthentication):
    """One answer to every bad key: nothing tells a wrong one from one that is expired or comes from elsewhere."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = authentication.get_authorization_header(request).split()
        if not words and (key := request.headers.get("api-key")):  # as the Dataset-JSON API of CDISC sends it
            words = [b"token", *key.encode("latin-1", "replace").split()]
        if not words or words[0].lower() != b"token":
            return None
        at = timezone.now()
        token = live_token(words[1].decode("latin-1"), at=at) if len(words) == 2 else None
        address = client_address(request)
        if token is None or not may_come_from(token, address):
            if not guessing.bad_key(request, at=at):
                raise exceptions.Throttled(guessing.LONGEST_WAIT_S)
            raise exceptions.AuthenticationFailed(_("This key is not valid."))
        if is_to_be_noted(token, address=address, at=at):
            note_use(token, address=address, at=at)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScopes(permissions.BasePermission):
    """What a key may do is said by the view, by method (`token_scopes`); what it does not say, no key may do."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        needed = getattr(view, "token_scopes", READING).get(request.method)
        if needed is None or needed not in request.auth.scopes:
            raise Forbidden("key_forbids")
        return True


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": TOLD_BY}
