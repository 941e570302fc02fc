"""Ten alerts on eight participants, answered from the inbox: by hand and by keyboard alone, with clicks and loads
counted; and a judgement that holds no more is there by itself."""

import time

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from crsmonitor.audit.acting import acting
from grading.models import Alert, AlertState, Episode, GradeAssessment
from regimens.models import Participant
from tests.browser.pages.axe import faults
from tests.builders import World, build_world, dose, draft, kept, neuro, signature, stay, vitals
from tests.faults.rig.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS, LOADS = 25, 12  # the most that ten alerts may take
KEYS = CLICKS  # each press counts, also those that only move
WITHIN_S = 2
COUNTED = """() => {
  window.clicks = 0; window.keys = 0;
  addEventListener("click", (event) => { if (event.isTrusted && event.detail) window.clicks += 1; }, true);
  addEventListener("keydown", () => { window.keys += 1; }, true);
}"""


@pytest.fixture
def ward(server) -> World:
    """Eight with a fever; two of them not quite themselves either."""
    world = build_world()
    first = world.participant
    for n in range(1, 9):
        if n > 1:
            with acting(by="test", reason="a ward"):
                world.participant = Participant.objects.create(
                    study=world.study, site=world.site, number=f"DEMO-{n:03}", regimen=world.regimen
                )
        kept(stay(world, bed=f"{n:02}"), world)
        kept(dose(world), world)
        kept(vitals(world, 4, temperature_c=38.6), world)
        if n > 6:
            kept(neuro(world, 4.5, ice_writing=False, ice_attention=False), world)
    world.participant = first
    assert Alert.objects.filter(state=AlertState.OPEN.value).count() == 10
    return world


def look(page: Page, server: str, ward: World, loads: list[str]) -> None:
    client = Client()
    client.force_login(ward.investigator)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.goto(f"{server}/inbox/?kind=alert")
    page.evaluate(COUNTED)


def answered() -> list[tuple[str, int]]:
    states = Alert.objects.values_list("state", flat=True)
    return [(state, list(states).count(state)) for state in sorted(set(states))]


def test_ten_alerts_on_eight_participants_take_few_clicks_and_a_judgement_that_fell_comes_by_itself(
    page, server, ward, record_property
):
    loads: list[str] = []
    look(page, server, ward, loads)
    items = page.locator("[data-item]")
    expect(items).to_have_count(8)
    assert faults(page, targets=True) == []

    for left in range(7, 3, -1):  # four by hand
        page.get_by_role("button", name="At the bedside").first.click()
        expect(items).to_have_count(left)
    page.get_by_role("link", name="Nothing is to be done").first.click()
    page.locator("dialog [name=because]").fill("Seen: a warm room")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(items).to_have_count(3)
    expect(page.locator("dialog")).to_be_hidden()
    by_hand = page.evaluate("[window.clicks, window.keys]")
    page.locator("#inbox .link-key, #inbox [data-does=bedside]").first.focus()
    for left in range(2, -1, -1):  # and the rest by keyboard alone: the focus goes on by itself
        page.keyboard.press("Enter")
        expect(items).to_have_count(left)

    clicks, keys = page.evaluate("[window.clicks, window.keys]")
    figures = {"clicks": clicks, "of these for five": by_hand[0], "keys": keys, "loads": len(loads)}
    record_property("desk", {"ten alerts on eight participants": figures})
    assert clicks + keys <= CLICKS
    assert len(loads) <= LOADS
    assert answered() == [("acted_on", 10)]

    page.goto(f"{server}/inbox/?kind=again")
    expect(items).to_have_count(0)
    episode = Episode.objects.get(participant=ward.participant)
    about = {"about": "episode", "about_root": episode.root, "kind": "crs", "ledger": "investigator", "agrees": True}
    kept(draft(GradeAssessment, ward, 5, **about), ward, by=ward.investigator)
    began = time.monotonic()
    kept(vitals(ward, 5.5, temperature_c=38.6, sbp=85, hypotension=True), ward)
    until(items.first.is_visible, WITHIN_S, "it is shown")
    print(f"to be judged again: shown after {time.monotonic() - began:.2f} s")
    items.first.get_by_role("link", name="Judge").press("Enter")
    form = page.locator("dialog form")
    for name, value in signature(ward.investigator).items():
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name="Confirm").press("Enter")
    expect(items).to_have_count(0)
    assert GradeAssessment.objects.filter(derived_grade=2, agrees=True).count() == 1


ON_A_KEY = "() => document.activeElement?.dataset.does === 'bedside'"


def test_ten_alerts_on_eight_participants_by_keyboard_alone(page, server, ward, record_property):
    loads: list[str] = []
    look(page, server, ward, loads)
    items = page.locator("[data-item]")
    expect(items).to_have_count(8)

    for key in ("Tab", "Enter"):  # the link to the content is the first thing there
        page.keyboard.press(key)
    for _ in range(KEYS):
        if page.evaluate(ON_A_KEY):
            break
        page.keyboard.press("Tab")
    for left in range(7, -1, -1):
        page.wait_for_function(ON_A_KEY)  # the focus goes on by itself
        page.keyboard.press("Enter")
        expect(items).to_have_count(left)

    clicks, keys = page.evaluate("[window.clicks, window.keys]")
    figures = {"keys": keys, "clicks": clicks, "loads": len(loads)}
    record_property("desk", {"ten alerts by keyboard alone": figures})
    assert clicks == 0
    assert keys <= KEYS
    assert len(loads) <= LOADS
    assert answered() == [("acted_on", 10)]
