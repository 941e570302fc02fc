"""The alert list as a picture: drawn once for all who may see the same in the same language.

Nothing of a person is in it: no token, and no "you". Its buttons belong to a form of the page around it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.sign_in.sessions import people_signed_in
from crsmonitor.errors import NotFound
from crsmonitor.pages.live import Page, Picture
from crsmonitor.pages.parts import Parts, parts_of
from grading.alerting.cards import Card, card_of
from grading.alerting.drawn_cards import by_participant, drawn
from grading.alerting.selectors.alerts import actions_behind, alerts_for
from grading.alerting.selectors.glances import glances_for
from grading.alerting.selectors.scopes import Scope, places_of, scope_of, scopes_of, someone_of
from grading.bedside.selectors.explained import grades_behind
from grading.models import Alert
from grading.review import assessment_words as ledger_words
from grading.review.selectors.unheld import to_judge_again
from regimens.selectors import may

SHOWN = 100  # the most urgent; open ones come first


def picture_for(user: User, language: str) -> Picture:
    """What this user sees of alerts. Raises NotFound where she sees no ward."""
    scope = scope_of(user)
    places = places_of(scope, Act.SEE_WARD)
    if not places:
        raise NotFound("no_such_page")
    return Picture(key=(scope, language), places=places, draw=partial(draw_list, user, scope, language))


def draw_list(user: User, scope: Scope, language: str) -> Parts:
    return drawn_for(scope, user, language, "alerting/_alert_list.html", _list)


def drawn_for(
    scope: Scope, user: User, language: str, template: str, context_of: Callable[[User, datetime], dict[str, Any]]
) -> Parts:
    """Called in whatever process draws (crsmonitor/web/drawing.py), for everybody of the scope.

    Whoever asked first may have lost a role since: then it is drawn with the eyes of another, or the others would see
    what she sees now. `drawn` in the context: what was drawn before, for where the template has HERE.
    """
    reader: User | None = user
    while reader is not None:
        with translation.override(language):
            context = context_of(reader, timezone.now())
            parts = parts_of(render_to_string(template, context), context.get("drawn", ()))
        if scope_of(reader) == scope:
            return parts
        reader = someone_of(scope)
    return ()


def _list(user: User, at: datetime) -> dict[str, object]:
    """`user` stands for everybody of her scope."""
    glances = glances_for(user, SHOWN + 1)
    waiting = [one for one in glances if one.is_open]
    unreviewed = [one for one in glances if one.unreviewed]
    others = [one for one in glances if not (one.is_open or one.unreviewed)]
    others = others[: max(0, SHOWN - len(waiting) - len(unreviewed))]
    lists = {"waiting": waiting, "unreviewed": unreviewed, "others": others}
    groups = {name: by_participant(part) for name, part in lists.items()}
    every = [group for part in groups.values() for group in part]
    cards = drawn(every, cards=lambda keys: cards_for(user, alerts_for(user).filter(pk__in=keys), at=at), at=at)
    again = ledger_words.rows_again(to_judge_again(user))
    context = {"more": len(glances) > SHOWN, "user": user, "again": again, "may_judge": may(user, Act.JUDGE)}
    return {name: [cards[one] for one in part if one in cards] for name, part in groups.items()} | context


def cards_for(user: User, alerts: Iterable[Alert], *, at: datetime) -> list[Card]:
    """The cards of alerts that this user may see."""
    listed = list(alerts)
    shown = [alert.pk for alert in listed]
    answerable = set(alerts_for(user, Act.ACKNOWLEDGE).filter(pk__in=shown).values_list("pk", flat=True))
    behind, actions = grades_behind(listed), actions_behind(listed)
    return [
        card_of(
            alert,
            at=at,
            may_acknowledge=alert.pk in answerable,
            why=behind[alert.pk].why if alert.pk in behind else None,
            action=actions.get(alert.pk),
        )
        for alert in listed
    ]


def still_shown(pages: Sequence[Page]) -> Collection[Page]:
    """Those whose session is open and whose person may see what she saw when the page was opened."""
    people = people_signed_in({page.session for page in pages}, at=timezone.now())
    scopes: dict[int, Scope] = scopes_of(people.values())
    return {
        page
        for page in pages
        if (user := people.get(page.session)) is not None
        and user.pk == page.person
        and page.picture.key[0] == scopes[user.pk]  # type: ignore[index]
    }
