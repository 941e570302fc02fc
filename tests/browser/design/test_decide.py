"""Decide in a real browser: counts by keyboard, pathways on paper, simulated trials watched, and axe over all of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from regimens.models import DesignVersion
from tests.browser.pages.axe import COLOURS, faults
from tests.browser.tablets import held, sign_in
from tests.builders import World, build_world
from tests.regimens.design_pages.builders import claimed, computed_now
from tests.regimens.design_pages.ladders import ladder_design

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = (1366, 900)


@pytest.fixture
def world(server: str) -> World:
    return build_world()


@pytest.fixture
def design(world: World) -> DesignVersion:
    return ladder_design(world)


@pytest.fixture
def page(browser: Browser, server: str, world: World) -> Iterator[Page]:
    with held(browser, server, LAPTOP) as page:
        sign_in(page, world.sponsor.username)
        yield page


def test_counts_are_typed_by_keyboard_saved_and_printed_as_pathways(page, design):
    page.goto(f"/design/{design.design_id}/decide/")
    recommended = page.locator(".design-recommended")
    expect(recommended).to_contain_text("to stay on 6 mg")
    page.locator("[name=data-0-1-n]").focus()
    for typed in "31303030":  # observed and with the event, period by period
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    expect(recommended).to_contain_text("to go up to 12 mg")
    page.fill("[name=data-0-1-events]", "4")
    expect(page.locator("#result")).to_contain_text("More with an event than were observed.")
    page.fill("[name=data-0-1-events]", "1")
    expect(recommended).to_contain_text("to go up to 12 mg")
    page.locator("button[value=save]").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".design-version")).to_contain_text("version 2")
    expect(recommended).to_contain_text("to go up to 12 mg")

    page.get_by_role("link", name="Pathways of the next participants").click()
    page.fill("[name=n]", "1")
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).to_contain_text("once 1 more have completed 6 mg")
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    expect(page.locator(".design-research")).to_be_visible()
    expect(page.locator(".design-pathways tbody tr")).to_have_count(8)
    expect(page.get_by_text("The counts typed into this version are counted in.")).to_be_visible()


def test_simulated_trials_are_run_and_watched_and_pages_are_accessible(page, server, design):
    page.goto(f"/design/{design.design_id}/decide/")
    for name, value in {"trials": "3", "most_participants": "3"}.items():
        page.fill(f"#run-form [name={name}]", value)
    page.get_by_role("button", name="Run the simulated trials").click()
    progress = page.locator("#progress")
    expect(progress).to_contain_text("waits for its turn")
    claim = claimed()
    expect(progress).to_contain_text("running")
    computed_now(claim)
    expect(page.locator("#result")).to_contain_text("What the designs do where the truth is known")
    finished = page.url.removeprefix(server)

    complaints = {}
    for language in ("en", "zh-hant"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": server},
                                  {"name": "theme", "value": "light", "url": server}])  # fmt: skip
        for address in (f"/design/{design.design_id}/decide/", f"/design/{design.design_id}/pathways/?n=1", finished):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            broken = faults(page, targets=True)
            page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
            if broken := [*broken, *faults(page, only=COLOURS)]:
                complaints[language, address] = broken
    assert complaints == {}
