"""The evidence page in a real browser: a row opened by keyboard, the frozen band after a late set, paper, and axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from grading.evidence.tasks import fit_evidence
from regimens.models import Participant
from tests.browser.pages.axe import COLOURS, faults
from tests.browser.tablets import held, sign_in
from tests.builders import World, hour, kept, vitals
from tests.evidence.test_observed import FEVER, designed_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = (820, 1180)
EVENTS, EXPECTED, FROZEN, LEARNED = 5, 6, 8, 9  # columns of observed on predicted


@pytest.fixture
def world(server: str) -> World:
    return designed_world()


@pytest.fixture
def page(browser: Browser, server: str, world: World) -> Iterator[Page]:
    with held(browser, server, TABLET) as page:
        sign_in(page, world.investigator.username)
        yield page


def test_the_band_stays_where_it_was_frozen_when_a_late_set_moves_the_count(page, server, world):
    fit_evidence()
    complaints = {}
    for language in ("zh-hant", "en"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": server},
                                  {"name": "theme", "value": "light", "url": server}])  # fmt: skip
        page.goto("/evidence/DEMO/")
        for closed in page.locator("details > summary").all():
            closed.focus()
            page.keyboard.press("Enter")
        broken = faults(page, targets=True)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        if broken := [*broken, *faults(page, only=COLOURS)]:
            complaints[language] = broken
    assert complaints == {}

    first = page.get_by_role("group", name="Observed on predicted").locator("tbody tr").first
    before = first.inner_text().split("\t")
    late = Participant.objects.get(number="DEMO-102")
    kept(vitals(world, 20, participant=late, reason="found in the chart", **FEVER), world, at=hour(24 * 59))
    fit_evidence()
    page.reload()

    after = first.inner_text().split("\t")
    assert (before[EVENTS], after[EVENTS]) == ("0 / 2", "1 / 2")
    assert (before[FROZEN], before[EXPECTED]) == (after[FROZEN], after[EXPECTED])
    assert before[LEARNED] != after[LEARNED]
    page.emulate_media(media="print")
    expect(page.locator(".design-research")).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()
