"""Cards of the alert list, drawn once for as long as nothing changes that they are made of.

Drawing one asks for the record behind its grade and turns it into words, about 1 ms each: for a hundred after every
notice that would keep saves waiting. What a card is made of is asked for all in one query (selectors/glances.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crsmonitor.pages.parts import CUT, Shelf
from grading.alerting.cards import Card
from grading.alerting.selectors.glances import Glance
from grading.words.wording import span

KEPT = 4096  # about 2 kB each
# Where the age goes, which is that of reading. No text of a record can have it: its "<" is escaped.
AGE = SafeString("<age>")

Group = tuple[Glance, ...]  # of one participant: the first leads, the others stand in its card
Cards = Callable[[Sequence[UUID]], Sequence[Card]]

shelf: Shelf[tuple[Any, ...], str] = Shelf(KEPT)


def by_participant(glances: Iterable[Glance]) -> list[Group]:
    """One card per participant (decisions, Alerts)."""
    groups: dict[int, Group] = {}
    for glance in glances:
        groups[glance.participant_id] = (*groups.get(glance.participant_id, ()), glance)
    return list(groups.values())


def drawn(groups: Sequence[Group], *, cards: Cards, at: datetime) -> dict[Group, str]:
    """Each group's card, as a part of its own, in the language that is active. `cards`: read for those not drawn yet.

    One that is gone meanwhile is left out.
    """
    kept = {group: shelf.get(_key(group)) for group in groups}
    lacking = [group for group, card in kept.items() if card is None]
    if lacking:
        by_alert = {card.alert.pk: card for card in cards([glance.pk for group in lacking for glance in group])}
        for group in lacking:
            of_group = [by_alert[glance.pk] for glance in group if glance.pk in by_alert]
            if len(of_group) == len(group):
                kept[group] = _draw(of_group)
                shelf.put(_key(group), kept[group])
    return {
        group: mark_safe(CUT + card.replace(AGE, span(at - group[0].observed_at)) + CUT)  # noqa: S308 - a template's
        for group, card in kept.items()
        if card is not None
    }


def _key(group: Group) -> tuple[Any, ...]:
    return get_language(), *(glance.made_of for glance in group)


def _draw(cards: Sequence[Card]) -> str:
    lead, *others = cards
    return render_to_string("alerting/_alert.html", {"card": replace(lead, also=tuple(others), age_words=AGE)})
