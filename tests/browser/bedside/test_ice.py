"""An ICE by touch: on one screen whichever way the tablet is held, in both languages, in at most 17 taps with Save."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise, product

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.audit.acting import acting
from grading.models import NeuroAssessment
from regimens.models import Measured, Measurement, Site
from tests.browser.bedside.test_bedside import check, sign_in
from tests.browser.keystrokes import Hand
from tests.browser.tablets import held
from tests.builders import World, build_world, dose, draft, kept, neuro, stay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = ((768, 1024), (800, 1280), (1280, 800))
MOST_TAPS = 17
KEY, GAP = 56, 8  # CSS pixels
TRAVEL_MS = 400  # no finger taps elsewhere sooner; Chromium takes a touch within 300 ms for a part of the stroke
# In seconds: an item read out and answered (7 of them), a sentence written. Ours; no source has them.
ANSWER, WRITING, ANSWERED = 4.0, 15.0, 7
SENTENCE = {"width": 400, "height": 120, "strokes": [[[10, 20, 0, 500], [14, 22, 16, 510]]]}
FULL_MARKS = [
    *((f"ice_{name}", "yes") for name in ("year", "month", "city", "hospital")), ("ice_naming", "3"),
    *((f"ice_{name}", "yes") for name in ("command", "attention", "writing")), ("consciousness", "awake"),
    ("seizure", "none"), ("motor", "none"), ("icp_signs", "none"),
]  # fmt: skip


@pytest.fixture
def ward(server: str) -> World:
    """A participant who is asked in Chinese, with a baseline and a sentence from before the first dose."""
    world, now = build_world(), timezone.now()
    with acting(by="test", reason="words for a test"):
        Site.objects.filter(pk=world.site.pk).update(
            city="臺北市, Taipei", hospital="國立示範大學醫學院附設醫院", language="zh-hant"
        )
    kept(stay(world, observed_at=now - timedelta(hours=7)), world)
    before = now - timedelta(hours=6, minutes=30)
    kept(neuro(world, 0, observed_at=before, sentence=SENTENCE), world)
    baseline = {"kind": Measured.BASELINE_ICE, "value": 10}
    kept(draft(Measurement, world, 0, observed_at=before, **baseline), world)
    kept(dose(world, observed_at=now - timedelta(hours=6)), world)
    return world


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    with held(browser, server) as page:
        yield page


def boxes(page: Page) -> list[dict[str, float]]:
    """Every key and choice that is seen, where it lies."""
    return page.evaluate(
        """() => [...document.querySelectorAll("#entry .tap, #entry .key, #entry select, .sheet-paper")]
        .filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()])
        .map(([e, { x, y, width, height }]) => ({ x, y, width, height, key: e.matches(".ice-key") }))"""
    )


def write(page: Page) -> None:
    """Two strokes with a finger."""
    paper = page.locator(".sheet-paper").bounding_box()
    touch = page.context.new_cdp_session(page)
    for start in (20, 120):
        points = [(paper["x"] + start + 4 * n, paper["y"] + 40 + (n % 5) * 6) for n in range(12)]
        for number, (x, y) in enumerate(points):
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "force": 0.6}]})
            page.wait_for_timeout(25)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(TRAVEL_MS)


def fits(page: Page, what: str) -> None:
    tall, shown, wide, across = page.evaluate(
        """(({ scrollHeight, scrollWidth }) => [scrollHeight, innerHeight, scrollWidth, innerWidth])(
        document.documentElement)"""
    )
    assert tall <= shown, what
    assert wide <= across, what
    keys = [box for box in boxes(page) if box["key"]]
    assert len(keys) == 7 * 3 + 5, what
    assert min(min(box["width"], box["height"]) for box in keys) >= KEY, what
    in_a_row = sorted((box for box in keys if box["y"] == keys[0]["y"]), key=lambda box: box["x"])
    assert all(b["x"] - a["x"] - a["width"] >= GAP for a, b in pairwise(in_a_row)), what


def write_again_and_choose_what_is_rare(page: Page, address: str) -> None:
    """A finding opens over the page; a sentence is erased, written again, and at last said to be on paper."""
    page.goto(address)
    before = boxes(page)
    key = page.locator('details[data-close="seizure"] summary')
    key.tap()
    page.locator('.tap:has(input[value="prolonged_over_5_min"])').tap()
    expect(key).not_to_have_text("其他…")
    assert boxes(page) == before
    sentence = page.locator("[name=sentence]")
    write(page)
    expect(sentence).not_to_have_value("")
    page.locator("[data-erase]").tap()
    expect(sentence).to_have_value("")
    write(page)
    page.locator('.tap:has(input[name="sentence_on_paper"])').tap()
    page.fill("#id_confirm_number", "001")
    page.locator(".key-save").tap()
    expect(page.locator(".saved")).to_contain_text("4")
    one = NeuroAssessment.objects.order_by("recorded_at").last()
    assert (one.sentence, one.sentence_on_paper, one.seizure) == (None, True, "prolonged_over_5_min")


def test_an_ice_by_touch(tablet, ward, server, record_property):
    sign_in(tablet, ward)
    address = f"/participants/{ward.participant.pk}/neuro/"
    for language, bank in product(("en", "zh-hant"), ("en 1", "zh-hant 1")):
        tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        tablet.goto(f"{address}?bank={bank}")
        for width, height in SIZES:
            tablet.set_viewport_size({"width": width, "height": height})
            fits(tablet, f"page in {language}, words {bank}, {width}x{height}")
    tablet.set_viewport_size({"width": 768, "height": 1024})
    tablet.goto(address)
    check(tablet, "neuro")
    expect(tablet.locator(".ice-year .ice-say")).to_have_text("請問今年是哪一年？")
    before = boxes(tablet)
    hand = Hand(tablet)
    for name, value in FULL_MARKS:
        hand.think()
        hand.tap(tablet.locator(f'.tap:has(input[name="{name}"][value="{value}"])'))
        expect(tablet.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()
        assert boxes(tablet) == before, f"something moved after {name}"
        if name == "ice_attention":
            write(tablet)
    expect(tablet.locator("#ice-sum")).to_contain_text("10 (±0)")
    hand.think()
    hand.tap(tablet.locator("#id_confirm_number"))
    hand.type_without_pad("001")
    hand.think()
    hand.tap(tablet.locator(".key-save"))

    expect(tablet.locator(".saved")).to_contain_text("無 ICANS")
    expect(tablet.locator(".ribbon-one")).to_have_count(2)
    one = NeuroAssessment.objects.order_by("recorded_at").last()
    assert (one.bank_language, one.bank_version) == ("zh-hant", "1")
    assert len(one.sentence["strokes"]) == 2
    assert hand.taps <= MOST_TAPS
    talk = ANSWERED * ANSWER + WRITING
    whole = hand.figures | {"s with answers and the sentence": round(hand.seconds + talk)}
    record_property("bedside", {"ICE, full marks, Save": whole})

    write_again_and_choose_what_is_rare(tablet, address)
