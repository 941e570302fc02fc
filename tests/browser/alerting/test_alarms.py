"""An alarm where somebody is typing: there within 2 s, nothing moves, answered in one tap, nothing typed is lost."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grading.models import Alert
from tests.browser.bedside.test_bedside import sign_in
from tests.browser.pages.axe import faults
from tests.builders import build_world, dose, kept, stay, vitals
from tests.faults.rig.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHIN_S = 2
# What is folded away has a place only when the browser has had a reason to lay it out.
PLACES = """[...document.querySelectorAll('main .key, main .tap, main input')].map((one) => {
  if (!one.checkVisibility()) return null;
  const { x, y } = one.getBoundingClientRect(); return [Math.round(x), Math.round(y)]; })"""


def test_an_alarm_on_an_entry_form(tablet, server):
    world, now = build_world(), timezone.now()
    kept(stay(world, observed_at=now - timedelta(hours=7)), world)
    kept(dose(world, observed_at=now - timedelta(hours=6)), world)
    sign_in(tablet, world)
    address = f"{server}/participants/{world.participant.pk}/vitals/"
    listens = "document.addEventListener('crs:alarms', () => { window.listens = true; })"
    tablet.add_init_script(listens)
    tablet.goto(address)
    tablet.wait_for_function("() => window.listens")
    tablet.fill("#id_temperature_c", "39.5")
    expect(tablet.locator("#preview .grade")).to_contain_text("1")
    before = tablet.evaluate(PLACES)

    kept(vitals(world, 0, observed_at=now - timedelta(minutes=5), temperature_c=38.6), world)

    line = tablet.locator(".alarm")
    until(line.is_visible, WITHIN_S, "it is shown")
    expect(line).to_contain_text("CRS grade 1")
    expect(tablet.locator("#alarms-say")).to_have_text("New alarm: bed 12, DEMO-001: CRS grade 1")
    assert json.dumps(tablet.evaluate(PLACES)) == json.dumps(before)
    assert faults(tablet) == []

    button = line.get_by_role("button", name="I am going")
    tablet.evaluate("document.querySelector('.alarm-asked').textContent = 'Threshold met; '.repeat(20)")
    box = button.bounding_box()
    assert box["x"] + box["width"] <= tablet.viewport_size["width"]  # however much is asked
    button.tap()

    expect(tablet.locator("#alarms-answered")).to_contain_text("You are going: DEMO-001: CRS grade 1")
    expect(tablet.locator("#alarms")).to_be_hidden()
    assert Alert.objects.get().acknowledged_by == world.nurse
    assert tablet.url == address
    assert tablet.input_value("#id_temperature_c") == "39.5"

    # The participant's own page, left open: its head is sent anew, and a device without sound says so.
    tablet.goto(f"{server}/device/")
    tablet.locator("#sound").uncheck(force=True)
    expect(tablet.locator("#alarms-quiet")).to_be_visible()
    tablet.goto(f"{server}/participants/{world.participant.pk}/")
    expect(tablet.locator("#alarms-quiet")).to_be_visible()
    expect(tablet.locator("#newest-live")).to_contain_text("38.6")
    kept(vitals(world, 0, observed_at=now - timedelta(minutes=2), temperature_c=38.7), world)
    expect(tablet.locator("#newest-live")).to_contain_text("38.7")

    kept(vitals(world, 0, observed_at=now - timedelta(minutes=1), temperature_c=39.4, sbp=84, hypotension=True), world)

    expect(tablet.locator("#newest-live")).to_contain_text("39.4")
    expect(tablet.locator("#newer")).to_be_visible()
