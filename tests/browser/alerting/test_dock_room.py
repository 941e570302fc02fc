"""Issue 13, section 6: an alarm that waits already hides neither menu nor page, and nothing moves as it is drawn.

A form of entry has no room left where it is filled (test_pad.py): there the line lies over the menu, and over no field.
"""

from datetime import timedelta
from itertools import cycle, product

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.bedside.test_bedside import open_board
from tests.builders import build_world, dose, kept, stay, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(768, 1024), (1280, 800), (800, 1280)]
# Where everything stands the first time that it is drawn, which is before any alarm has come from the server. What is
# folded away has a place only when the browser has had a reason to lay it out.
FIRST = """addEventListener('DOMContentLoaded', () => { window.first = window.places(); });
window.places = () => [...document.querySelectorAll('.top a, .top button, main h1, main .place, main .key, main input')]
  .map((one) => { const { x, y } = one.getBoundingClientRect();
    return one.checkVisibility() ? [Math.round(x), Math.round(y)] : null; });"""
COVERED = """(what) => { const dock = document.getElementById('dock').getBoundingClientRect().bottom;
  return [...document.querySelectorAll(what)]
    .filter((one) => one.offsetParent !== null && one.getBoundingClientRect().top < dock - 0.5)
    .map((one) => one.outerHTML); }"""
ALL = ".top a, .top button, main > :not([hidden])"
FIELDS = "#entry .tap, #entry .box, main .key, .banner .place"


def test_neither_menu_nor_first_row_is_hidden_by_what_waits(tablet, server):
    world, now = build_world(), timezone.now()
    kept(stay(world, observed_at=now - timedelta(hours=7)), world)
    kept(dose(world, observed_at=now - timedelta(hours=6)), world)
    kept(vitals(world, 0, observed_at=now - timedelta(minutes=5), temperature_c=38.6), world)
    open_board(tablet, world)
    tablet.add_init_script(FIRST)
    form = f"/participants/{world.participant.pk}/vitals/"
    combinations = product(SIZES, ("en", "zh-hant"))
    for ((width, height), language), address in zip(combinations, cycle(("/", form, form, "/")), strict=False):
        tablet.set_viewport_size({"width": width, "height": height})
        tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        tablet.evaluate("sessionStorage.removeItem('alarms-px')")
        tablet.goto(address)
        expect(tablet.locator(".alarm")).to_be_visible()
        where = f"{address} {width}x{height} {language}"
        assert tablet.evaluate(COVERED, ALL if address == "/" else FIELDS) == [], where
        assert tablet.evaluate("window.places()") == tablet.evaluate("window.first"), where

    # A device without sound says so above every page, and hides nothing either.
    tablet.evaluate("localStorage.setItem('crs-alarm-sounds', '{\"sound\": false}')")
    tablet.goto("/")
    expect(tablet.locator("#alarms-quiet")).to_be_visible()
    expect(tablet.locator(".alarm")).to_be_visible()
    assert tablet.evaluate(COVERED, ALL) == []
    assert tablet.evaluate("window.places()") == tablet.evaluate("window.first")
