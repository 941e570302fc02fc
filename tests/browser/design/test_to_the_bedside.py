"""A design is brought to the bedside in a real browser, and approved by a second person."""

import pytest
from playwright.sync_api import Browser, expect

from regimens.models import PredictedBand
from tests.browser.bedside.test_bedside import check
from tests.browser.tablets import held, sign_in
from tests.builders import build_world
from tests.regimens.designed.builders import designed_version
from tests.regimens.designed.test_bedside_page import LOWER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = (820, 1180)
TYPED = {
    "vitals_every_h": "4", "neuro_every_h": "8", "risk_window_h": "168", "window_h": "24",
    "untightened_because": "protocol 6.3", "source": "protocol 6", "reason": "chosen at the meeting",
}  # fmt: skip


def test_one_person_drafts_what_a_design_becomes_and_another_brings_it_into_force(browser: Browser, server: str):
    world = build_world()
    version = designed_version(world, LOWER)
    with held(browser, server, TABLET) as page:
        sign_in(page, world.data_manager.username)
        page.goto(f"/design/{version.design_id}/bedside/")
        page.get_by_label("Grown from").select_option("library:epcoritamab_LBCL")
        page.get_by_role("button", name="Show what it becomes").click()
        expect(page.get_by_role("row", name="first full dose 15 24 mg")).to_be_visible()
        check(page, "what it becomes")
        page.locator("#plan_variant").select_option("US")
        for name, value in TYPED.items():
            page.locator(f"[name={name}]").first.fill(value)
        page.locator(".tap", has_text="Intervals never get shorter").click()
        page.get_by_role("button", name="Keep as a draft").click()
        expect(page.get_by_text("a second person has to.")).to_be_visible()
        address = page.url
    assert not PredictedBand.objects.exists()

    with held(browser, server, TABLET) as page:
        sign_in(page, world.investigator.username)
        page.goto(address)
        expect(page.get_by_text("a band of what is predicted is frozen when it comes into force")).to_be_visible()
        form = page.locator("form", has_text="Approve: in force from now")
        form.locator("[name=because]").fill("operating characteristics of version 1")
        form.locator("[name=name]").fill(world.investigator.username)
        form.locator("[name=password]").fill(f"{world.investigator.username}-password")
        form.get_by_role("button", name="Approve: in force from now").click()
        expect(page.get_by_text("band of what is predicted frozen with it")).to_be_visible()
    assert PredictedBand.objects.get().designed.version == version
