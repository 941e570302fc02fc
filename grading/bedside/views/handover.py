"""The handover: of one participant, and of the whole ward as a list that can be printed."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import InvalidInput, NotFound
from grading.bedside.drawn_board import shown_grades
from grading.bedside.handover_words import HandoverCard, card_of, since_choices
from grading.bedside.selectors.bedside import bedside
from grading.bedside.selectors.board_order import in_order, own_participants
from grading.bedside.selectors.explained import newest_of
from grading.bedside.selectors.handover import handovers
from grading.bedside.selectors.takeovers import HandoverStart, givers_for, may_take_over, starts_of
from grading.bedside.selectors.ward import BoardRow, ward_board
from grading.bedside.services import take_over
from grading.bedside.views.board import order_of
from grading.words.doors import may_here

LONGEST_H = 72  # of selectors/takeovers.py too


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


@require_POST
def taken_over(request: HttpRequest) -> HttpResponse:
    """One participant, whose key was tapped, or all that the page showed."""
    sent = request.POST
    chosen = [_key(text, "participant") for text in sent.getlist("participant") or sent.getlist("shown")]
    giver = sent.get("given_by", "")
    take_over(
        chosen,
        read_as_of=_instant(sent.get("read_as_of", "")),
        given_by=_key(giver, "given_by") if giver else None,
        by=request.user,
        at=timezone.now(),
    )
    text = ngettext("Taken over: %(n)s participant.", "Taken over: %(n)s participants.", len(chosen))
    messages.success(request, text % {"n": len(chosen)})
    return redirect("participant-handover", chosen[0]) if sent.get("alone") else redirect("handover")


def _key(text: str, field: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise InvalidInput.at(field, "no_such_record")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidInput.at("read_as_of", "handover_too_old")
    return at


def _page(request: HttpRequest, rows: list[BoardRow], *, at: datetime, alone: bool = False) -> HttpResponse:
    since, starts = _since(request, at=at), starts_of(rows, at=at)
    if since is not None:
        starts = dict.fromkeys(starts, HandoverStart(at=since))
    context = {
        "cards": _cards(request, rows, starts=starts, at=at), "since": since, "at": at, "alone": alone,
        "choices": since_choices(at, since),
        "several_sites": len({row.participant.site_id for row in rows}) > 1,
        "site": rows[0].participant.site if rows else None,
    }  # fmt: skip
    return render(request, "bedside/handover.html", context | _takeover(request, rows, starts))


def _takeover(request: HttpRequest, rows: list[BoardRow], starts: dict[int, HandoverStart]) -> dict[str, Any]:
    """Whom the reader may take over, and from whom: who took over last, as long as nobody says else."""
    mine = may_take_over(request.user, rows)
    if not mine:
        return {"takeable": mine}
    last = [start.takeover for key, start in starts.items() if key in mine and start.takeover is not None]
    newest = max(last, key=lambda one: one.at, default=None)
    return {
        "takeable": mine,
        "givers": givers_for(request.user, mine),
        "giver": None if newest is None else newest.by_id,
    }


def _since(request: HttpRequest, *, at: datetime) -> datetime | None:
    """As many hours ago as the address says. None: it says nothing that can be meant."""
    hours = request.GET.get("hours", "")
    if not (hours.isascii() and hours.isdecimal() and len(hours) <= 2) or not 1 <= int(hours) <= LONGEST_H:
        return None
    return at - timedelta(hours=int(hours))


def _cards(
    request: HttpRequest, rows: list[BoardRow], *, starts: dict[int, HandoverStart], at: datetime
) -> list[HandoverCard]:
    newest = newest_of(rows)
    cards = []
    for one in handovers(request.user, rows, starts=starts, at=at):
        crs, icans = shown_grades(one.row, newest)
        cards.append(card_of(one, crs=crs, icans=icans, at=at))
    return cards


urlpatterns: list[URLPattern] = [
    path("handover/", ward, name="handover"),
    path("handover/taken-over/", taken_over, name="handover-taken-over"),
    path("participants/<int:pk>/handover/", participant, name="participant-handover"),
]
