"""A dose that waits in the inbox is told with its rules, and what only people know is answered there."""

import pytest
from django.urls import reverse

from grading.review.views import inbox_items
from tests.builders import hour, kept, stay, vitals
from tests.dosing.conftest import NEXT, give

pytestmark = pytest.mark.django_db


def waiting(world):
    [item] = inbox_items.gates(world.investigator, hour(NEXT))
    return item


def test_what_stands_in_the_way_is_told_first_and_what_only_people_know_is_answered_there(library_world, client):
    world = library_world
    kept(stay(world, -2), world)
    give(world, 0)
    kept(vitals(world, 4), world)

    item = waiting(world)

    assert any(line.startswith("? Infection, not known: ") for line in item.lines)
    assert item.lines[-1].startswith("✓ met: ")
    assert "Infection" not in item.lines[-1]
    assert [key.does for key in item.keys] == ["release", "tell"]
    client.force_login(world.investigator)
    page = client.get(reverse("gate", args=[world.participant.pk])).content.decode()
    assert all(key.part.removeprefix("form[").removesuffix("]").replace("=", '="') in page for key in item.keys)


def test_where_every_rule_is_met_the_release_alone_is_left(ready):
    item = waiting(ready)

    assert item.headline.startswith("● GO")
    assert [key.does for key in item.keys] == ["release"]
    assert not any(line.startswith(("?", "✕")) for line in item.lines)
    assert "Infection" in item.lines[-1]
