"""Single sign-on: whoever is linked to an account gets in, and nobody makes one by signing in."""

import logging
from datetime import datetime, timedelta
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crsmonitor.accounts.library.id_tokens import check_issuer, read_id_token
from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.accounts.sign_in.idle import PROVEN_AT
from crsmonitor.audit.events import record_event

logger = logging.getLogger(__name__)

LOGIN, CONNECT, PROVE = "login", "connect", "prove"  # what somebody sets out for; the first two are the library's
PROOF = "proven_at_provider"  # in the session, until it signs or is old
PROOF_LASTS = timedelta(minutes=2)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        """Follows nobody elsewhere: what was set and what its metadata names is asked, and nothing else."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who is not linked is told so, and is in the trail by a hash. Who proved again who she is may sign."""
        if sociallogin.state.get("process") == PROVE:
            raise ImmediateHttpResponse(_proven(request, sociallogin))
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        _note_failure(request, sociallogin.account.uid)
        raise ImmediateHttpResponse(render(request, "accounts/not_linked.html", status=403))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The provider refused, could not be asked, or said what does not hold."""
        raise ImmediateHttpResponse(failed(request, kwargs.get("exception")))


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """As the library's, with everything checked that a provider says. `state`: of the way back, once it is known."""

    state: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        check_issuer(config, address=self.get_provider().server_url)
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Whoever the ID token names; userinfo is not asked for anything that opens."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("no ID token came")
        with SingleSignOnAdapter(request).get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        set_out = self.state.get("data") or {}
        since = datetime.fromisoformat(set_out["at"]) if self.state.get("process") != LOGIN else None
        claims = read_id_token(
            id_token, keys=keys, issuer=self.openid_config["issuer"], client_id=app.client_id,
            nonce=set_out.get("nonce", ""), since=since, at=timezone.now(),
        )  # fmt: skip
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})


def failed(request: HttpRequest, error: Exception | None) -> HttpResponse:
    """The page; the log says what did not hold, in our words or as the kind of fault."""
    logger.warning("single sign-on: %s", error if isinstance(error, OAuth2Error) else type(error).__name__)
    return render(request, "accounts/not_linked.html", {"failed": True}, status=403)


def is_set() -> bool:
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def link_of(user: User) -> SocialAccount | None:
    """Who she is at the provider. None: she is not linked, or there is no single sign-on."""
    return SocialAccount.objects.filter(user=user, provider=settings.SINGLE_SIGN_ON).first() if is_set() else None


def take_proof(request: HttpRequest) -> bool:
    """Whether she just proved at the provider who she is. Good once, in whatever session at whatever process."""
    proof = request.session.pop(PROOF, None)
    if proof is None or timezone.now() - datetime.fromisoformat(proof["at"]) > PROOF_LASTS:
        return False
    return guessing.is_first_use(request.user, proof["nonce"])


def _proven(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    if not sociallogin.is_existing or sociallogin.user != request.user:
        _note_failure(request, sociallogin.account.uid)
        return render(request, "accounts/not_linked.html", {"other": True}, status=403)
    at = timezone.now().isoformat()
    request.session[PROOF] = {"nonce": sociallogin.state["data"]["nonce"], "at": at}
    request.session[PROVEN_AT] = at
    record_event("proven_by_single_sign_on", by=request.user)
    return render(request, "accounts/proven.html", {"minutes": PROOF_LASTS // timedelta(minutes=1)})


def _note_failure(request: HttpRequest, uid: str) -> None:
    about = {"door": "single_sign_on", "name": guessing.hash_of(uid)}
    record_event("sign_in_failed", by="sign_in", subject=guessing.UNKNOWN, **about, **guessing.whence(request, None))


# --- Signals of django-allauth: what is done to a link ----------------------------------------------------------------


def linked(sender: object, *, request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    record_event("sign_in_linked", by=request.user)
