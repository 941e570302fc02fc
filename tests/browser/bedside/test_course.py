"""The course on the participant page, in a real browser: drawn, zoomed by keys and by fingers, read without script."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from grading.bedside.selectors import timeline_page
from tests.browser.bedside.test_bedside import SIZES, check, sign_in
from tests.browser.tablets import turned
from tests.builders import World, build_world, dose, kept, neuro, stay, treatment, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ward(server: str) -> World:
    world, now = build_world(), timezone.now()

    def ago(h: float) -> dict:
        return {"observed_at": now - timedelta(hours=h)}

    for fact in (
        stay(world, **ago(31)),
        dose(world, **ago(30)),
        vitals(world, 0, **ago(28), temperature_c=37.1),
        neuro(world, 0, **ago(28)),
        vitals(world, 0, **ago(24), temperature_c=38.7, spo2=None),
        treatment(world, 0, "paracetamol", "antipyretic", "crs", **ago(23)),
        vitals(world, 0, **ago(20), temperature_c=37.6, sbp=86, dbp=50, hypotension=True, fluid_bolus=True),
        vitals(world, 0, **ago(8), temperature_c=38.2, oxygen_device="nasal_cannula", oxygen_flow_l_min=2),
        neuro(world, 0, **ago(7), ice_attention=False),
    ):
        kept(fact, world)
    return world


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    """A tablet on which nothing may be said on the console: a refused style or script is."""
    width, height = SIZES["portrait"]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=server, has_touch=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda sent: None if sent.url.startswith((server, "data:")) else broken.append(sent.url))
    yield page
    context.close()
    assert broken == []


def open_course(page: Page, world: World) -> None:
    sign_in(page, world)
    page.goto(f"/participants/{world.participant.pk}/")
    expect(page.locator("#chart canvas")).to_have_count(9)
    page.wait_for_selector("#chart[data-from]")


def window(page: Page) -> tuple[int, int]:
    """What the chart shows, in seconds, once it is drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return tuple(int(edge) for edge in page.evaluate("Object.values(document.getElementById('chart').dataset)"))


def shown(page: Page, is_it: Callable[[int, int], bool], what: str) -> tuple[int, int]:
    """The same, once it is what is waited for: a tap is told before the page hears of it."""
    end = time.monotonic() + 30
    while not is_it(*(edges := window(page))):
        assert time.monotonic() < end, f"not {what}: {edges}"
        page.wait_for_timeout(20)
    return edges


def until_inked(page: Page) -> None:
    """Until something is drawn on each panel. Of a copy: a canvas that is read twice is a warning on the console."""
    page.wait_for_function(
        """() => [...document.querySelectorAll("#chart canvas")].every((drawn) => {
          const { width, height } = drawn;
          const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(drawn, 0, 0);
          return copy.getImageData(0, 0, width, height).data.some((value) => value);
        })"""
    )


def until_drawn_to_fit(page: Page) -> None:
    """As wide as there is room, however it is held now."""
    page.wait_for_function(
        """() => { const plot = document.querySelector("[data-panel=sbp] .plot");
        return Math.abs(plot.querySelector(".uplot").clientWidth - plot.clientWidth) < 2; }"""
    )
    until_inked(page)


def hold(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_drawn_and_accessible_by_day_and_by_night(tablet, ward, server, theme):
    tablet.context.add_cookies([{"name": "theme", "value": theme, "url": server}])
    open_course(tablet, ward)

    until_inked(tablet)
    tablet.locator(".course-table > summary").tap()
    tablet.locator('[data-do="before"]').tap()
    for way in turned(tablet, SIZES):
        until_drawn_to_fit(tablet)
        check(tablet, f"the course, {way}")


@pytest.mark.parametrize("size", SIZES)
def test_keys_zoom_move_and_show_all_again(tablet, ward, size, monkeypatch):
    monkeypatch.setattr(timeline_page, "FIRST", 2)  # sets: the page begins with as many of the four
    hold(tablet, size)
    open_course(tablet, ward)
    rest = tablet.get_by_role("link", name="Show all of this stretch")
    rest.focus()
    tablet.keyboard.press("Enter")
    expect(rest).to_have_count(0)
    expect(tablet.locator("#course")).to_be_focused()
    expect(tablet.locator("#course-rows")).to_contain_text("37.1")
    expect(tablet.locator("#chart canvas")).to_have_count(9)
    tablet.wait_for_selector("#chart[data-from]")
    whole = window(tablet)

    tablet.locator('[data-do="in"]').tap()

    half = pytest.approx((whole[1] - whole[0]) / 2, abs=2)
    closer = shown(tablet, lambda begin, end: end - begin == half, "half of it")
    tablet.locator('[data-do="earlier"]').tap()
    shown(tablet, lambda begin, _end: begin < closer[0], "earlier")
    tablet.locator('[data-do="later"]').focus()
    tablet.keyboard.press("Enter")
    shown(tablet, lambda *edges: edges == pytest.approx(closer, abs=2), "where it was")
    tablet.locator('[data-do="all"]').tap()
    shown(tablet, lambda *edges: edges == whole, "all of it")
    expect(tablet.locator('[data-do="out"]')).to_be_disabled()


def fingers(page: Page, *frames: list[tuple[float, float]]) -> None:
    """Put the fingers down as in the first frame, move them through the others, lift them."""
    device = page.context.new_cdp_session(page)
    for number, spots in enumerate(frames):
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(spots)]
        kind = "touchMove" if number else "touchStart"
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("size", SIZES)
def test_two_fingers_zoom_about_what_lies_between_them_and_one_moves(tablet, ward, size):
    hold(tablet, size)
    open_course(tablet, ward)
    tablet.locator("[data-panel=sbp]").scroll_into_view_if_needed()
    box = tablet.locator("[data-panel=sbp] .u-over").bounding_box()
    y, left, wide = box["y"] + box["height"] / 2, box["x"], box["width"]
    before = window(tablet)

    def at(*shares: float) -> list[tuple[float, float]]:
        return [(left + wide * share, y) for share in shares]

    fingers(tablet, at(0.4, 0.6), at(0.35, 0.65), at(0.3, 0.7))

    span = before[1] - before[0]
    half = pytest.approx(span / 2, rel=0.05)
    after = shown(tablet, lambda begin, end: end - begin == half, "half of it")
    assert sum(after) / 2 == pytest.approx(sum(before) / 2, abs=span * 0.03)
    fingers(tablet, at(0.5), at(0.6), at(0.7))
    by = pytest.approx(-0.2 * (after[1] - after[0]), rel=0.2)
    moved = shown(tablet, lambda begin, _end: begin - after[0] == by, "a fifth earlier")
    assert moved[1] - moved[0] == pytest.approx(after[1] - after[0], abs=2)


@pytest.mark.parametrize("size", SIZES)
def test_a_touch_reads_out_what_was_seen(tablet, ward, size):
    hold(tablet, size)
    open_course(tablet, ward)
    for _entry in range(2):  # the last is the neuro assessment
        tablet.locator('[data-do="before"]').tap()

    expect(tablet.locator("[data-read]")).to_contain_text("38.2 °C")
    expect(tablet.locator("[data-read]")).to_contain_text("Nasal cannula 2 L/min")
    tablet.evaluate("document.getElementById('course').scrollIntoView({behavior: 'instant'})")
    box = tablet.locator("[data-panel=temperature] .u-over").bounding_box()
    tablet.touchscreen.tap(box["x"] + box["width"] * 0.02, box["y"] + 60)
    expect(tablet.locator("[data-read]")).to_contain_text("ward 7B, bed 12")


def test_turning_the_tablet_draws_it_anew(tablet, ward):
    open_course(tablet, ward)

    for way in turned(tablet, SIZES):  # to landscape, and back
        expect(tablet.locator("#chart canvas").last).to_be_visible()
        until_drawn_to_fit(tablet)
        wide, fits = tablet.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= fits, way


def test_without_javascript_the_table_says_it_all(browser, server, ward):
    context = browser.new_context(viewport={"width": 800, "height": 1280}, base_url=server, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, ward)
    page.goto(f"/participants/{ward.participant.pk}/")

    expect(page.locator("#chart")).to_be_hidden()
    page.locator(".course-table > summary").click()

    rows = page.locator("#course-rows")
    for words in ("37.1 °C", "38.7 °C", "SpO₂: not assessed", "paracetamol", "BP 86/50 mmHg", "Grade 2", "STEP-UP 1",
                  "37.6 °C (masked: paracetamol can hide a fever)", "ICE 9/10", "CRS episode begins"):  # fmt: skip
        expect(rows).to_contain_text(words)
    context.close()
