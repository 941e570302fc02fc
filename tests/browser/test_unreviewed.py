"""On a tablet: a case that a recorded drug closed stays on the list until an investigator says that she looked."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from grading.models import Alert
from tests.builders import World, build_world, dose, kept, stay, treatment, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GRADE_3 = {"temperature_c": 38.6, "sbp": 82, "hypotension": True, "vasopressors": ["norepinephrine"]}


@pytest.fixture
def ward(server) -> World:
    """Grade 3, and tocilizumab recorded by a nurse before anybody answered."""
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, **GRADE_3), world)
    kept(treatment(world, 4.1, "tocilizumab", "anticytokine", "crs"), world)
    return world


@pytest.mark.parametrize(("language", "mark"), [("en", "Not reviewed by an investigator yet"),
                                                ("zh-hant", "尚未經試驗主持人檢視")])  # fmt: skip
def test_it_stands_there_until_an_investigator_says_so(tablet, server, ward, language, mark):
    client = Client()
    client.force_login(ward.investigator)
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
    tablet.context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
    tablet.goto(f"{server}/alerts/")
    card = tablet.locator("section[aria-labelledby=alerts-unreviewed] .alert-card")
    expect(card).to_contain_text(mark)
    expect(card).to_contain_text("tocilizumab")
    if folder := os.environ.get("CRS_SCREENSHOTS"):
        tablet.screenshot(path=Path(folder) / f"unreviewed-{language}.png", full_page=True)

    card.get_by_role("link").first.click()
    button = tablet.locator("#review")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    if folder:
        tablet.screenshot(path=Path(folder) / f"unreviewed-one-{language}.png", full_page=True)
    button.click()

    expect(tablet.locator("#review")).to_have_count(0)
    expect(tablet.locator("main")).not_to_contain_text(mark)
    assert Alert.objects.get().unreviewed_since is None
    tablet.goto(f"{server}/alerts/")
    expect(tablet.locator("#alerts-unreviewed")).to_have_count(0)
