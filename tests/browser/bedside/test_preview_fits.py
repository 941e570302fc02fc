"""The grade of what is typed: its first line stands whole in the save bar, whatever is missing, held either way."""

import pytest
from playwright.sync_api import expect

from tests.browser.bedside.test_bedside import sign_in, ward  # noqa: F401 - the ward is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_word_of_the_grade_is_not_cut_off(tablet, ward, server, language):  # noqa: F811
    sign_in(tablet, ward)
    tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
    tablet.goto(f"/participants/{ward.participant.pk}/vitals/")
    word = tablet.locator("#preview .grade-word")
    expect(word).to_be_visible()
    bar, grade, spoken = (
        tablet.locator(one).bounding_box() for one in ("#preview", "#preview .grade", "#preview .grade-word")
    )
    assert bar["y"] <= grade["y"] <= spoken["y"]
    assert grade["y"] + grade["height"] <= bar["y"] + bar["height"]
