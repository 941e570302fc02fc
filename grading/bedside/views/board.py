"""The ward board: everybody under observation, sent anew to whoever looks whenever a row changes."""

import contextlib
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.selectors import is_operator
from crsmonitor.pages.live import Arrange, Picture, gallery
from crsmonitor.pages.parts import HERE, Parts, parts_of
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.selectors.scopes import Scope, places_of, scope_of
from grading.alerting.views.alert_list import drawn_for
from grading.alerting.views.drawn import stream_of
from grading.bedside.drawn_board import arranged, board_of, is_empty
from grading.bedside.selectors.bedside import without_facts
from grading.bedside.selectors.board_order import BoardOrder, own_participants
from grading.words.doors import may_here, roles_here

ORDER = "board_order"  # in the session


def picture_for(user: User, language: str) -> Picture:
    """Whom this user sees under observation, by bed."""
    scope = scope_of(user)
    draw = partial(draw_board, user, scope, language)
    places = places_of(scope, Act.SEE_WARD)
    return Picture(key=(scope, language, "board"), places=places, draw=draw, may_wait=True)  # alerts come by the dock


def draw_board(user: User, scope: Scope, language: str) -> Parts:
    return drawn_for(scope, user, language, "bedside/_board.html", board_of)


def board(request: HttpRequest) -> HttpResponse:
    """Everybody under observation. A refresh by the page itself gets the rows alone."""
    if not may_here(request, Act.SEE_WARD) and may_here(request, Act.EXPORT):
        return redirect("exports")
    if not may_here(request, Act.SEE_WARD) and may_here(request, Act.ADJUDICATE):
        return redirect("disagreements")
    if not roles_here(request):
        return redirect("setups") if is_operator(request.user) else render(request, "setup/no_role.html")
    order = order_of(request)
    drawn = gallery.show(picture_for(request.user, get_language()))
    shown = _arrangement(request, order)(drawn)
    if request.headers.get("X-By-Itself"):
        return HttpResponse("".join(shown))
    context = {
        "list": HERE, "rows": not is_empty(drawn), "order": order, "may_record": may_here(request, Act.RECORD),
        "arrivals": without_facts(request.user),
    }  # fmt: skip
    page = render_to_string("bedside/board.html", context, request)
    return HttpResponse("".join(parts_of(page, shown)))


@require_GET
def board_stream(request: HttpRequest) -> LiveResponse:
    """The rows, each time that one changes. Writes nothing, the session neither."""
    arrange = _arrangement(request, chosen_order(request))
    return stream_of(request, picture_for(request.user, get_language()), arrange=arrange)


def _arrangement(request: HttpRequest, order: BoardOrder) -> Arrange:
    """Whose own she has is as it was when the page was opened: nothing moves while she goes from bed to bed."""
    own = own_participants(request.user, at=timezone.now())
    return partial(arranged, order=order, own=own, language=get_language())


def order_of(request: HttpRequest) -> BoardOrder:
    """As it was last chosen in this session; who records goes from bed to bed, others to what is urgent."""
    with contextlib.suppress(ValueError):
        request.session[ORDER] = BoardOrder(request.GET.get("order", "")).value
    return chosen_order(request)


def chosen_order(request: HttpRequest) -> BoardOrder:
    by_default = BoardOrder.BED if may_here(request, Act.RECORD) else BoardOrder.URGENCY
    return BoardOrder(request.session.get(ORDER, by_default))


urlpatterns: list[URLPattern] = [
    path("", board, name="board"),
    path("board/stream/", board_stream, name="board-stream"),
]
