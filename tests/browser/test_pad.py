"""What is entered at the bed by the number pad: on one screen, with nothing that moves, and with how many taps."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.audit.acting import acting
from grading.models import AlertPolicy, Treatment, VitalSigns
from grading.policies.library import read_policy
from regimens.facts import Source
from regimens.models import Measured, Measurement
from tests.browser.bedside.test_bedside import check, sign_in
from tests.browser.keystrokes import Hand
from tests.browser.tablets import held
from tests.builders import THRESHOLDS, World, draft, kept, stay, treatment, vitals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"landscape": (1280, 800), "portrait": (800, 1280), "smallest": (768, 1024)}
LANGUAGES = ("en", "zh-hant")


@pytest.fixture
def tablet(browser: Browser, server: str) -> Iterator[Page]:
    with held(browser, server) as page:
        yield page


# --- One screen, nothing moves ---

# Every key that stands on the page, in sight or waiting in its place, is measured after each tap on each of them.
MOVED = """async () => {
  const keys = () => [...document.querySelectorAll("#entry :is(.tap, .box, .key, .pad-key, summary)")]
    .filter((key) => key.checkVisibility() && !key.closest(".when-more, .draft, .more > :not(summary)"));
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const places = (all) => all.map((key) => {
    const box = key.getBoundingClientRect();
    return [box.x, key.closest(".save-bar") ? box.y : box.y + scrollY, box.width, box.height];
  });
  const { style } = document.documentElement;
  style.opacity = 0; // laid out as ever, and not painted, which is a quarter of the work
  const all = keys(), stood = places(all), moved = [];
  const tapped = all.flatMap((key) => key.matches(".tap") ? [key.querySelector("input")] :
    key.matches(".pad-key, summary, .when-done, .when-why") ? [key] : []);
  // The time last: while one is asked for and none stands there, the server is asked about each key.
  const isTime = (key) => key.name === "when";
  const others = "[data-dose], [data-not-done], [data-reason], [data-when-done]";
  const twice = [
    ...tapped.filter((key) => !isTime(key)), ...tapped.filter(isTime), ...document.querySelectorAll(others),
  ];
  for (const key of twice) {
    key.click();
    await drawn();
    const now = places(all);
    all.forEach((one, place) => {
      // Less than a pixel is how the same place is counted with another word beside it.
      if (now[place].some((at, side) => Math.abs(at - stood[place][side]) >= 1)) {
        moved.push(`${one.textContent.trim() || one.name}: ${stood[place]} to ${now[place]} after ` +
          (key.value || key.textContent.trim()));
      }
    });
    if (key.matches("summary")) key.click();
  }
  style.opacity = "";
  return moved.slice(0, 5);
}"""


@pytest.fixture
def long_ward(ward: World) -> World:
    """Everything that can stand on the page is as long as it gets."""
    now = timezone.now()
    kept(stay(ward, observed_at=now - timedelta(hours=2.5), ward="Haematology 7B", bed="112A"), ward)
    with acting(by="test", reason="drug rules"):
        AlertPolicy.objects.create(
            study=ward.study, version=2, title="Default thresholds", thresholds=THRESHOLDS,
            drugs=read_policy().stored_drugs, in_force_from=now - timedelta(days=1),
        )  # fmt: skip
    weighed = {"kind": Measured.WEIGHT, "value": 112.5, "observed_at": now - timedelta(hours=5)}
    kept(draft(Measurement, ward, 0, source=Source.IMPORT, **weighed), ward)  # 900 mg: the most for one dose is less
    running = {"observed_at": now - timedelta(hours=2)}
    kept(treatment(ward, 0, "norepinephrine", "vasopressor", "crs", dose=12.5, unit="ug/min", **running), ward)
    kept(treatment(ward, 0, "vasopressin", "vasopressor", "crs", dose=0.03, unit="units/min", **running), ward)
    kept(treatment(ward, 0, "oxygen", "oxygen", "crs", dose=60, unit="L/min", **running), ward)
    kept(treatment(ward, 0, "sodium chloride 0.9%", "fluid", "crs", dose=1000, unit="mL", **running), ward)
    kept(
        vitals(
            ward, 0, observed_at=now - timedelta(hours=1), temperature_c=38.75, sbp=118.5, dbp=101, spo2=100,
            heart_rate=122.5, respiratory_rate=32.5, oxygen_device="high_flow_nasal_cannula", oxygen_flow_l_min=60,
            hypotension=True, fluid_bolus=True, vasopressors=["norepinephrine", "vasopressin", "phenylephrine"],
        ),
        ward,
    )  # fmt: skip
    return ward


def test_a_filled_set_and_its_correction_are_on_one_screen_and_nothing_moves(tablet, long_ward, server):
    sign_in(tablet, long_ward)
    newest = VitalSigns.objects.latest("recorded_at")
    for (width, height), language in product(SIZES.values(), LANGUAGES):
        tablet.set_viewport_size({"width": width, "height": height})
        tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        for address in (f"/participants/{long_ward.participant.pk}/vitals/", f"/corrections/vitals/{newest.pk}/"):
            tablet.goto(address)
            expect(tablet.locator("#preview .grade")).to_be_visible()
            assert tablet.evaluate(MOVED) == [], (language, width, address)
            for name, value in {"temperature_c": "40.25", "sbp": "118.5", "dbp": "101.5", "spo2": "100"}.items():
                tablet.fill(f"#id_{name}", value)
            expect(tablet.locator("#preview .grade")).to_be_visible()
            tall, cut = tablet.evaluate(
                """() => [document.documentElement.scrollHeight - innerHeight,
                  [...document.querySelectorAll("#entry :is(.measure .box, .pad-echo-room)")]
                  .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.id || e.className)]"""
            )
            assert (tall, cut) == (0, []), (language, width, address)
            small = tablet.evaluate(
                """() => [...document.querySelectorAll(".pad-key, .vitals .tap")]
                  .map((e) => e.getBoundingClientRect()).filter((box) => box.height < 56 || box.width < 56).length"""
            )
            assert small == 0
        apart = tablet.evaluate(
            """() => {
              const [save, withdraw] = [".key-save", ".withdraw"].map((e) => document.querySelector(e));
              const [one, other] = [save, withdraw].map((e) => e.getBoundingClientRect());
              return one.left - other.right;
            }"""
        )
        assert apart >= 24
        tablet.evaluate("sessionStorage.clear()")
        if language == LANGUAGES[-1]:
            check(tablet, f"a correction, {width}")


LONGEST = {
    "treatment": {"dose": "1234.5678", "checked_by": "demo.charge.with.a.long.name", "unit": "ug/kg/min"},
    "dose": {"amount": "1234.5678", "checked_by": "demo.charge.with.a.long.name"},
}


def test_a_treatment_and_a_dose_are_on_one_screen_and_nothing_moves(tablet, long_ward, server):
    """The dose stands against the gate, which is asked first and has a place of its own size."""
    sign_in(tablet, long_ward)
    for language, (width, height), (name, values) in product(LANGUAGES, SIZES.values(), LONGEST.items()):
        tablet.set_viewport_size({"width": width, "height": height})
        tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        tablet.goto(f"/participants/{long_ward.participant.pk}/{name}/")
        expect(tablet.locator(".pad")).to_be_visible()
        if name == "dose":
            expect(tablet.locator(".gate-answer")).to_be_in_viewport()
        else:
            expect(tablet.locator("[data-dose]").first).to_be_visible()
        assert tablet.evaluate(MOVED) == [], (language, width, name)
        for field, value in values.items():
            box = tablet.locator(f"#id_{field}")
            box.select_option(value) if field == "unit" else box.fill(value)
        tall, wide = tablet.evaluate(
            """(({ scrollHeight, scrollWidth }) => [scrollHeight - innerHeight, scrollWidth - innerWidth])(
            document.documentElement)"""
        )
        assert (tall, wide) == (0, 0), (language, width, name)
        small = tablet.evaluate(
            """() => [...document.querySelectorAll("#entry :is(.pad-key, .tap, .key)")]
              .filter((e) => e.checkVisibility()).filter((e) => {
                const { width, height } = e.getBoundingClientRect();
                return height < 56 || width < 56;
              }).map((e) => e.textContent.trim())"""
        )
        assert small == [], (language, width, name)
        tablet.evaluate("sessionStorage.clear()")
        check(tablet, name)


# --- Taps and time ---


def enter(hand: Hand, page: Page, *, breaths: str, spo2: str, pressures: str, pulse: str, degrees: str) -> None:
    """The febrile, hypotensive set on nasal oxygen, from the open form to Save."""
    for numbers in (breaths, spo2, pressures, pulse, degrees):
        hand.think()
        hand.type(numbers)
    hand.think()
    hand.tap(page.locator('.tap:has([name="oxygen_device"][value="nasal_cannula"])'))
    hand.type("2")
    for name, value in {"hypotension": "yes", "fluid_bolus": "no", "vasopressors": "none"}.items():
        hand.think()
        hand.tap(page.locator(f'.tap:has([name="{name}"][value="{value}"])'))
    confirm(hand, page, goes_there=True)


def confirm(hand: Hand, page: Page, *, goes_there: bool) -> None:
    hand.think()
    if goes_there:
        hand.tap(page.locator("#id_confirm_number"))
    hand.type("001")
    hand.think()
    hand.tap(page.locator(".key-save"))
    expect(page.locator(".saved")).to_contain_text("Saved")


def test_a_set_a_fever_jump_and_a_correction_take_few_taps(tablet, ward, record_property):
    form = f"/participants/{ward.participant.pk}/vitals/"
    sign_in(tablet, ward)

    tablet.goto(form)
    jump = Hand(tablet)
    enter(jump, tablet, breaths="20", spo2="94", pressures="8450", pulse="110", degrees="39.4")
    saved = tablet.locator(".saved")
    expect(saved).to_contain_text("Grade 2")  # kept, graded and told; then the number
    jump.think()
    jump.type("39.4")
    jump.tap(saved.get_by_role("button", name="Confirm"))
    expect(tablet.locator(".saved-doubts")).to_have_count(0)
    newest = VitalSigns.objects.standing().latest("recorded_at")
    assert (str(newest.temperature_c), newest.unconfirmed) == ("39.400", [])

    correction = Hand(tablet)
    correction.think()
    correction.tap(tablet.locator(f'a[href="/corrections/vitals/{newest.pk}/?field=temperature_c"]'))
    correction.think()
    correction.type("38.9")
    correction.tap(tablet.get_by_role("button", name="typing error"))
    confirm(correction, tablet, goes_there=False)
    corrected = VitalSigns.objects.standing().latest("recorded_at")
    assert (str(corrected.temperature_c), corrected.reason, corrected.sbp) == ("38.900", "typing error", 84)

    tablet.goto(form)
    plain = Hand(tablet)
    enter(plain, tablet, breaths="20", spo2="94", pressures="8550", pulse="110", degrees="38.6")
    kept_set = VitalSigns.objects.latest("recorded_at")
    numbers = ("respiratory_rate", "spo2", "sbp", "dbp", "heart_rate", "temperature_c", "oxygen_flow_l_min")
    assert [float(getattr(kept_set, name)) for name in numbers] == [20, 94, 85, 50, 110, 38.6, 2]

    figures = {"febrile, hypotensive set": plain, "with a fever jump": jump, "one number corrected": correction}
    record_property("bedside", {what: hand.figures for what, hand in figures.items()})
    assert plain.taps <= 26
    assert plain.seconds <= 30
    assert jump.taps <= 30
    assert correction.taps <= 10


def test_a_treatment_takes_few_taps(tablet, long_ward, record_property):
    """A steroid whose dose the policy knows is one key; a drug without such a key is typed on the pad."""
    sign_in(tablet, long_ward)
    form = f"/participants/{long_ward.participant.pk}/treatment/"

    tablet.goto(form)
    known = Hand(tablet)
    known.think()
    known.tap(tablet.locator('[data-drug="methylprednisolone"]').first)
    confirm(known, tablet, goes_there=True)
    expect(tablet.locator(".read-back")).to_contain_text("methylprednisolone 500 mg")

    tablet.goto(form)
    typed = Hand(tablet)
    typed.think()
    typed.type("1000")
    for choice in ('[name="known"][value="paracetamol"]', '[name="indication"][value="crs"]'):
        typed.think()
        typed.tap(tablet.locator(f".tap:has({choice})"))
    typed.think()
    typed.tap(tablet.locator("#id_unit"))  # its list opens, and one of it is tapped
    tablet.select_option("#id_unit", "mg")
    typed.taps += 1
    confirm(typed, tablet, goes_there=True)
    expect(tablet.locator(".read-back")).to_contain_text("paracetamol 1000 mg")

    assert [one.drug for one in Treatment.objects.order_by("recorded_at")][-2:] == ["methylprednisolone", "paracetamol"]
    figures = {"treatment, dose by policy": known, "treatment, dose typed": typed}
    record_property("bedside", {what: hand.figures for what, hand in figures.items()})
    assert known.taps <= 6
    assert typed.taps <= 13
