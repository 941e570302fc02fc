"""The regimen pages in a real browser: picture and tables fit a tablet, by script and without, and print."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regimens.library import read
from regimens.services.versions import adopt, amend
from tests.browser.bedside.test_bedside import check_turned, open_board, sign_in
from tests.builders import RISK_WINDOWS, World, build_world, hour, kept, stay
from tests.regimens.test_versions import with_dose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trial(server: str) -> World:
    world = build_world()
    kept(stay(world, observed_at=timezone.now() - timedelta(hours=1)), world)
    common = {"variant": "US", "by": world.data_manager, "at": hour(0)}
    first = adopt(study=world.study, document=read("teclistamab"), reason="", looks=RISK_WINDOWS, **common)
    amend(regimen=first, document=with_dose("teclistamab", "step-up 2", 1), reason="amendment 1", **common)
    return world


def test_from_the_navigation_to_a_regimen_to_what_it_changed(tablet, trial):
    open_board(tablet, trial)
    tablet.locator(".top-more > summary").tap()
    tablet.locator(".top-link", has_text="Regimens").tap()
    expect(tablet.locator("h1")).to_have_text("Regimens")
    check_turned(tablet, "list")

    tablet.get_by_role("link", name="What it changed").tap()
    expect(tablet.locator("tbody")).to_contain_text("Schedule, step-up 2, dose")
    check_turned(tablet, "changes")


@pytest.mark.parametrize("regimen_id", ["teclistamab", "odronextamab_FL", "glofitamab"])
def test_a_regimen_is_drawn_and_listed(tablet, trial, regimen_id):
    sign_in(tablet, trial)
    tablet.goto(f"/regimens/library/{regimen_id}/?label={'EU' if regimen_id != 'glofitamab' else 'CH'}")

    expect(tablet.get_by_role("img", name="The steps of")).to_be_visible()
    check_turned(tablet, regimen_id)


def test_in_print_there_is_the_regimen_and_nothing_else(tablet, trial):
    sign_in(tablet, trial)
    tablet.goto("/regimens/library/teclistamab/")
    tablet.emulate_media(media="print")

    expect(tablet.locator("header.top")).to_be_hidden()
    expect(tablet.locator(".plan-picture")).to_be_visible()
    expect(tablet.locator("table").last).to_be_visible()


def test_what_is_missing_before_anybody_is_enrolled_can_be_read(tablet, trial):
    sign_in(tablet, trial)
    tablet.goto(f"/regimens/{trial.study.regimens.get(code='teclistamab', version=2).pk}/")

    expect(tablet.locator("#missing")).to_have_text("Not ready to enrol")
    check_turned(tablet, "version")
    if folder := os.environ.get("CRS_SCREENSHOTS"):
        tablet.screenshot(path=f"{folder}/regimen-not-ready.png")
