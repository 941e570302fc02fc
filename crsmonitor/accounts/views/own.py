"""One's own account: what can be changed there, and where one is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.sign_in import hands
from crsmonitor.accounts.sign_in.sessions import renew, sessions_of
from crsmonitor.accounts.tokens import issue_own, revoke_own, tokens_of
from crsmonitor.accounts.views.forms import TokenForm
from crsmonitor.audit.events import record_event


def renewed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The session has another key once she proved again who she is."""

    @wraps(view)
    def proven(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if request.method == "POST" and answer.status_code == 302:
            renew(request)
        return answer

    return proven


def account(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/account.html")


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own keys for machines. A new one is shown in the answer to its form, and never again."""
    at, sent = timezone.now(), request.POST if request.method == "POST" else None
    form, key = TokenForm(sent if sent and "revoke" not in sent else None), ""
    if sent and "revoke" in sent:
        if not sent["revoke"].isascii() or not sent["revoke"].isdigit():
            raise Http404
        revoke_own(int(sent["revoke"]), user=request.user, at=at)
        return redirect("tokens")
    if form.is_valid():
        key, form = issue_own(user=request.user, at=at, **form.cleaned_data), TokenForm()
    context = {"form": form, "key": key, "tokens": tokens_of(request.user), "now": at}
    return render(request, "accounts/tokens.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """A POST ends one of them, or all others."""
    open_ = sessions_of(request.user, at=timezone.now())
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": open_})
    end = request.POST.get("end", "")
    chosen = [one for one in open_ if str(one.pk) == end]
    if end == "others":
        end_other_sessions(request, request.user)
        hands.run(hands.Hands.ALONE, request, request.user)
    elif chosen:
        end_sessions(request, chosen)
    else:
        raise Http404
    record_event("sessions_ended", by=request.user, which=end)
    return redirect("usersessions_list")


@require_http_methods(["GET"])
def signing_options(request: HttpRequest) -> JsonResponse:
    """The challenge for a passkey that signs: of this session, and good once."""
    return JsonResponse({"request_options": begin_authentication(request.user)})
