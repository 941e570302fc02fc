"""The grade of what is typed: its first line stands whole in the save bar, whatever is missing, held either way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.bedside.test_bedside import sign_in

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
    bar, grade, spoken = tablet.evaluate(BOXES, ["#preview", "#preview .grade", "#preview .grade-word"])
    assert bar["y"] <= grade["y"] <= spoken["y"]
    assert grade["y"] + grade["height"] <= bar["y"] + bar["height"]
