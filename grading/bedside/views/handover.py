"""The handover: of one participant, and of the whole ward as a list that can be printed."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.bedside.handover_words import HandoverCard, card_of, since_choices
from grading.bedside.selectors.bedside import bedside
from grading.bedside.selectors.board_order import in_order, own_participants
from grading.bedside.selectors.explained import newest_of
from grading.bedside.selectors.handover import handovers, shift_began
from grading.bedside.selectors.ward import BoardRow, ward_board
from grading.bedside.views.ward import order_of, shown_grades
from grading.words.doors import may_here

LONGEST_H = 72


@require_GET
def ward(request: HttpRequest) -> HttpResponse:
    """Everybody under observation, in the order of the reader's board."""
    if not may_here(request, Act.SEE_WARD):
        raise NotFound("no_such_page")
    at = timezone.now()
    rows = ward_board(request.user, at=at)
    return _page(request, in_order(rows, order_of(request), own=own_participants(request.user, at=at)), at=at)


@require_GET
def participant(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. NotFound for a stranger, Forbidden for a sponsor."""
    at = timezone.now()
    return _page(request, [bedside(request.user, pk, Act.SEE_WARD, at=at).row], at=at, alone=True)


def _page(request: HttpRequest, rows: list[BoardRow], *, at: datetime, alone: bool = False) -> HttpResponse:
    began = shift_began(rows, at=at)
    since = _since(request, at=at) or began
    context = {
        "cards": _cards(request, rows, since=since, at=at), "since": since, "at": at, "alone": alone,
        "choices": since_choices(at, since), "chosen": since != began,
        "several_sites": len({row.participant.site_id for row in rows}) > 1,
        "site": rows[0].participant.site if rows else None,
    }  # fmt: skip
    return render(request, "bedside/handover.html", context)


def _since(request: HttpRequest, *, at: datetime) -> datetime | None:
    """As many hours ago as the address says. None: it says nothing that can be meant."""
    hours = request.GET.get("hours", "")
    if not (hours.isascii() and hours.isdecimal() and len(hours) <= 2) or not 1 <= int(hours) <= LONGEST_H:
        return None
    return at - timedelta(hours=int(hours))


def _cards(request: HttpRequest, rows: list[BoardRow], *, since: datetime, at: datetime) -> list[HandoverCard]:
    newest = newest_of(rows)
    cards = []
    for one in handovers(request.user, rows, since=since, at=at):
        crs, icans = shown_grades(one.row, newest)
        cards.append(card_of(one, crs=crs, icans=icans))
    return cards


urlpatterns: list[URLPattern] = [
    path("handover/", ward, name="handover"),
    path("participants/<int:pk>/handover/", participant, name="participant-handover"),
]
