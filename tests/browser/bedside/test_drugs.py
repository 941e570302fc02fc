"""The drug ledgers in a real browser: they fit, can be read and hit, and a dose is typed again without script."""

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.models import Alert, AlertPolicy, Treatment, TreatmentEnd
from grading.policies.library import read_policy
from regimens.facts import Source
from regimens.models import Measurement
from tests.browser.bedside.test_bedside import check, check_turned, sign_in, tap
from tests.browser.pages.axe import COLOURS, faults
from tests.browser.tablets import SIZES, turned
from tests.builders import THRESHOLDS, World, build_world, dose, draft, hour, kept, stay, treatment, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOW = {"temperature_c": 38.8, "hypotension": True, "sbp": 86, "dbp": 50, "vasopressors": ["norepinephrine"]}


@pytest.fixture
def ward(server: str) -> World:
    """Grade 3, treated: two doses of tocilizumab, steroids, a vasopressor that stopped and oxygen that did not."""
    world, now = build_world(), timezone.now()
    with acting(by="test", reason="drug rules"):
        world.policy = AlertPolicy.objects.create(
            study=world.study, version=2, title="Default thresholds", thresholds=THRESHOLDS,
            drugs=read_policy().stored_drugs, in_force_from=hour(-1000),
        )  # fmt: skip

    def ago(h: float) -> dict:
        return {"observed_at": now - timedelta(hours=h)}

    def given(h: float, drug: str, kind: str, mg: float, indication="crs", unit="mg", **more) -> Treatment:
        one = treatment(world, 0, drug, kind, indication, dose=mg, unit=unit, **ago(h), **more)
        return kept(one, world).fact

    kept(stay(world, **ago(31)), world)
    kept(draft(Measurement, world, 0, kind="weight_kg", value=Decimal(70), source=Source.IMPORT, **ago(31)), world)
    given(31, "dexamethasone", "corticosteroid", 16, "premedication")
    kept(dose(world, **ago(30)), world)
    kept(vitals(world, 0, **ago(12), **LOW), world)
    acknowledge(str(Alert.objects.first().pk), by=world.nurse, at=now - timedelta(hours=11.9))
    given(11.5, "tocilizumab", "anticytokine", 560, checked_by="demo.charge", ordered_at=now - timedelta(hours=11.8))
    given(11, "dexamethasone", "corticosteroid", 10)
    pressor = given(10, "norepinephrine", "vasopressor", 5, unit="ug/min")
    given(9, "oxygen", "oxygen", 2, unit="L/min")
    given(5, "dexamethasone", "corticosteroid", 10)
    kept(draft(TreatmentEnd, world, 0, treatment=pressor, source=Source.IMPORT, **ago(4)), world)
    given(3, "tocilizumab", "anticytokine", 560, checked_by="demo.charge")
    kept(vitals(world, 0, **ago(1), **LOW), world)
    return world


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    width, height = SIZES["portrait"]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=server, has_touch=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda sent: None if sent.url.startswith((server, "data:")) else broken.append(sent.url))
    yield page
    context.close()
    assert [line for line in broken if "400" not in line] == []  # a form that comes back is a 400


def keep(page: Page, name: str) -> None:
    """A picture of the page, where CRS_SHOTS names a folder."""
    if folder := os.environ.get("CRS_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_ledgers_fit_and_are_accessible(tablet, ward, server):
    tablet.context.add_cookies([{"name": "theme", "value": "light", "url": server}])
    sign_in(tablet, ward)
    for name in ("drugs/", "treatment/", "treatment-end/", "weight/"):
        tablet.goto(f"/participants/{ward.participant.pk}/{name}")
        for way in turned(tablet):
            check(tablet, f"{name}, {way}")
            keep(tablet, f"{name.strip('/')}-{way}")
        tablet.evaluate("document.documentElement.dataset.bsTheme = 'dark'")  # nothing but colours differs by theme
        assert faults(tablet, only=COLOURS) == [], name
    tablet.goto(f"/alerts/{Alert.objects.first().pk}/")
    keep(tablet, "alert")


def test_a_dose_too_early_is_typed_again_and_kept_as_such(tablet, ward):
    sign_in(tablet, ward)
    tablet.goto(f"/participants/{ward.participant.pk}/treatment/")
    tablet.locator("[data-more] summary").tap()
    for name, value in {"drug": "tocilizumab", "dose": "560", "checked_by": "demo.charge"}.items():
        tablet.fill(f"#id_{name}", value)
    tablet.select_option("#id_unit", "mg")
    tap(tablet, "drug_class", "anticytokine")
    tablet.locator("[data-more] summary").tap()
    tap(tablet, "indication", "crs")
    tablet.fill("#id_confirm_number", "001")
    tablet.locator(".key-save").tap()
    expect(tablet.locator("#id_dose_wrong")).to_contain_text("Less than 8 h from another dose")
    keep(tablet, "typed-again")
    check_turned(tablet, "a dose typed again")

    tablet.fill("#again_dose", "560")
    tablet.fill("#id_because", "ordered by the investigator")
    tablet.fill("#id_confirm_number", "001")
    tablet.locator(".key-save").tap()
    expect(tablet.locator(".saved")).to_contain_text("Saved")

    assert Treatment.objects.latest("recorded_at").unusual == ["too_early"]
