"""The pages of threshold policies in a real browser: they fit a tablet, by keyboard and without script, and print."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grading.models import AlertPolicy
from grading.policies.library import read_policy
from grading.policies.services import draft_policy
from tests.browser.bedside.test_bedside import check_turned
from tests.browser.tablets import sign_in
from tests.builders import World, build_world, dose, kept, stay, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trial(server: str) -> World:
    world, now = build_world(), timezone.now()
    kept(stay(world, observed_at=now - timedelta(hours=21)), world)
    kept(dose(world, observed_at=now - timedelta(hours=20)), world)
    kept(vitals(world, 0, observed_at=now - timedelta(hours=8), temperature_c=38.6), world)
    kept(vitals(world, 0, observed_at=now - timedelta(hours=4), temperature_c=38.6, hypotension=True), world)
    draft_policy(read_policy(), study=world.study, by=world.data_manager, reason="amendment 2", at=now)
    return world


def sign(page, name: str) -> None:
    page.fill("#sign-name", name)
    page.fill("#sign-password", f"{name}-password")


def test_an_investigator_reads_compares_replays_and_approves(tablet, trial):
    sign_in(tablet, trial.investigator.username)
    tablet.goto("/alerts/")
    tablet.get_by_role("link", name="Threshold policies").tap()
    expect(tablet.locator("h1")).to_have_text("Threshold policies")
    check_turned(tablet, "policies")

    tablet.get_by_role("link", name="Default thresholds v2", exact=True).tap()
    expect(tablet.locator("#approve")).to_be_visible()
    check_turned(tablet, "policy")
    tablet.get_by_role("link", name="What it would have changed").tap()
    expect(tablet.locator("h1")).to_contain_text("would have changed")
    check_turned(tablet, "policy-replay")
    tablet.go_back()
    tablet.get_by_role("link", name="Differences").tap()
    expect(tablet.locator("#against")).to_be_visible()
    check_turned(tablet, "policy-changes")

    tablet.go_back()
    tablet.get_by_role("button", name="Approve").tap()
    expect(tablet.locator(".wrong-text")).to_have_text("Say why it may come into force.")
    check_turned(tablet, "policy refused")
    tablet.fill("#approve_because", "DSMB of May")
    sign(tablet, trial.investigator.username)
    tablet.get_by_role("button", name="Approve").tap()
    expect(tablet.locator(".notice")).to_contain_text("is in force")
    assert AlertPolicy.objects.get(version=2).approved_by == trial.investigator


def test_a_data_manager_drafts_and_is_told_where_it_is_wrong(tablet, trial):
    sign_in(tablet, trial.data_manager.username)
    tablet.goto("/policies/")
    tablet.get_by_role("link", name="New version").tap()
    expect(tablet.locator("#policy_text")).to_be_visible()
    check_turned(tablet, "policy-new")
    text = tablet.input_value("#policy_text")
    assert "from_grade: 2" in text

    tablet.fill("#policy_text", text.replace("from_grade: 2", "from_grade: 9", 1))
    tablet.fill("#policy_reason", "amendment 3")
    tablet.get_by_role("button", name="Keep as a draft").tap()
    expect(tablet.locator("#policy_text_wrong")).to_contain_text("a whole number from 1 to 4")
    check_turned(tablet, "policy-new refused")
    assert "from_grade: 9" in tablet.input_value("#policy_text")

    tablet.fill("#policy_text", text.replace("from_grade: 2", "from_grade: 3", 1))
    tablet.get_by_role("button", name="Keep as a draft").tap()
    expect(tablet.locator("h1")).to_contain_text("v3")
    expect(tablet.locator("#main")).to_contain_text("An investigator of the study approves it.")


def test_without_script_and_in_print(browser, server, trial):
    context = browser.new_context(java_script_enabled=False, base_url=server)
    page = context.new_page()
    sign_in(page, trial.investigator.username)
    page.goto(f"/policies/{AlertPolicy.objects.get(version=2).pk}/")
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("form").last).to_be_hidden()
    expect(page.locator("table").last).to_be_visible()

    page.emulate_media(media="screen")
    page.fill("#approve_because", "fine")
    sign(page, trial.investigator.username)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#main")).to_contain_text("In force")
    context.close()
