"""The ward board while nothing comes from the server: a stripe across the screen, with whom to call."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from playwright.sync_api import expect

from crsmonitor.audit.acting import acting
from grading.models import PhoneTree
from tests.builders import build_world, kept, stay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_board_without_word_for_a_minute_says_so_with_the_phone_tree(page, server):
    world = build_world()
    kept(stay(world), world)
    with acting(by="test", reason="a phone tree"):
        PhoneTree.objects.create(study=world.study, site=world.site, text="Charge nurse 1001\nOn-call 2002")
    client = Client()
    client.force_login(world.nurse)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])
    # A stream that is open stays open when the tablet is said to be offline, and would break the silence.
    page.route("**/stream/", lambda route: route.abort())
    page.clock.install()
    page.goto(f"{server}/")
    stripe = page.locator("#silent")
    expect(stripe).to_be_hidden()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))

    page.context.set_offline(True)
    page.clock.run_for(62_000)  # what was on its way still comes, and is word
    page.clock.run_for(62_000)

    expect(stripe).to_be_visible()
    for words in ("No word from the server for a minute", "Charge nurse 1001", "On-call 2002"):
        expect(stripe).to_contain_text(words)
    page.context.set_offline(False)
    page.clock.run_for(31_000)
    expect(stripe).to_be_hidden()
