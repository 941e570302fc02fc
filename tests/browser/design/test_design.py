"""The workbench in a real browser: assays pasted, a regimen edited, a trial run, watched, cancelled and run again."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from regimens.models import DesignVersion
from tests.browser.pages.axe import COLOURS, faults
from tests.browser.tablets import held, sign_in
from tests.builders import World, build_world
from tests.regimens.design_pages.builders import claimed, computed_now, finished_trial, whole_design

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = (1366, 900)
# EC50 50 pM, Hill 1: EC20 12.5 pM, 5.475 µg by 3 L; tenfold with one effector a target in the tumour.
ROWS = "Assay\tReadout\tEC50, pM\tHill\tE:T\nTDCC\tcytotoxicity\t50\t1\t10:1\nCD69\tactivation\t80\t1\t10"


@pytest.fixture
def world(server: str) -> World:
    return build_world()


@pytest.fixture
def design(world: World) -> DesignVersion:
    return whole_design(world)


@pytest.fixture
def page(browser: Browser, server: str, world: World) -> Iterator[Page]:
    with held(browser, server, LAPTOP) as page:
        sign_in(page, world.sponsor.username)
        yield page


def test_assays_are_pasted_by_keyboard_alone_and_both_doses_read(page, world):
    page.goto("/design/new/")
    page.locator("[name=name]").focus()
    page.keyboard.type("first in human")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("first in human")

    page.locator("summary", has_text="Paste rows").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(ROWS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=assay-1-name]")).to_have_value("CD69")
    boxes = {"mw_kda": "146", "effect_pct": "20", "exposure-plasma_volume_l": "3", "tumour_effector_to_target": "1"}
    for name, value in boxes.items():
        page.locator(f"[name='{name}']").focus()
        page.keyboard.type(value)

    doses = page.locator(".design-dose .design-big")
    expect(doses).to_have_text(["5.5", "55"])
    page.locator("button[value=save]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".design-version")).to_contain_text("version 2")
    expect(doses).to_have_text(["5.5", "55"])


def test_a_regimen_is_edited_and_the_table_moves_at_once(page, design):
    page.goto(f"/design/{design.design_id}/compare/")
    third = page.locator("#result tbody tr").nth(2)
    before = third.inner_text()

    page.fill("[name=regimen-0-doses]", "0.16 0.8 3")
    expect(third).not_to_have_text(before)
    page.fill("[name=regimen-0-doses]", "0.16 0.8 three")
    expect(page.locator("#result")).to_contain_text("“three” is not a number")
    page.fill("[name=regimen-0-doses]", "0.16 0.8 48")
    expect(third.locator("strong").first).to_have_text(re.findall(r"[\d.]+ %", before)[0])


def test_a_trial_is_run_watched_cancelled_and_run_again(page, design):
    page.goto(f"/design/{design.design_id}/compare/")
    page.fill("[name=patients]", "30")
    page.get_by_role("button", name="Run the virtual trial").click()
    progress = page.locator("#progress")
    expect(progress).to_contain_text("waits for its turn")
    page.get_by_role("button", name="Cancel the run").click()
    expect(progress).to_contain_text("cancelled")

    page.get_by_role("button", name="Run again").click()
    expect(progress).to_contain_text("waits for its turn")
    claim = claimed()
    expect(progress).to_contain_text("running")
    computed_now(claim)
    expect(page.locator("#result")).to_contain_text("30 virtual people")
    page.get_by_role("button", name="Run again").click()
    expect(progress).to_contain_text("waits for its turn")
    computed_now(claimed())
    expect(page.get_by_text("run again: the same bytes")).to_be_visible()


def test_on_paper_there_are_result_assumptions_and_the_sentence(page, design):
    run = finished_trial(design)
    for address in (f"/design/{design.design_id}/", f"/design/{design.design_id}/compare/", f"/design/runs/{run.pk}/"):
        page.goto(address)
        page.emulate_media(media="print")
        expect(page.locator("header.top")).to_be_hidden()
        expect(page.locator(".design-research")).to_be_visible()
        expect(page.locator("svg.chart-picture").first).to_be_visible()
        expect(page.locator(".design-assumptions")).to_be_visible()
        expect(page.get_by_role("button", name="Run")).to_have_count(0)
        page.emulate_media(media="screen")


def test_pages_of_a_design_are_accessible_by_day_and_night(page, server, design):
    run, number = finished_trial(design), design.design_id
    addresses = [f"/design/{number}/", f"/design/{number}/exposure/", f"/design/{number}/compare/",
                 f"/design/runs/{run.pk}/", "/design/"]  # fmt: skip
    complaints = {}
    for language, address in product(("en", "zh-hant"), addresses):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": server},
                                  {"name": "theme", "value": "light", "url": server}])  # fmt: skip
        page.goto(address)
        broken = faults(page, targets=True)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        if broken := [*broken, *faults(page, only=COLOURS)]:
            complaints[language, address] = broken

    assert complaints == {}
