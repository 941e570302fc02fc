"""Entry pages lose nothing and fake nothing: the grade shown, Back, drafts and a lost answer."""

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from grading.models import VitalSigns
from tests.browser.bedside.test_bedside import keeping, sign_in, sign_in_by_hand, tap, type_a_febrile_hypotensive_set
from tests.browser.pages.axe import faults
from tests.builders import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    """A tablet whose own clock runs in another zone than the site's."""
    context = browser.new_context(
        viewport={"width": 768, "height": 1024}, base_url=server, has_touch=True, timezone_id="America/New_York"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def entry(tablet: Page, ward: World) -> str:
    sign_in(tablet, ward)
    address = f"/participants/{ward.participant.pk}/vitals/"
    tablet.goto(address)
    expect(tablet.locator("#preview .grade")).to_be_visible()
    return address


def type_danger(page: Page) -> None:
    page.fill("#id_temperature_c", "39.5")
    page.fill("#id_sbp", "78")
    page.fill("#id_dbp", "45")
    tap(page, "vasopressors", "norepinephrine")


def save(page: Page) -> None:
    page.fill("#id_confirm_number", "001")
    page.locator(".key-save").tap()


# --- T1 ---


def test_without_a_network_the_grade_is_that_of_what_is_typed(tablet, entry, ward):
    """By the rules on the tablet, on the record as of a time; what was seen before that they do not tell."""
    tap(tablet, "oxygen_device", "room_air")
    expect(tablet.locator("#entry")).to_have_attribute("data-rules", re.compile("ASTCT"))

    tablet.context.set_offline(True)
    type_danger(tablet)

    preview = tablet.locator("#preview")
    expect(preview.locator(".grade")).to_contain_text("Grade 3")
    expect(preview).to_contain_text("Fever: 39.5 °C")
    expect(preview.locator(".preview-as-of")).to_contain_text("On the record as of")
    tablet.fill("#id_sbp", "12x")
    expect(preview).to_contain_text("Fever: 39.5 °C")
    tablet.fill("#id_temperature_c", "61")
    tablet.locator("#id_dbp").focus()
    expect(tablet.locator(".measure:has(#id_temperature_c) .said-here")).to_contain_text("Not possible: between 25")
    expect(tablet.locator(".measure:has(#id_sbp) .said-here")).to_contain_text("is not a number")
    assert faults(tablet) == []
    expect(preview).not_to_contain_text("39.5 °C")
    tap(tablet, "vasopressors", "norepinephrine")  # no more: what gets worse is asked nothing
    tablet.fill("#id_temperature_c", "33")
    tablet.fill("#id_sbp", "121")
    expect(tablet.locator("#again_temperature_c")).to_be_visible()

    tap(tablet, "when", "other")
    before_it_knows = timezone.now().astimezone(ZoneInfo(ward.site.time_zone)) - timedelta(hours=5)
    tablet.select_option("[name=observed_on]", f"{before_it_knows:%Y-%m-%d}")
    tablet.fill("#id_observed_time", f"{before_it_knows:%H:%M}")
    expect(preview.locator("[data-when=unknown]")).to_be_visible()
    expect(preview.locator(".grade")).to_be_hidden()


# --- Where the rules do not start, the server tells the grade ---


@pytest.fixture
def entry_by_server(tablet: Page, ward: World) -> None:
    tablet.route("**/*.wasm", lambda route: route.abort())
    sign_in(tablet, ward)
    tablet.goto(f"/participants/{ward.participant.pk}/vitals/")
    expect(tablet.locator("#preview .grade")).to_be_visible()


def test_by_the_server_the_last_grade_is_never_shown_as_the_present_one(tablet, entry_by_server):
    tap(tablet, "oxygen_device", "room_air")
    tablet.fill("#id_temperature_c", "36.8")
    tablet.fill("#id_sbp", "120")
    expect(tablet.locator("#preview .grade")).to_be_visible()

    tablet.context.set_offline(True)
    type_danger(tablet)

    expect(tablet.locator("#preview")).to_contain_text("cannot be told now")
    expect(tablet.locator("#preview .grade")).to_be_hidden()

    tablet.context.set_offline(False)
    expect(tablet.locator("#preview .grade")).to_contain_text("Grade 3")
    expect(tablet.locator("#preview [data-when=unknown]")).to_be_hidden()


def test_an_error_of_the_server_is_no_grade(tablet, entry_by_server):
    answered: list[int] = []

    def fail(route: Route) -> None:
        answered.append(status)
        route.fulfill(status=status, body="<div class='grade'>Grade 0</div>")

    for status in (500, 403, 429):
        tablet.route("**/preview/", fail)
        type_danger(tablet)
        expect(tablet.locator("#preview [data-when=unknown]")).to_be_visible()
        expect(tablet.locator("#preview [data-when=unknown]")).to_contain_text("cannot be told now")
        expect(tablet.locator("#preview .grade")).to_be_hidden()
        assert status in answered
        tablet.unroute("**/preview/")
        tap(tablet, "vasopressors", "none")
        expect(tablet.locator("#preview .grade")).to_be_visible()


def test_an_answer_to_what_was_typed_before_is_not_shown(tablet, entry_by_server):
    """The first answer is slow and comes after the next value was typed."""
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        route.continue_() if held else held.append(route)

    tablet.route("**/preview/", hold_the_first)
    tablet.fill("#id_temperature_c", "36.8")
    expect(tablet.locator("#preview")).to_contain_text("Grading what is typed")
    expect(tablet.locator("#preview .grade")).to_be_hidden()
    for _moment in range(200):  # at most 10 s
        if held:
            break
        tablet.wait_for_timeout(50)
    assert held
    tablet.evaluate("document.querySelector('#id_temperature_c').value = '39.5'")
    held[0].fulfill(body="<div class='grade'>Grade 0</div>")
    tablet.wait_for_timeout(300)
    expect(tablet.locator("#preview")).not_to_contain_text("Grade 0")

    tablet.fill("#id_temperature_c", "39.6")

    expect(tablet.locator("#preview")).to_contain_text("39.6 °C")
    expect(tablet.locator("#preview .grade")).to_be_visible()


# --- T2 ---


def test_back_after_saving_shows_an_empty_form_with_an_id_of_its_own(tablet, entry):
    first = tablet.input_value("[data-form-id]")
    type_a_febrile_hypotensive_set(tablet)
    tap(tablet, "vasopressors", "norepinephrine")
    save(tablet)
    expect(tablet.locator(".saved")).to_contain_text("Saved")

    tablet.go_back()

    expect(tablet.locator("#id_temperature_c")).to_have_value("")
    ticked = "#entry :is(input[type=radio], input[type=checkbox]):checked:not([name=when], [value=''])"
    expect(tablet.locator(ticked)).to_have_count(0)
    expect(tablet.locator("[data-form-id]")).not_to_have_value(first)
    expect(tablet.locator(".draft")).to_have_count(0)


# --- T3, and drafts ---


def cut(route: Route) -> None:
    """The server keeps what was sent; its answer is lost on the way."""
    if route.request.method != "POST":
        route.continue_()
        return
    route.fetch(max_redirects=0)
    route.abort()


def lose_the_answer(tablet: Page, address: str) -> None:
    type_a_febrile_hypotensive_set(tablet)
    keeping(tablet, lambda: tablet.fill("#id_confirm_number", "001"))
    tablet.route(f"**{address}", cut)
    with tablet.expect_event("requestfailed", lambda request: request.url.endswith(address)):
        tablet.locator(".key-save").tap()
    tablet.unroute(f"**{address}")


def test_a_draft_whose_set_was_kept_says_so(tablet, entry, ward):
    lose_the_answer(tablet, entry)
    tablet.goto(entry)
    expect(tablet.locator(".draft")).to_contain_text("was saved")
    tablet.locator(".draft button").tap()
    expect(tablet.locator(".saved")).to_contain_text("Grade 2")
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 2  # the one of three hours ago, and this


def test_a_draft_that_is_taken_up_and_saved_is_one_set(tablet, entry, ward):
    """The tablet could not ask whether it was kept."""
    lose_the_answer(tablet, entry)
    tablet.route("**/kept/*", lambda route: route.abort())
    tablet.goto(entry)
    tablet.locator(".draft button").first.tap()
    expect(tablet.locator("#id_temperature_c")).to_have_value("38,6")
    save(tablet)
    expect(tablet.locator(".saved")).to_contain_text("Grade 2")
    expect(tablet.locator(".notice")).to_contain_text("nothing was saved twice")
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 2


def test_a_draft_that_was_changed_after_it_was_kept_is_told_which_entry_that_is(tablet, entry, ward):
    lose_the_answer(tablet, entry)
    tablet.route("**/kept/*", lambda route: route.abort())
    tablet.goto(entry)
    tablet.locator(".draft button").first.tap()
    tablet.fill("#id_temperature_c", "39.1")
    save(tablet)
    expect(tablet.locator("#entry")).to_contain_text("This form was saved already")
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 2
    tablet.get_by_text("Look at it").tap()
    expect(tablet.locator(".saved")).to_contain_text("Grade 2")


@pytest.mark.req("R05")
def test_a_draft_that_was_never_sent_is_offered_in_the_sites_time_and_keeps_it(tablet, entry, ward):
    """The tablet runs in New York, the site in Taipei."""
    before = timezone.now()
    keeping(tablet, lambda: tablet.fill("#id_temperature_c", "38.6"))
    first = tablet.input_value("[data-form-id]")
    chip = tablet.locator('.tap:has(input[name="when"][value="0"])').inner_text().split()[0]
    tablet.goto(entry)

    expect(tablet.locator(".draft")).to_contain_text(re.compile(r"\d\d:\d\d"))
    taipei = ZoneInfo("Asia/Taipei")
    minutes = range(int((timezone.now() - before) / timedelta(minutes=1)) + 2)
    clocks = {f"{(before + timedelta(minutes=n)).astimezone(taipei):%H:%M}" for n in minutes}
    clock = re.search(r"at (?:\S+ )?(\d\d:\d\d)", tablet.locator(".draft").inner_text())  # the date after midnight
    assert clock
    assert clock[1] in clocks
    tablet.locator(".draft button").first.tap()
    expect(tablet.locator("[data-form-id]")).to_have_value(first)
    expect(tablet.locator('.tap:has(input[name="when"][value="0"])')).to_contain_text(chip)
    expect(tablet.locator('.tap:has(input[name="when"][value="0"])')).not_to_contain_text("now")


# --- The grade of a key ---

# Where the page grades what is typed: the grade of what was tapped last has come.
ANSWERED = """() => {
  const preview = document.getElementById("preview");
  return !preview || preview.getAttribute("aria-busy") === "false";
}"""

# Each form whose grade is asked of the rules from now on, once.
ASKED = """() => {
  const { postMessage } = Worker.prototype;
  window.asked = new Set();
  Worker.prototype.postMessage = function (message) {
    const { ask, why, fields } = message.question ?? {};
    if (ask === "typed" && !why) window.asked.add(JSON.stringify(fields));
    postMessage.call(this, message);
  };
}"""
OF_NINE = """[...asked].filter((form) => JSON.parse(form).spo2[0] === "9").length"""
HYPOTENSIVE = """[...asked].filter((form) => JSON.parse(form).hypotension[0] === "yes").length"""


def test_the_rules_are_asked_about_a_key_while_the_finger_rests_on_it(tablet, entry):
    """And what stands there when it leaves is the very form that they were asked about, so that nobody waits."""
    expect(tablet.locator("#entry")).to_have_attribute("data-rules", re.compile("ASTCT"))
    tablet.locator("#id_spo2").tap()
    tablet.evaluate(ASKED)
    key = tablet.locator('.pad [data-key="9"]')

    key.dispatch_event("pointerdown")
    tablet.wait_for_function(f"{OF_NINE} === 1")
    expect(tablet.locator("#id_spo2")).to_have_value("")

    key.dispatch_event("pointerup")
    key.tap()
    expect(tablet.locator("#id_spo2")).to_have_value("9")
    tablet.wait_for_function(ANSWERED)
    assert tablet.evaluate(OF_NINE) == 1

    answer = tablet.locator(".tap:has([name=hypotension][value=yes])")
    answer.dispatch_event("pointerdown")
    tablet.wait_for_function(f"{HYPOTENSIVE} === 1")
    expect(tablet.locator("[name=hypotension][value=yes]")).not_to_be_checked()

    answer.tap()
    expect(tablet.locator("[name=hypotension][value=yes]")).to_be_checked()
    tablet.wait_for_function(ANSWERED)
    assert tablet.evaluate(HYPOTENSIVE) == 1


# --- R22 ---


def test_the_full_stop_of_a_chinese_keyboard_is_a_decimal_point(tablet, entry):
    tablet.fill("#id_temperature_c", "３８。5")
    tablet.locator("#id_temperature_c").blur()
    expect(tablet.locator("#id_temperature_c")).to_have_value("38.5")
    expect(tablet.locator("#preview")).to_contain_text("38.5 °C")


# --- R20 ---


def test_a_form_left_open_while_one_signed_in_again_says_so_and_offers_what_was_typed(tablet, entry, ward):
    keeping(tablet, lambda: tablet.fill("#id_temperature_c", "38.6"))
    other_tab = tablet.context.new_page()
    other_tab.goto("/")
    other_tab.locator("#sign-out button").click()
    sign_in_by_hand(other_tab, ward)

    save(tablet)

    expect(tablet.locator("main")).to_contain_text("signed in again in this browser")
    expect(tablet.locator("main")).not_to_contain_text("cookies")
    tablet.get_by_role("link", name="Open the form again").tap()
    tablet.locator(".draft button").first.tap()
    expect(tablet.locator("#id_temperature_c")).to_have_value("38.6")
    save(tablet)
    expect(tablet.locator(".saved")).to_contain_text("Saved")
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 2
