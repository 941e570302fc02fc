"""The window page on a tablet: every control can be hit, nothing scrolls sideways, and it reads without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.audit.acting import acting
from regimens.models import Regimen
from tests.browser.bedside.test_bedside import check_turned, sign_in
from tests.builders import World, build_world, dose, kept, neuro, stay, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TIGHTENING = {
    "source": "vjhemonc.com/?p=47557",
    "triggers": ["crs_grade", "icans_grade"],
    "tiers": [{"every_h": 0.5, "for_h": 2}, {"every_h": 4}],
}


@pytest.fixture
def ward(server: str) -> World:
    """Dosed 14 hours ago: a set in time, a late one with a fever that tightens the plan, and gaps after it."""
    world, now = build_world(), timezone.now()
    with acting(by="test", reason="tightened"):
        Regimen.objects.filter(pk=world.regimen.pk).update(tightening=TIGHTENING)

    def ago(h: float) -> dict:
        return {"observed_at": now - timedelta(hours=h)}

    for fact in (
        stay(world, **ago(15)),
        dose(world, **ago(14)),
        vitals(world, 0, **ago(10)),
        vitals(world, 0, **ago(5), temperature_c=38.6),
        vitals(world, 0, **ago(4.4), temperature_c=38.4),
        neuro(world, 0, **ago(4.4)),
        vitals(world, 0, **ago(3.2), temperature_c=37.9),
    ):
        kept(fact, world)
    return world


def test_the_window_is_accessible_fits_and_can_be_hit(tablet: Page, ward: World):
    sign_in(tablet, ward)
    for name in ("window/", "stay-end/"):
        tablet.goto(f"/participants/{ward.participant.pk}/{name}")
        check_turned(tablet, name)


def test_a_slot_is_excused_by_tapping(tablet: Page, ward: World):
    sign_in(tablet, ward)
    tablet.goto(f"/participants/{ward.participant.pk}/window/")
    expect(tablet.locator(".countdown")).to_contain_text("ends in")
    missed = tablet.locator(".slot-state-missed")
    before = missed.count()

    tablet.locator("select[name=slot]").select_option(index=1)
    tablet.locator("select[name=because]").select_option("off_ward")
    tablet.get_by_role("button", name="Excuse", exact=True).tap()

    expect(tablet.locator(".slot-state-excused")).to_contain_text("off the ward")
    expect(missed).to_have_count(before - 1)


def test_the_window_reads_without_script(browser: Browser, server: str, ward: World):
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, ward)
    page.goto(f"/participants/{ward.participant.pk}/window/")
    expect(page.locator(".countdown")).to_contain_text("ends in")
    expect(page.locator(".slot-state-late")).to_contain_text("after it was due")
    context.close()
