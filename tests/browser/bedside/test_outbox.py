"""Save on an enrolled tablet goes by its outbox: online it ends where a plain save ends, without a network it waits."""

import json
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from crsmonitor.devices import cookie
from grading.downtime.codes import code_of
from grading.models import NeuroAssessment, TabletEntry, VitalSigns
from tests.browser.bedside.test_bedside import open_board, tap, type_a_febrile_hypotensive_set
from tests.builders import World
from tests.devices.stages import a_tablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOM_BYTES = 24_000_000  # on the tablet's disk
BUSY_MS = 60_000  # nothing here is measured: a machine may be as slow as it likes


@pytest.fixture
def tablet(browser: Browser, server: str, ward: World) -> Iterator[BrowserContext]:
    """Of the ward, with its nurse signed in and her keys there."""
    context = browser.new_context(viewport={"width": 768, "height": 1024}, base_url=server, has_touch=True)
    context.set_default_timeout(BUSY_MS)
    key = a_tablet(ward).key
    context.add_cookies([{"name": cookie.COOKIE, "value": key, "url": server, "httpOnly": True}])
    page = context.new_page()
    room = {"origin": server, "quotaSize": ROOM_BYTES}
    context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", room)  # before the browser counts what is left
    open_board(page, ward)
    expect(page.locator("#outbox")).to_have_attribute("data-keeps", "", timeout=BUSY_MS)
    yield context
    context.close()


def save(page: Page) -> None:
    page.fill("#id_confirm_number", "001")
    page.locator(".key-save").tap()


def test_a_save_ends_as_a_plain_one_does_with_what_is_wrong_at_its_field(tablet, ward):
    page, address = tablet.pages[0], f"/participants/{ward.participant.pk}/vitals/"
    page.goto(address)
    expect(page.locator("#outbox")).to_have_attribute("data-keeps", "", timeout=BUSY_MS)
    type_a_febrile_hypotensive_set(page)
    page.fill("#id_temperature_c", "386")
    save(page)

    expect(page.locator("#id_temperature_c")).to_have_attribute("aria-invalid", "true", timeout=BUSY_MS)
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("#id_sbp")).to_have_value("85")
    expect(page.locator("#outbox")).to_contain_text("needs you: 1", timeout=BUSY_MS)  # and may be sent again
    page.fill("#id_temperature_c", "38.6")
    save(page)

    expect(page.locator(".saved")).to_contain_text("Grade 2", timeout=BUSY_MS)
    expect(page.locator("#outbox")).to_be_hidden()
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 2  # the one of three hours ago, and this
    assert TabletEntry.objects.get().kind == "vitals"


def read_a_square(page: Page, ward: World) -> None:
    """Of a downtime sheet, without a network: it opens the form for paper, whose time is typed."""
    at = timezone.now()
    page.goto(reverse("from-sheet", args=["vitals", code_of(ward.participant.pk, made_at=at)]))
    page.locator("#entry").wait_for()
    expect(page.locator("[data-paper]")).to_be_visible()
    expect(page.locator("[name=when]")).to_have_count(1)
    wall = (at - timedelta(hours=2)).astimezone(ZoneInfo("Asia/Taipei"))
    page.locator("[name=observed_on]").select_option(f"{wall:%Y-%m-%d}")
    page.locator("[name=observed_time]").fill(f"{wall:%H:%M}")
    page.fill("#id_sbp", "118")
    save(page)
    expect(page.locator("[data-entries]")).to_be_visible(timeout=BUSY_MS)


def test_what_is_entered_without_a_network_waits_and_is_sent_once_in_order(tablet, ward):
    page, own = tablet.pages[0], f"/participants/{ward.participant.pk}/"
    expect(page.locator("#outbox")).to_have_attribute("data-ward-kept", "", timeout=BUSY_MS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tablet.set_offline(True)

    page.goto("/")
    expect(page.locator(".board")).to_contain_text(ward.participant.number, timeout=BUSY_MS)
    expect(page.locator("#outbox")).to_contain_text("Offline since")
    page.goto(f"{own}vitals/")
    page.locator("#entry").wait_for()
    type_a_febrile_hypotensive_set(page)
    expect(page.locator("#preview .grade")).to_contain_text("Grade 2", timeout=BUSY_MS)  # by the rules on the tablet
    save(page)
    expect(page.locator("[data-entries]")).to_contain_text("Vital signs", timeout=BUSY_MS)
    page.goto(f"{own}vitals/")  # a second one knows the first
    expect(page.locator("#id_temperature_c_last")).to_have_text("38.6", timeout=BUSY_MS)
    page.goto(f"{own}neuro/")
    page.locator("#entry").wait_for()
    tap(page, "ice_year", "yes")
    save(page)
    expect(page.locator("#outbox")).to_contain_text("waiting to be sent: 2", timeout=BUSY_MS)
    read_a_square(page, ward)
    expect(page.locator("#outbox")).to_contain_text("waiting to be sent: 3", timeout=BUSY_MS)
    page.close()
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 1

    tablet.set_offline(False)
    page = tablet.new_page()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/tablet/outbox/") else None)
    page.goto("/")

    expect(page.locator("#outbox")).to_contain_text("Sent and kept just now: 3", timeout=BUSY_MS)
    entries = [entry for request in sent for entry in json.loads(request.post_data or "{}")["entries"]]
    kinds = {entry["id"]: entry["kind"] for entry in entries}  # what nobody answers in time is sent again
    assert list(kinds.values()) == ["vitals", "neuro", "vitals"]
    assert VitalSigns.objects.filter(participant=ward.participant).count() == 3
    assert VitalSigns.objects.get(source="paper").sbp == 118
    assert NeuroAssessment.objects.filter(participant=ward.participant).count() == 2
