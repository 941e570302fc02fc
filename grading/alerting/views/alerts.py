"""The alert list, which changes by itself, one alert, and its answer."""

import contextlib
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import AlreadyAcknowledged, InvalidInput
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.alert_words import note_text, state_text
from grading.alerting.forms.answer import SNOOZE, AnswerForm
from grading.alerting.selectors.alerts import alert_for, alerts_for
from grading.alerting.selectors.rota import with_passed_over
from grading.alerting.services.answers import acknowledge, act_on, seen, snooze
from grading.alerting.services.reviews import review
from grading.alerting.stand_down_words import why_text
from grading.alerting.views.alert_list import cards_for, picture_for
from grading.alerting.views.drawn import shown, stream_of
from grading.models import Alert, AlertState, Purpose
from grading.rules.alerting.lifecycle import ActionKind
from grading.treatment.selectors.drugs import clocks_of


def _list(request: HttpRequest) -> str:
    return shown(picture_for(request.user, get_language()))


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    return render(request, "alerting/alerts.html", {"list": _list(request)})


@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a page that is open."""
    return HttpResponse(_list(request))


@require_GET
def alert(request: HttpRequest, pk: str) -> HttpResponse:
    one = alert_for(request.user, pk)
    return render(request, "alerting/alert.html", _one(request, one, AnswerForm()))


def _one(request: HttpRequest, alert_shown: Alert, form: AnswerForm) -> dict[str, object]:
    [card] = cards_for(request.user, [alert_shown], at=timezone.now())
    deliveries = list(alert_shown.deliveries.select_related("recipient", "endpoint").order_by("queued_at", "key"))
    for sent in deliveries:
        sent.words = why_text(sent) if sent.purpose == Purpose.STAND_DOWN else sent.get_purpose_display()
    events = list(alert_shown.events.select_related("by").order_by("at", "pk"))
    reasons = {action.at: action.because for action in alert_shown.actions.all()}
    for event in events:
        event.words = state_text(event.state)
        event.remark = note_text(event.note, reasons.get(event.at, "") if event.state == AlertState.ACTED_ON else "")
    escalations = with_passed_over(alert_shown.escalations.order_by("occurrence", "number"))
    may_review = alert_shown.unreviewed_since is not None and _may_review(request.user, alert_shown)
    return {"card": card, "deliveries": deliveries, "events": events, "escalations": escalations,
            "clocks": clocks_of(alert_shown),
            "form": form, "may_review": may_review}  # fmt: skip


def _may_review(user: User, alert_shown: Alert) -> bool:
    return alerts_for(user, Act.JUDGE).filter(pk=alert_shown.pk).exists()


@require_POST
def acknowledge_alert(request: HttpRequest, pk: str) -> HttpResponse:
    acknowledge(pk, by=request.user, at=timezone.now())
    return redirect("alert", pk=pk)


@require_POST
def review_alert(request: HttpRequest, pk: str) -> HttpResponse:
    review(pk, by=request.user, at=timezone.now())
    return redirect("alert", pk=pk)


@require_POST
def answer_alert(request: HttpRequest, pk: str) -> HttpResponse:
    """What was done about it, or that it may wait; with the page again where that is refused."""
    one, at = alert_for(request.user, pk, Act.ACKNOWLEDGE), timezone.now()
    form = AnswerForm(request.POST)
    if form.is_valid():
        cleaned, because = form.cleaned_data, form.cleaned_data["because"]
        try:
            if cleaned["what"] == SNOOZE:
                until = at + timedelta(minutes=int(cleaned["minutes"]))
                snooze(pk, until=until, because=because, by=request.user, at=at)
            else:
                act_on(pk, ActionKind(cleaned["what"]), by=request.user, at=at, because=because)
        except (InvalidInput, AlreadyAcknowledged) as error:
            form.take(error)
        else:
            return redirect("alert", pk=pk)
    return render(request, "alerting/alert.html", _one(request, one, form), status=400)


@require_POST
def alerts_seen(request: HttpRequest) -> HttpResponse:
    """The list's script says which cards were on the screen."""
    seen([str(pk) for pk in _uuids(request.POST.getlist("alert"))], by=request.user, at=timezone.now())
    return HttpResponse(status=204)


def _uuids(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids."""
    uuids = []
    for text in texts:
        with contextlib.suppress(ValueError):
            uuids.append(UUID(text))
    return uuids


@require_GET
def stream(request: HttpRequest) -> LiveResponse:
    """The list, each time that it changes, for as long as the page is open. Writes nothing, the session neither."""
    return stream_of(request, picture_for(request.user, get_language()))


urlpatterns = [
    path("alerts/", alerts, name="alerts"),
    path("alerts/list/", alert_list, name="alert_list"),
    path("alerts/seen/", alerts_seen, name="alerts_seen"),
    path("alerts/stream/", stream, name="alert_stream"),
    path("alerts/<uuid:pk>/", alert, name="alert"),
    path("alerts/<uuid:pk>/acknowledge/", acknowledge_alert, name="acknowledge_alert"),
    path("alerts/<uuid:pk>/answer/", answer_alert, name="answer_alert"),
    path("alerts/<uuid:pk>/review/", review_alert, name="review_alert"),
]
