"""How it runs, for operators: what is wrong with the way of alerts, clocks, and messages that wait for a person."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.audit.events import record_event
from crsmonitor.errors import Forbidden
from crsmonitor.operating import clocks
from grading.alerting.delivery import holds, outbox
from grading.alerting.delivery.signs_of_life import signs
from grading.alerting.forms.held import HeldForm
from grading.alerting.selectors.dead import dead_deliveries
from grading.alerting.watchdog_words import trouble_text
from grading.rules.alerting.watchdog import wrong

DECISIONS = {"release": holds.release, "discard": holds.discard}


@require_http_methods(["GET", "HEAD", "POST"])
def running(request: HttpRequest) -> HttpResponse:
    """A POST decides about messages that wait, by whoever just said again who she is."""
    if not request.user.is_staff:
        raise Forbidden("role_forbids")
    return _decide(request) if request.method == "POST" else _page(request, HeldForm())


@reauthentication_required
def _decide(request: HttpRequest) -> HttpResponse:
    form = HeldForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    act, reason, at = form.cleaned_data["act"], form.cleaned_data["reason"].strip(), timezone.now()
    if act == "revive":
        queued, dropped = outbox.revive(dead_deliveries(study=None), reason=reason, at=at)
        record_event("deliveries_revived", by=request.user, reason=reason, queued=queued, dropped=dropped)
        text = _("%(queued)s are sent again; %(dropped)s are dropped, since their alerts are over.")
        messages.success(request, text % {"queued": queued, "dropped": dropped})
    else:
        decided = DECISIONS[act](by=request.user, reason=reason, at=at)
        text = _("%(n)s leave now.") if act == "release" else _("%(n)s are dropped.")
        messages.success(request, text % {"n": sum(decided.values())})
    return redirect("running")


def _page(request: HttpRequest, form: HeldForm) -> HttpResponse:
    at = timezone.now()
    seen = signs(at=at)
    context: dict[str, Any] = {
        "form": form,
        "signs": seen,
        "troubles": [trouble_text(one) for one in wrong(seen, at=at)],
        "clocks": [
            (_("database"), seen.clock_offset.total_seconds(), clocks.is_far_off(seen.clock_offset)),
            (_("worker furthest off"), seen.worker_offset.total_seconds(), clocks.is_far_off(seen.worker_offset)),
        ],
        "signs_nothing": clocks.is_too_far_to_sign(seen.clock_offset),
        "ntp": clocks.ntp(),
        "held": holds.counts(),
    }
    return render(request, "alerting/running.html", context, status=400 if form.is_bound else 200)


urlpatterns: list[URLPattern] = [path("running/", running, name="running")]
