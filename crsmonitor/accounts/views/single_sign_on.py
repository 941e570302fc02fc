"""The way to the provider of identities and back, and one's own link with it."""

import secrets
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods
from requests import RequestException

from crsmonitor.accounts.library.single_sign_on import CONNECT, LOGIN, PROVE, CheckedAdapter, failed, is_set, link_of
from crsmonitor.accounts.sign_in.first_steps import has_passkey
from crsmonitor.audit.events import record_event
from crsmonitor.errors import Forbidden


class _CallbackView(OAuth2CallbackView):
    """As the library's; the adapter is told of the state that came back."""

    adapter: CheckedAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """By a form of ours alone: no other site's link signs anybody in. The way there is a page, not a redirect, since
    the policy of contents lets no form end elsewhere.
    """
    adapter = _adapter(request, provider_id)
    page = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        return redirect(f"{reverse('login')}?{urlencode({'next': page})}" if page else reverse("login"))
    process = request.POST.get("process", LOGIN)
    if process not in (LOGIN, CONNECT, PROVE):
        raise Http404
    if process != LOGIN and not _may_set_out(request, process):
        return redirect("socialaccount_connections")
    nonce = secrets.token_urlsafe(32)
    asks = {"nonce": nonce} | (
        {"max_age": str(settings.SESSION_COOKIE_AGE)} if process == LOGIN else {"prompt": "login", "max_age": "0"}
    )
    data = {"nonce": nonce, "at": timezone.now().isoformat()}
    provider = adapter.get_provider()
    provider.oauth2_adapter_class = CheckedAdapter
    try:
        away = provider.redirect(request, process=process, next_url=page or None, data=data, auth_params=asks)
    except (OAuth2Error, RequestException) as error:
        return failed(request, error)
    answer = render(request, "accounts/away.html", {"address": away.url, "name": settings.SINGLE_SIGN_ON_NAME})
    answer["Refresh"] = f"0; url={away.url}"
    return answer


@login_not_required
@require_http_methods(["GET"])
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    view: Any = _CallbackView.adapter_view(_adapter(request, provider_id))
    return view(request)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def link(request: HttpRequest) -> HttpResponse:
    """One's own link with the single sign-on; a POST ends it, where another way in is left."""
    if not is_set():
        raise Http404
    own = link_of(request.user)
    if request.method == "POST" and own is not None:
        if not request.user.has_usable_password() and not has_passkey(request.user):
            raise Forbidden("last_way_in")
        own.delete()
        record_event("sign_in_unlinked", by=request.user)
        end_other_sessions(request, request.user)
        return redirect("socialaccount_connections")
    return render(request, "accounts/link.html", {"link": own, "name": settings.SINGLE_SIGN_ON_NAME})


@require_http_methods(["GET", "HEAD"])
def prove(request: HttpRequest) -> HttpResponse:
    """In a tab of its own, so that what was typed into the form to be signed stays."""
    if link_of(request.user) is None:
        raise Http404
    return render(request, "accounts/prove.html", {"name": settings.SINGLE_SIGN_ON_NAME})


def _adapter(request: HttpRequest, provider_id: str) -> CheckedAdapter:
    adapter = CheckedAdapter(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return adapter


def _may_set_out(request: HttpRequest, process: str) -> bool:
    """To be linked, who just said again who she is and has no link; to prove, who has one."""
    if not request.user.is_authenticated:
        return False
    own = link_of(request.user)
    return (
        own is not None if process == PROVE else own is None and not is_reauthentication_required(request, app=__name__)
    )
