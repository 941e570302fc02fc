"""The inbox of an investigator, across participants and studies: what waits for her, and what she does about it.

It changes by itself as the alert list does, drawn once for all who may see the same with the same filters. What is done
from an item goes to the page and the service that have it anyway: static/review/inbox.js opens the form of that page
here, and without scripts the page itself is opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from crsmonitor.pages.live import Picture
from crsmonitor.pages.parts import Parts
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.cards import Card
from grading.alerting.drawn_cards import by_participant, drawn
from grading.alerting.forms.answer import BEDSIDE, DECLINED
from grading.alerting.selectors.alerts import alerts_for
from grading.alerting.selectors.glances import glances_for
from grading.alerting.selectors.scopes import Scope, places_of, scope_of
from grading.alerting.views.alert_list import cards_for, drawn_for
from grading.alerting.views.drawn import shown, stream_of
from grading.models import Alert, AlertState
from grading.queries.inbox_items import query_items
from grading.review.selectors.inbox import SHOWN, alerts_waiting, wards
from grading.review.views import inbox_items
from grading.review.views.inbox_items import WORDS, InboxItem, InboxKey, InboxKind, items_of
from regimens.selectors import may, studies_for

# An investigator's; the data manager has what tablets showed otherwise, the central reviewer what was sent to her.
OPENS = (Act.JUDGE, Act.DRAFT, Act.ADJUDICATE)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty: not filtered by it."""

    study: str = ""
    kind: str = ""
    ward: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        return cls(*(request.GET.get(name, "")[:40] for name in cls.__slots__))

    def lets(self, item: InboxItem) -> bool:
        return (
            self.study in ("", item.participant.study.code)
            and self.kind in ("", item.kind.value)
            and self.ward in ("", item.ward)
        )

    @property
    def query(self) -> str:
        chosen = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        return f"?{urlencode(chosen)}" if chosen else ""


def alert_items(user: User, at: datetime) -> Iterable[InboxItem]:
    """One a participant, as a card: answering it answers what else waits there at its grade or below. What waits for
    a review alone is another."""
    alerts = {one.pk: one for one in alerts_waiting(user)}
    glances = [one for one in glances_for(user, SHOWN) if one.pk in alerts]
    unreviewed = by_participant(one for one in glances if one.unreviewed)
    groups = [*by_participant(one for one in glances if not one.unreviewed), *unreviewed]

    def cards(keys: Iterable[object]) -> list[Card]:
        return cards_for(user, alerts_for(user).filter(pk__in=list(keys)), at=at)

    pictures = drawn(groups, cards=cards, at=at)
    return [_alert_item(alerts[group[0].pk], pictures[group]) for group in groups if group in pictures]


def _alert_item(alert: Alert, card: str) -> InboxItem:
    kind = InboxKind.TO_RECORD if alert.state == AlertState.ACKNOWLEDGED else InboxKind.ALERT
    if alert.unreviewed_since is not None:
        kind = InboxKind.REVIEW
    return InboxItem(
        id=f"{kind.value}-{alert.pk}",
        kind=kind,
        participant=alert.participant,
        since=alert.raised_at,
        rank=alert.rank,
        card=card,
        page=reverse("alert", args=[alert.pk]),
        keys=_review_keys(alert) if kind is InboxKind.REVIEW else _answer_keys(alert),
    )


def _review_keys(alert: Alert) -> tuple[InboxKey, ...]:
    return (InboxKey(label=_("I have reviewed this"), does="review", address=reverse("review_alert", args=[alert.pk])),)


def _answer_keys(alert: Alert) -> tuple[InboxKey, ...]:
    answer, page = reverse("answer_alert", args=[alert.pk]), reverse("alert", args=[alert.pk])
    form = f'form[action="{answer}"]'
    return (
        InboxKey(label=_("At the bedside"), does="bedside", address=answer, sets=("what", BEDSIDE)),
        InboxKey(label=_("Nothing is to be done"), does="decline", address=page, part=form, sets=("what", DECLINED)),
    )


# One row a part: what waits of one kind.
PARTS = (
    alert_items,
    inbox_items.again,
    inbox_items.gates,
    inbox_items.never_judged,
    inbox_items.to_sign,
    inbox_items.disputed,
    inbox_items.central,
    query_items,
    inbox_items.windows,
    inbox_items.on_tablets,
)


def picture_for(user: User, language: str, filters: Filters) -> Picture:
    """What waits for this user. Raises Forbidden for who judges nothing, NotFound for whoever is in no study."""
    if not any(may(user, act) for act in OPENS):
        raise Forbidden("role_forbids") if may(user, Act.SEE_STUDY) else NotFound("no_such_page")
    scope = scope_of(user)
    draw = partial(draw_inbox, user, scope, language, filters)
    return Picture(key=(scope, language, "inbox", filters), places=places_of(scope, *OPENS), draw=draw)


def draw_inbox(user: User, scope: Scope, language: str, filters: Filters) -> Parts:
    return drawn_for(scope, user, language, "review/_inbox_list.html", partial(_list, filters))


def _list(filters: Filters, user: User, at: datetime) -> dict[str, object]:
    """`user` stands for everybody of her scope."""
    items = [item for item in items_of(PARTS, user, at=at) if filters.lets(item)]
    return {"items": items, "user": user}


def _choices(user: User) -> dict[str, object]:
    """What there is to choose from, whether anything of it waits now or not."""
    studies = {study.code for act in OPENS for study in studies_for(user, act)}
    return {
        "studies": sorted(studies),
        "kinds": [(kind.value, WORDS[kind]) for kind in InboxKind],
        "wards": wards(user),
    }


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    filters = Filters.of(request)
    picture = picture_for(request.user, get_language(), filters)
    context = {"list": shown(picture), "filters": filters, "choices": _choices(request.user)}
    return render(request, "review/inbox.html", context)


@require_GET
def inbox_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a page that is open."""
    return HttpResponse(shown(picture_for(request.user, get_language(), Filters.of(request))))


@require_GET
def inbox_stream(request: HttpRequest) -> LiveResponse:
    """The list, each time that it changes. Writes nothing, the session neither."""
    return stream_of(request, picture_for(request.user, get_language(), Filters.of(request)))


urlpatterns: list[URLPattern] = [
    path("inbox/", inbox, name="inbox"),
    path("inbox/list/", inbox_list, name="inbox_list"),
    path("inbox/stream/", inbox_stream, name="inbox_stream"),
]
