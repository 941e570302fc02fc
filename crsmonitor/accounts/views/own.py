"""One's own account: what can be changed there, and where one is signed in."""

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.sessions import sessions_of
from crsmonitor.audit.events import record_event


def account(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/account.html")


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """A POST ends one of them, or all others."""
    open_ = sessions_of(request.user, at=timezone.now())
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": open_})
    end = request.POST.get("end", "")
    chosen = [one for one in open_ if str(one.pk) == end]
    if end == "others":
        end_other_sessions(request, request.user)
    elif chosen:
        end_sessions(request, chosen)
    else:
        raise Http404
    record_event("sessions_ended", by=request.user, which=end)
    return redirect("usersessions_list")
