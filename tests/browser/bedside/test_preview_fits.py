"""The grade of what is typed: its first line stands whole in the save bar, whatever is missing, held either way; and
so does why, of a whole set and of half a one, on each size of tablet.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bedside.test_bedside import sign_in, tap, type_a_febrile_hypotensive_set
from tests.browser.tablets import held, turned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# At one moment: the answer is drawn again when what would change it is known.
BOXES = "selectors => selectors.map((one) => document.querySelector(one).getBoundingClientRect().toJSON())"


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_word_of_the_grade_is_not_cut_off(tablet, ward, server, language):
    sign_in(tablet, ward)
    tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
    tablet.goto(f"/participants/{ward.participant.pk}/vitals/")
    word = tablet.locator("#preview .grade-word")
    expect(word).to_be_visible()
    # By the rules on the tablet: until they are ready the server's stands there, and goes while they are asked.
    expect(tablet.locator("#entry")).to_have_attribute("data-rules", re.compile("ASTCT"))
    expect(tablet.locator("#preview")).to_have_attribute("aria-busy", "false")
    for way in turned(tablet):
        bar, grade, spoken = tablet.evaluate(BOXES, ["#preview", "#preview .grade", "#preview .grade-word"])
        assert bar["y"] <= grade["y"] <= spoken["y"], way
        assert grade["y"] + grade["height"] <= bar["y"] + bar["height"], way


CUT_OFF = """() => [...document.querySelectorAll("#preview :is(.grade, .grade-detail, .preview-why)")]
  .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""


def shown_whole(page: Page, words: str) -> None:
    expect(page.locator("#preview")).to_contain_text(words)
    expect(page.locator("#preview")).to_have_attribute("aria-busy", "false")
    for width, height in ((768, 1024), (800, 1280), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"() => ({CUT_OFF})().length === 0")


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_why_is_read_whole_beside_it(browser, ward, server, language):
    with held(browser, server) as page:
        sign_in(page, ward)
        page.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        page.goto(f"/participants/{ward.participant.pk}/vitals/")
        expect(page.locator("#entry")).to_have_attribute("data-rules", re.compile("ASTCT"))
        for name, number in {"sbp": "78.5", "dbp": "41.5", "spo2": "88"}.items():
            page.fill(f"#id_{name}", number)
        tap(page, "oxygen_device", "room_air")
        tap(page, "fluid_bolus", "yes")
        shown_whole(page, "88 %")
        type_a_febrile_hypotensive_set(page)
        tap(page, "vasopressors", "norepinephrine")
        tap(page, "vasopressors", "vasopressin")
        shown_whole(page, "38.6 °C")
