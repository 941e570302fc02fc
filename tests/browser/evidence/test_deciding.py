"""An investigator decides against the recommendation, by keyboard alone; the second one sees it; axe over the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from regimens.models import EscalationDecision
from tests.browser.pages.axe import COLOURS, faults
from tests.browser.tablets import held, sign_in
from tests.builders import World
from tests.evidence.climbing import climbed_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = (820, 1180)
PAGE = "/evidence/CLIMB/decide/"


@pytest.fixture
def world(server: str) -> World:
    return climbed_world()


@pytest.fixture
def page(browser: Browser, server: str, world: World) -> Iterator[Page]:
    with held(browser, server, TABLET) as page:
        sign_in(page, world.investigator.username)
        yield page


def chosen_by_keys(page: Page, name: str, first_letters: str) -> None:
    page.locator(f"[name={name}]").focus()
    page.keyboard.type(first_letters)


def test_a_decision_against_the_recommendation_by_keyboard_in_both_languages(page, server, world):
    complaints = {}
    for language in ("zh-hant", "en"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": server},
                                  {"name": "theme", "value": "light", "url": server}])  # fmt: skip
        page.goto(PAGE)
        broken = faults(page, targets=True)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        if broken := [*broken, *faults(page, only=COLOURS)]:
            complaints[language] = broken
    assert complaints == {}

    page.goto(PAGE)
    expect(page.locator("#rung-counts")).to_be_visible()
    recommended = page.locator(".design-recommended").inner_text()
    assert "48 mg" not in recommended
    chosen_by_keys(page, "rung", "3")  # 3 · 48 mg
    page.locator("[name=reason]").focus()
    page.keyboard.type("safety meeting of 3 March")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(world.investigator.username)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".wrong-text")).to_be_visible()
    expect(page.locator("[name=rung]")).to_have_value("48 mg")
    page.locator("[name=password]").focus()
    page.keyboard.type(f"{world.investigator.username}-password")
    page.keyboard.press("Enter")

    row = page.locator("section[aria-labelledby=decisions] tbody tr")
    expect(row).to_contain_text("against the recommendation")
    made = EscalationDecision.objects.get()
    assert (made.rung, made.reason, made.clearance) == ("48 mg", "safety meeting of 3 March", None)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
