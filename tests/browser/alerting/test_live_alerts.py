"""The alert list while it is open in a browser: a new alert is there within 2 s, without a reload."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from grading.alerting.services.answers import acknowledge
from tests.builders import World, build_world, dose, kept, stay, vitals
from tests.faults.rig.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHIN_S = 2


@pytest.fixture
def ward(server) -> World:
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    return world


@pytest.fixture
def open_list(page, server):
    """The alert list of somebody, with its stream running."""

    def look(user):
        client = Client()
        client.force_login(user)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])
        # The list comes once the stream listens: from then on nothing can be missed.
        count = "document.addEventListener('crs:listed', () => { window.listed = (window.listed ?? 0) + 1; })"
        page.add_init_script(count)
        page.goto(f"{server}/alerts/")
        page.wait_for_function("() => window.listed")
        page.evaluate("window.here = 'the same page'")
        return page

    return look


def test_an_investigator_sees_a_new_alert_within_2_s_without_reloading(open_list, ward):
    page = open_list(ward.investigator)
    expect(page.locator(".alert-card")).to_have_count(0)
    took = []

    for h, changes in ((4, {}), (5, {"sbp": 85, "hypotension": True}), (6, {"oxygen_device": "venturi_mask"})):
        before = page.locator("[data-waiting]").count()
        began = time.monotonic()
        kept(vitals(ward, h, temperature_c=38.6, **changes), ward)
        until(page.locator("[data-waiting]").nth(before).is_visible, WITHIN_S, "it is shown")
        took.append(time.monotonic() - began)

    assert page.evaluate("window.here") == "the same page"
    first = page.locator(".alert-card").first
    expect(first).to_contain_text("DEMO-001")
    expect(first).to_contain_text("bed 12")
    print("shown after", [f"{seconds:.2f} s" for seconds in took])


def test_a_new_alert_is_announced_once(open_list, ward):
    page = open_list(ward.investigator)

    kept(vitals(ward, 4, temperature_c=38.6), ward)
    spoken = page.locator("#alerts-say")
    expect(spoken).to_have_attribute("role", "alert")
    expect(spoken).to_have_text("New alert: DEMO-001: CRS grade 1")
    page.evaluate("document.getElementById('alerts-say').textContent = ''")
    page.evaluate("window.listed = 0; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => window.listed")  # the list was drawn again
    expect(page.locator(".alert-card")).to_be_visible()
    assert spoken.inner_text() == ""


def test_an_answer_of_somebody_else_shows_too_and_ones_own_works(open_list, ward):
    [first] = kept(vitals(ward, 4, temperature_c=38.6), ward).alerts
    page = open_list(ward.investigator)

    acknowledge(str(first.pk), by=ward.nurse, at=timezone.now())

    until(page.locator('[data-state="acknowledged"]').is_visible, WITHIN_S, "it is shown")
    kept(vitals(ward, 5, temperature_c=38.6, sbp=85, hypotension=True), ward)
    button = page.get_by_role("button", name=re.compile("I am going.*CRS grade 2"))
    until(button.is_visible, WITHIN_S, "it is shown")
    button.click()
    page.wait_for_url("**/alerts/*-*/")
    expect(page.locator("main")).to_contain_text("Answered by demo.investigator")


def test_nothing_moves_under_a_finger(page, open_list, ward):
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    page.clock.install()
    page = open_list(ward.investigator)
    page.clock.pause_at(timezone.now() + timedelta(seconds=10))  # it lies there for no time: not for too long
    page.get_by_role("button", name=re.compile("I am going")).hover()

    page.mouse.down()
    # From now on: until then the list is drawn again, as when the server hears that the alert was seen.
    page.evaluate("window.pressed = document.querySelector('.alert-card button')")
    with page.expect_response(lambda answer: answer.url.endswith("/alerts/list/")):
        kept(vitals(ward, 4.1, temperature_c=38.6, sbp=85, hypotension=True), ward)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)
    assert page.evaluate("window.pressed.isConnected")
    page.mouse.up()

    page.wait_for_url("**/alerts/*-*/")


def test_silence_is_shown_across_the_screen(page, server, ward, open_list):
    page.clock.install()
    page = open_list(ward.nurse)
    stripe = page.locator("#silent")
    expect(stripe).to_be_hidden()

    page.clock.pause_at(timezone.now() + timedelta(minutes=1))

    page.context.set_offline(True)
    # A stream that is open stays open when the tablet is said to be offline, and would break the silence.
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.clock.run_for(62_000)  # what was on its way still comes, and is word
    page.clock.run_for(62_000)

    expect(stripe).to_contain_text("No word from the server for a minute")
    expect(stripe).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(21_000)
    expect(stripe).to_be_hidden()


# The participant on the first list that is drawn from now on; later ones say that it was seen.
FIRST_DRAWN = """document.addEventListener('crs:listed', () => {
  window.drawn ??= document.querySelector('.alert-card')?.textContent.match(/\\w+-001/)?.[0] ?? 'nobody'; })"""


def test_another_study_is_not_woken(open_list, ward):
    other = build_world("OTHER")
    page = open_list(other.investigator)
    page.route("**/alerts/list/", lambda route: route.abort())  # only what the stream sends is drawn
    page.evaluate(FIRST_DRAWN)

    kept(vitals(ward, 4, temperature_c=38.6), ward)
    kept(stay(other), other)
    kept(dose(other), other)
    kept(vitals(other, 4, temperature_c=38.6), other)
    until(page.locator(".alert-card").is_visible, WITHIN_S, "it is shown")

    assert "DEMO-001" not in page.content()
    assert page.evaluate("window.drawn").startswith("OTHER-001")  # the first that was sent is her own study's
