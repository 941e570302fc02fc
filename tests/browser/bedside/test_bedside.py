"""A nurse at the bed, in a real browser: signs in, records, reads the grade; by touch, by script and without script."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser import tablets
from tests.browser.pages.axe import COLOURS, faults
from tests.browser.tablets import held, turned
from tests.builders import World, kept, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"landscape": (1280, 800), "portrait": (800, 1280)}
SMALLEST = 44  # CSS pixels


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    with held(browser, server, SIZES["portrait"]) as page:
        yield page


def sign_in(page: Page, world: World) -> None:
    tablets.sign_in(page, world.nurse.username)


def open_board(page: Page, world: World) -> None:
    sign_in(page, world)
    page.goto("/")
    expect(page.locator(".board")).to_be_visible()


def sign_in_by_hand(page: Page, world: World) -> None:
    page.goto("/")
    page.fill("#id_username", world.nurse.username)
    page.fill("#id_password", f"{world.nurse.username}-password")
    page.locator("form .key-save").click()
    expect(page.locator(".board")).to_be_visible()


def tap(page: Page, name: str, value: str) -> None:
    page.locator(f'.tap:has(input[name="{name}"][value="{value}"])').tap()


DRAFTS = "Object.entries(sessionStorage).filter(([key]) => key.startsWith('draft:')).join()"


def keeping(page: Page, act: Callable[[], object]) -> None:
    """Do this and wait until it is part of the draft: what is typed is encrypted in the background."""
    before = page.evaluate(DRAFTS)
    act()
    page.wait_for_function(f"(before) => {DRAFTS} !== before", arg=before)


def type_a_febrile_hypotensive_set(page: Page) -> None:
    values = {
        "temperature_c": "38,6",
        "sbp": "85",
        "dbp": "50",
        "spo2": "94",
        "heart_rate": "110",
        "respiratory_rate": "20",
    }
    for name, value in values.items():
        page.fill(f"#id_{name}", value)
    tap(page, "oxygen_device", "nasal_cannula")
    page.fill("#id_oxygen_flow_l_min", "2")
    tap(page, "hypotension", "yes")
    tap(page, "fluid_bolus", "no")
    tap(page, "vasopressors", "none")


@pytest.mark.parametrize("size", SIZES)
def test_a_nurse_records_a_set_and_reads_its_grade_while_typing_and_after_saving(tablet, ward, size):
    width, height = SIZES[size]
    tablet.set_viewport_size({"width": width, "height": height})
    sign_in_by_hand(tablet, ward)
    tablet.locator(".place-link").first.tap()
    tablet.locator(".doings a").first.tap()
    expect(tablet.locator("#preview .grade")).to_contain_text("cannot be told")

    type_a_febrile_hypotensive_set(tablet)

    preview = tablet.locator("#preview")
    expect(preview).to_contain_text("Grade 2")
    expect(preview).to_contain_text("Fever: 38.6 °C")
    tablet.fill("#id_confirm_number", "001")
    tablet.locator(".key-save").tap()
    saved = tablet.locator(".saved")
    expect(saved).to_contain_text("Saved")
    expect(saved).to_contain_text("Grade 2")
    expect(saved).to_contain_text("Hypotension not requiring a vasopressor")


def test_a_form_with_errors_is_accessible_fits_and_can_be_hit(tablet, ward):
    """What pages/test_every_page.py does not see: what a page becomes when it is sent."""
    sign_in(tablet, ward)
    tablet.goto(f"/participants/{ward.participant.pk}/vitals/")
    tablet.fill("#id_temperature_c", "38.4.1")
    tablet.locator(".key-save").tap()
    expect(tablet.locator("#errors")).to_be_visible()
    check_turned(tablet, "vitals with errors", SIZES)
    tablet.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert faults(tablet, only=COLOURS) == []


def test_no_reading_lies_over_what_stands_beside_it(tablet, ward):
    """The longest device of the list, at its flow: it was written over the time at which the neuro check is due."""
    high_flow = {"oxygen_device": "high_flow_nasal_cannula", "oxygen_flow_l_min": 60}
    kept(vitals(ward, 0, observed_at=timezone.now() - timedelta(hours=1), **high_flow), ward)
    open_board(tablet, ward)

    expect(tablet.locator(".reading").last).to_contain_text("High-flow nasal cannula 60 L/min")
    over = """() => [...document.querySelectorAll(".reading")]
      .filter((e) => e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right + 1)
      .map((e) => e.textContent)"""
    assert {way: tablet.evaluate(over) for way in turned(tablet, SIZES)} == {way: [] for way in SIZES}


def check(page: Page, name: str) -> None:
    assert faults(page) == [], name
    wide, fits = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= fits, f"{name} scrolls sideways"
    small = page.evaluate(
        """(smallest) => [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")]
        .filter((e) => e.checkVisibility() && !e.matches(".skip, .tap input"))
        .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < smallest || box.width < smallest)
        .map(([html, box]) => `${box.width}x${box.height} ${html}`)""",
        SMALLEST,
    )
    assert small == [], name


def check_turned(page: Page, name: str, sizes: Mapping[str, tuple[int, int]] = tablets.SIZES) -> None:
    """Held either way."""
    for way in turned(page, sizes):
        check(page, f"{name}, {way}")


def test_a_whole_set_is_on_one_screen(tablet, ward):
    sign_in(tablet, ward)
    tablet.goto(f"/participants/{ward.participant.pk}/vitals/")
    expect(tablet.locator("#preview .grade")).to_be_visible()
    for way in turned(tablet, SIZES):
        tall, shown = tablet.evaluate("[document.documentElement.scrollHeight, innerHeight]")
        assert tall <= shown, way


def test_what_was_typed_is_offered_again_after_the_lock(tablet, ward):
    sign_in(tablet, ward)
    address = f"/participants/{ward.participant.pk}/vitals/"
    tablet.goto(address)
    keeping(tablet, lambda: tablet.fill("#id_temperature_c", "38.6"))
    keeping(tablet, lambda: tap(tablet, "hypotension", "yes"))
    tablet.locator("#sign-out button").click()
    tablet.fill("#id_username", ward.nurse.username)
    tablet.fill("#id_password", f"{ward.nurse.username}-password")
    tablet.locator("form .key-save").click()
    expect(tablet).to_have_url(address)
    expect(tablet.locator("#id_temperature_c")).to_have_value("")

    tablet.locator(".draft button").first.click()

    expect(tablet.locator("#id_temperature_c")).to_have_value("38.6")
    expect(tablet.locator('input[name="hypotension"][value="yes"]')).to_be_checked()
    chip = tablet.locator('.tap:has(input[name="when"][value="0"])')
    expect(chip.locator("input")).to_be_checked()
    expect(chip).not_to_contain_text("now")  # the time it was seen


def test_it_all_works_without_javascript(browser, server, ward):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=server, java_script_enabled=False)
    page = context.new_page()
    sign_in_by_hand(page, ward)
    page.goto(f"/participants/{ward.participant.pk}/vitals/")
    page.fill("#id_temperature_c", "38.6")
    page.fill("#id_sbp", "85")
    page.locator('.tap:has(input[name="vasopressors"][value="none"])').click()
    page.fill("#id_confirm_number", "001")
    page.locator(".key-save").click()
    expect(page.locator(".saved")).to_contain_text("at least 2")
    context.close()


def test_why_a_grade_is_opened_by_keyboard_and_stays_open_when_the_board_draws_itself_again(tablet, ward):
    open_board(tablet, ward)
    key = tablet.locator(".place summary")
    key.focus()
    tablet.keyboard.press("Enter")
    why = tablet.locator(".place .why-line").first
    expect(why).to_contain_text("Decided by: No fever")

    kept(vitals(ward, 0, temperature_c=39.1, observed_at=timezone.now()), ward, at=timezone.now())

    expect(tablet.locator(".place-last")).to_contain_text("39.1")  # sent, since a row changed
    expect(tablet.locator(".place .why-line").first).to_contain_text("Decided by: Fever")
    expect(why).to_be_visible()
    expect(key).to_be_focused()
    check_turned(tablet, "board with its reasons", SIZES)
