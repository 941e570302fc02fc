"""The alert list, which changes by itself, one alert, and its answer."""

import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crsmonitor import live
from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import AlreadyAcknowledged, InvalidInput, NotFound
from grading.alert_words import state_text
from grading.cards import Card, by_participant, card_of
from grading.forms.answer import SNOOZE, AnswerForm
from grading.models import Alert, Purpose
from grading.rules.lifecycle import Deed
from grading.selectors.alerts import alert_for, alerts_for
from grading.selectors.drugs import clocks_of
from grading.selectors.explained import grades_behind
from grading.services.answers import acknowledge, act_on, seen, snooze
from grading.stand_down_words import why_text
from regimens.selectors import may, studies_for

SHOWN = 100  # the most urgent; open ones come first


def cards_for(user: User, alerts: Iterable[Alert], *, at: datetime) -> list[Card]:
    """The cards of alerts that this user may see."""
    found = list(alerts)
    shown = [alert.pk for alert in found]
    answerable = set(alerts_for(user, Act.ACKNOWLEDGE).filter(pk__in=shown).values_list("pk", flat=True))
    behind = grades_behind(found)
    return [
        card_of(
            alert,
            at=at,
            may_acknowledge=alert.pk in answerable,
            why=behind[alert.pk].why if alert.pk in behind else None,
        )
        for alert in found
    ]


def _list(request: HttpRequest) -> dict[str, object]:
    if not may(request.user, Act.SEE_WARD):
        raise NotFound("no_such_page")
    cards = cards_for(request.user, alerts_for(request.user)[: SHOWN + 1], at=timezone.now())
    waiting = [card for card in cards if card.is_open]
    others = [card for card in cards if not card.is_open][: SHOWN - len(waiting)]
    return {"waiting": by_participant(waiting), "others": by_participant(others), "more": len(cards) > SHOWN}


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    return render(request, "grading/alerts.html", _list(request))


@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a page that is open."""
    return render(request, "grading/_alert_list.html", _list(request))


@require_GET
def alert(request: HttpRequest, pk: str) -> HttpResponse:
    found = alert_for(request.user, pk)
    return render(request, "grading/alert.html", _one(request, found, AnswerForm()))


def _one(request: HttpRequest, found: Alert, form: AnswerForm) -> dict[str, object]:
    [card] = cards_for(request.user, [found], at=timezone.now())
    told = list(found.deliveries.select_related("recipient", "endpoint").order_by("queued_at", "key"))
    for message in told:
        message.words = why_text(message) if message.purpose == Purpose.STAND_DOWN else message.get_purpose_display()
    moves = list(found.moves.select_related("by").order_by("at", "pk"))
    for move in moves:
        move.words = state_text(move.state)
    calls = found.call_rows.order_by("opening", "number")
    return {"card": card, "told": told, "moves": moves, "calls": calls, "clocks": clocks_of(found), "form": form}


@require_POST
def acknowledge_alert(request: HttpRequest, pk: str) -> HttpResponse:
    acknowledge(pk, by=request.user, at=timezone.now())
    return redirect("alert", pk=pk)


@require_POST
def answer_alert(request: HttpRequest, pk: str) -> HttpResponse:
    """What was done about it, or that it may wait; with the page again where that is refused."""
    found, at = alert_for(request.user, pk, Act.ACKNOWLEDGE), timezone.now()
    form = AnswerForm(request.POST)
    if form.is_valid():
        said, because = form.cleaned_data, form.cleaned_data["because"]
        try:
            if said["what"] == SNOOZE:
                until = at + timedelta(minutes=int(said["minutes"]))
                snooze(pk, until=until, because=because, by=request.user, at=at)
            else:
                act_on(pk, Deed(said["what"]), by=request.user, at=at, because=because)
        except (InvalidInput, AlreadyAcknowledged) as error:
            form.take(error)
        else:
            return redirect("alert", pk=pk)
    return render(request, "grading/alert.html", _one(request, found, form), status=400)


@require_POST
def alerts_seen(request: HttpRequest) -> HttpResponse:
    """The list's script says which cards were on the screen."""
    seen([str(pk) for pk in _uuids(request.POST.getlist("alert"))], by=request.user, at=timezone.now())
    return HttpResponse(status=204)


def _uuids(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids."""
    found = []
    for text in texts:
        with contextlib.suppress(ValueError):
            found.append(UUID(text))
    return found


@require_GET
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Says when to look again, and nothing else: what there is to see, the page asks for by itself."""
    studies = await sync_to_async(_watched)(await request.auser())
    if not studies:
        raise NotFound("no_such_page")
    # The stream lasts for minutes and must not hold a connection of the pool.
    await sync_to_async(connections.close_all)()
    answer = StreamingHttpResponse(live.events(studies), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # nginx would keep the events until it has a page full
    return answer


def _watched(user: User) -> frozenset[int]:
    return frozenset(studies_for(user, Act.SEE_WARD).values_list("pk", flat=True))


urlpatterns = [
    path("alerts/", alerts, name="alerts"),
    path("alerts/list/", alert_list, name="alert_list"),
    path("alerts/seen/", alerts_seen, name="alerts_seen"),
    path("alerts/stream/", stream, name="alert_stream"),
    path("alerts/<uuid:pk>/", alert, name="alert"),
    path("alerts/<uuid:pk>/acknowledge/", acknowledge_alert, name="acknowledge_alert"),
    path("alerts/<uuid:pk>/answer/", answer_alert, name="answer_alert"),
]
