"""A person sets up an app and a passkey, signs in with the passkey alone, and signs a record with it."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.audit.models import AuditEvent
from regimens.models import WindowCompletion
from tests.browser.bedside.test_bedside import check
from tests.builders import World, build_world, dose, kept, stay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def over(server: str) -> World:
    """A window of 24 h that is over, with nothing in it, for the investigator to close."""
    world = build_world()
    for fact, hours in ((stay(world), 31), (dose(world), 30)):
        fact.observed_at = timezone.now() - timedelta(hours=hours)
        kept(fact, world)
    return world


@pytest.fixture
def tablet(browser: Browser, server: str) -> Page:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, base_url=server, has_touch=True)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    context.close()


@pytest.mark.req("R16")
def test_a_passkey_signs_in_and_signs(tablet: Page, over: World):
    name, password = over.investigator.username, f"{over.investigator.username}-password"
    tablet.goto("/")
    check(tablet, "sign in")
    tablet.fill("#id_username", name)
    tablet.fill("#id_password", password)
    tablet.locator("form .key-save").first.click()
    expect(tablet.locator(".board")).to_be_visible()

    tablet.goto("/accounts/factors/totp/activate/")
    tablet.fill("#id_password", password)
    tablet.locator(".key-save").click()
    secret = tablet.locator(".secret").inner_text()
    check(tablet, "app")
    tablet.fill("#id_code", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    tablet.locator(".key-save").click()
    expect(tablet.locator(".codes li")).to_have_count(10)
    check(tablet, "recovery codes")

    tablet.goto("/accounts/factors/webauthn/add/")
    tablet.fill("#id_name", "ward tablet")
    check(tablet, "passkey")
    tablet.locator("[data-passkey-get]").click()
    expect(tablet).to_have_url("/accounts/factors/")
    check(tablet, "factors")

    tablet.locator("#sign-out button").click()
    expect(tablet.locator("#id_username")).to_be_visible()
    tablet.locator("[data-passkey-get]").click()
    expect(tablet.locator("#sign-out")).to_be_visible()
    expect(tablet).to_have_url("/accounts/factors/")  # where she was

    tablet.goto(f"/participants/{over.participant.pk}/window/")
    tablet.locator('.tap:has(input[name="complete"][value="no"])').tap()
    tablet.fill("form:has([data-passkey-sign]) [name=because]", "nobody looked")
    tablet.locator("[data-passkey-sign] [data-passkey-get]").click()
    expect(tablet.locator("[data-passkey-ready]")).to_be_visible()
    check(tablet, "window")
    tablet.locator("form:has([data-passkey-sign]) > .key-primary").click()
    expect(tablet.locator("[data-passkey-sign]")).to_have_count(0)

    closing = WindowCompletion.objects.get()
    assert (closing.signed, closing.recorded_by) == (True, over.investigator)
    kinds = set(AuditEvent.objects.filter(subject=f"user:{over.investigator.pk}").values_list("table_name", flat=True))
    assert {"sign_in", "sign_out", "second_factor_added", "second_factor_used", "proven_by_passkey"} <= kinds
