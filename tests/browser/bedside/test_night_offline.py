"""The night on which the clocks go back, without a network: the hour that comes twice says which, and nothing moves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect

from crsmonitor.audit.acting import acting
from crsmonitor.devices import cookie
from grading.models import TabletEntry, VitalSigns
from tests.browser.bedside.test_bedside import open_board, type_a_febrile_hypotensive_set
from tests.browser.bedside.test_outbox import BUSY_MS, save
from tests.builders import World, build_world, dose, kept, stay, vitals
from tests.devices.stages import a_tablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# In Paris 02:30 on 25 October 2026 is at 00:30 and at 01:30 UTC.
EVENING, FIRST, SECOND, MORNING = (
    datetime(2026, 10, 25, hour, minute, tzinfo=UTC) for hour, minute in ((0, 5), (0, 30), (1, 30), (4, 0))
)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Of the server, which runs in this process. That of the browser is set by `shows`."""
    with time_machine.travel(EVENING, tick=True) as clock:
        yield clock


@pytest.fixture
def ward(clock: time_machine.Traveller, server: str) -> World:
    world = build_world()
    with acting(by="test", reason="a site where clocks are changed"):
        world.site.time_zone = "Europe/Paris"
        world.site.save()
    world.participant.refresh_from_db()
    for fact in (
        stay(world, observed_at=EVENING - timedelta(hours=7)),
        dose(world, observed_at=EVENING - timedelta(hours=6)),
        vitals(world, 0, observed_at=EVENING - timedelta(hours=3), temperature_c=37.1),
    ):
        kept(fact, world)
    return world


@pytest.fixture
def tablet(browser: Browser, server: str, ward: World) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, base_url=server, has_touch=True)
    context.set_default_timeout(BUSY_MS)
    context.add_cookies([{"name": cookie.COOKIE, "value": a_tablet(ward).key, "url": server, "httpOnly": True}])
    yield context
    context.close()


def shows(tablet: BrowserContext, at: datetime) -> None:
    tablet.clock.set_fixed_time(at)


def test_both_sets_of_the_hour_that_comes_twice_keep_their_instants(clock, tablet, ward):
    shows(tablet, EVENING)
    page = tablet.new_page()
    open_board(page, ward)
    expect(page.locator("#outbox")).to_have_attribute("data-ward-kept", "", timeout=BUSY_MS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tablet.set_offline(True)

    for at in (FIRST, SECOND):
        shows(tablet, at)
        enter(page, ward)

    entries = page.locator("[data-entries]")
    expect(entries).to_contain_text("02:30 +02:00")
    expect(entries).to_contain_text("02:30 +01:00")
    page.close()
    clock.move_to(MORNING)
    shows(tablet, MORNING)
    tablet.set_offline(False)
    page = tablet.new_page()
    page.goto("/")  # locked meanwhile
    page.get_by_role("button", name="Sign in with name and password").tap()
    page.fill("#id_username", ward.nurse.username)
    page.fill("#id_password", f"{ward.nurse.username}-password")
    page.locator("form .key-save").click()
    expect(page.locator("#outbox")).to_contain_text("Sent and kept just now: 2", timeout=BUSY_MS)

    sets = VitalSigns.objects.filter(participant=ward.participant).order_by("observed_at")
    assert near([one.observed_at for one in sets][1:])
    assert near([one.kept_at for one in TabletEntry.objects.order_by("kept_at")])
    assert {one.reason for one in sets} == {""}  # nobody is asked why they come late


def near(instants: list[datetime]) -> bool:
    """The two, but for what the tablet's clock stands still while the server's goes on: that is its skew."""
    return all(abs(at - wanted) < timedelta(minutes=10) for at, wanted in zip(instants, (FIRST, SECOND), strict=True))


def enter(page: Page, ward: World) -> None:
    page.goto(f"/participants/{ward.participant.pk}/vitals/")
    page.locator("#entry").wait_for()
    type_a_febrile_hypotensive_set(page)
    save(page)
    expect(page.locator("[data-entries]")).to_be_visible(timeout=BUSY_MS)
