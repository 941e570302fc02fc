"""The gate page in a real browser: it fits, can be read and hit, and a dose is released by keyboard, without script."""

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.audit.acting import acting
from regimens.facts import Source
from regimens.library import read
from regimens.models import DoseRelease, Measured, Measurement, WindowCompletion
from regimens.services.versions import adopt
from tests.browser.bedside.test_bedside import check_turned
from tests.browser.desk.walks import Walk
from tests.browser.tablets import sign_in
from tests.builders import RISK_WINDOWS, World, build_world, dose, draft, hour, kept, neuro, stay, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"portrait": (768, 1024), "landscape": (1024, 768)}


@pytest.fixture
def ward(server: str) -> World:
    """Step-up 1 of teclistamab three days ago, without a release; nobody said whether there is an infection."""
    world, now = build_world(), timezone.now()
    regimen = adopt(study=world.study, document=read("teclistamab"), variant="US", by="test", reason="x", at=hour(-99),
                    looks=RISK_WINDOWS)  # fmt: skip
    with acting(by="test", reason="a regimen of the library"):
        world.participant.regimen = regimen
        world.participant.save()
    world.steps = list(regimen.steps.order_by("position"))

    def at(h: float) -> dict:
        return {"observed_at": now - timedelta(hours=h), "source": Source.IMPORT}

    kept(stay(world, **at(75)), world)
    kept(draft(Measurement, world, 0, kind=Measured.BASELINE_ICE, value=Decimal(10), **at(74)), world)
    given = kept(dose(world, **at(72), unit="mg/kg", route="SUBCUTANEOUS"), world).fact
    kept(vitals(world, 0, **at(70)), world)
    kept(neuro(world, 0, **at(70)), world)
    kept(vitals(world, 0, **at(2)), world)
    kept(neuro(world, 0, **at(2)), world)
    kept(
        draft(WindowCompletion, world, 0, dose=given, complete=True, signed=True, **at(20)),
        world,
        by=world.investigator,
    )
    return world


@pytest.fixture(params=SIZES)
def tablet(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """Without JavaScript: what must work works without it."""
    width, height = SIZES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=server, has_touch=True, java_script_enabled=False
    )
    page = context.new_page()
    page.size = request.param
    yield page
    context.close()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("CRS_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/gate-{name}-{page.size}.png", full_page=True)


def test_from_hold_to_released(ward: World, tablet: Page, server: str, record_property: Any) -> None:
    """What is asked, its button; name and password, the button. A button that is refused is counted by itself."""
    walk = Walk(tablet, server)
    walk.begins(ward.investigator, f"/participants/{ward.participant.pk}/gate/")
    expect(tablet.locator(".gate-answer h2")).to_contain_text("HOLD")
    picture(tablet, "hold")

    walk.click(tablet.locator('.tap:has(input[name="infection"][value="no"])'))
    walk.press(tablet.locator('button[value="asked"]'))
    expect(tablet.locator(".gate-answer h2")).to_contain_text("GO")
    picture(tablet, "go")

    refused = Walk(tablet, server)
    refused.press(tablet.locator('button[value="override"]'))
    expect(tablet.locator("#id_because_wrong")).to_be_visible()
    beside = refused.ends()
    walk.write(tablet.locator("#sign-name"), ward.investigator.username)
    walk.write(tablet.locator("#sign-password"), f"{ward.investigator.username}-password")
    walk.press(tablet.locator('button[value="release"]'))
    expect(tablet.locator(".saved")).to_contain_text("step-up 2 released")
    picture(tablet, "released")
    assert DoseRelease.objects.get().override is False

    took = walk.ends()
    took["loads"] -= beside["loads"]
    record_property("desk", {f"a dose released at its gate, {tablet.size}": took})
    assert (took, beside) == ({"clicks": 5, "loads": 3}, {"clicks": 1, "loads": 1})


@pytest.mark.parametrize("tablet", ["portrait"], indirect=True)
def test_a_nurse_reads_it_and_sees_the_deviation(ward: World, tablet: Page) -> None:
    sign_in(tablet, ward.nurse.username)
    tablet.goto(f"/participants/{ward.participant.pk}/")
    expect(tablet.locator(".deviation")).to_contain_text("given without a release")
    tablet.goto(f"/participants/{ward.participant.pk}/gate/")
    expect(tablet.locator('button[value="override"]')).to_have_count(0)


def test_it_can_be_read_and_hit(ward: World, browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, has_touch=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("console", lambda line: broken.append(line.text) if line.type in ("error", "warning") else None)
    sign_in(page, ward.investigator.username)
    page.goto(f"/participants/{ward.participant.pk}/gate/")
    expect(page.locator(".gate-answer")).to_be_visible()

    check_turned(page, "gate")
    assert broken == []
    context.close()
