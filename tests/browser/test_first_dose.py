"""From an empty database to a first dose for which the gate says GO: by pages alone, no override; counted.

Nobody sets anything up twice and nobody takes a detour: a page is counted when it is opened to do something there, and
once more as a document each time that it, or what comes after a save, is loaded; a field when it is typed, chosen or
tapped.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import AlertPolicy, Contact
from grading.setup.readiness import Item, RowStanding, checklist
from grading.setup.selectors import facts_of
from regimens.models import Dose, DoseRelease, Participant, Regimen, Study
from tests.alerting.on_call.test_contacts import deliver_test
from tests.setup.test_people import link_in_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long password of one's own"
PEOPLE = """\
name,email,role,site
ann,ann@example.org,nurse,TPE
bo,bo@example.org,nurse,PAR
cy,cy@example.org,charge_nurse,TPE
di,di@example.org,charge_nurse,PAR
ed,ed@example.org,investigator,
flo,flo@example.org,investigator,
gus,gus@example.org,data_manager,
hal,hal@example.org,sponsor,
ida,ida@example.org,central_reviewer,
"""
MOST_PAGES = 25  # up to the first dose; one study, two sites, nine people from a file
MOST_FIELDS = 45  # until it may enrol; what is measured and signed at the bedside after that is counted, not limited


class Person:
    """Somebody at a browser of her own. What is counted is counted for all of them together."""

    pages = documents = fields = 0

    def __init__(self, browser: Browser, server: str) -> None:
        self.context = browser.new_context(
            viewport={"width": 768, "height": 1024}, base_url=server, has_touch=True, java_script_enabled=False
        )
        self.page: Page = self.context.new_page()
        self.page.on("domcontentloaded", self._loaded)

    @staticmethod
    def _loaded(page: Page) -> None:
        Person.documents += 1

    @staticmethod
    def counted() -> dict[str, int]:
        return {"pages": Person.pages, "documents": Person.documents, "fields": Person.fields}

    def open(self, address: str) -> None:
        Person.pages += 1
        self.page.goto(address)

    def type(self, **typed: str) -> None:
        for name, value in typed.items():
            Person.fields += 1
            box = self.page.locator(f'[name="{name}"]:not([type=hidden]):not([type=radio])').first
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)

    def tap(self, **tapped: str) -> None:
        for name, value in tapped.items():
            Person.fields += 1
            self.page.locator(f'.tap:has(input[name="{name}"][value="{value}"])').click()

    def file(self, text: str) -> None:
        """Tried first, then done."""
        Person.fields += 1
        file = {"name": "lines.csv", "mimeType": "text/csv", "buffer": text.encode()}
        self.page.set_input_files('[name="file"]', files=file)
        self.save('button[name="load"]')
        self.save('button[name="load"]')

    def save(self, button: str = "main form button") -> None:
        with self.page.expect_navigation():  # without script every button of a form leads to another document
            self.page.locator(button).last.click()
        assert self.page.locator(".is-wrong, .wrong").count() == 0, self.page.locator("main").inner_text()

    def sign_in(self, name: str) -> None:
        self.type(username=name, password=PASSWORD)
        self.save("form .key-save")

    def take_up(self, name: str) -> None:
        self.open(link_in_mail(f"{name}@example.org"))
        self.type(new_password1=PASSWORD, new_password2=PASSWORD)
        self.save("form .key-save")

    def test_channel(self, name: str) -> None:
        self.open("/contacts/")  # her own address stands there
        self.save('form[action="/contacts/"] button')
        self.type(code=deliver_test(Contact.objects.get(user__username=name)))
        self.save('button[value="confirm"]')


@pytest.fixture
def somebody(browser: Browser, server: str) -> Iterator[Callable[[], Person]]:
    here: list[Person] = []
    Person.pages = Person.documents = Person.fields = 0

    def arrive() -> Person:
        here.append(Person(browser, server))
        return here[-1]

    yield arrive
    for one in here:
        one.context.close()


def test_from_an_empty_database_to_a_first_dose(somebody, record_property):
    with acting(by="test", reason="the operator of the installation"):
        User.objects.create_user("operator", password=PASSWORD, is_staff=True)
    operator, dora, ed, ann, bo = (somebody() for _ in range(5))
    make_the_study(operator)
    draft_everything(dora)
    approve(ed)
    for person, name in ((ed, "ed"), (ann, "ann"), (bo, "bo")):
        if person is not ed:
            person.take_up(name)
        person.test_channel(name)
    staff_the_rota(dora)
    set_up = Person.counted()
    rows = checklist(facts_of(Study.objects.get(), at=timezone.now()))
    assert {row.item for row in rows if row.standing is not RowStanding.DONE} == {Item.TOKENS}

    enrol(ann)
    look_once(ann)
    release(ed)
    give(ann)

    everything = Person.counted()
    record_property("first_dose", {"until it may enrol": set_up, "until the first dose": everything})
    assert (Dose.objects.get().despite_gate, DoseRelease.objects.get().override) == ("", False)
    assert everything["pages"] <= MOST_PAGES
    assert set_up["fields"] <= MOST_FIELDS


def make_the_study(operator: Person) -> None:
    operator.open("/new-study/")
    operator.sign_in("operator")
    operator.type(code="NEW", title="A trial", username="dora", email="dora@example.org")
    operator.save()


def draft_everything(dora: Person) -> None:
    dora.take_up("dora")
    dora.open("/setup/NEW/sites/")
    for code, name, country, zone in (("TPE", "Taipei", "TWN", "Asia/Taipei"), ("PAR", "Paris", "FRA", "Europe/Paris")):
        dora.type(code=code, name=name, country=country, time_zone=zone)
        dora.save()
    dora.open("/setup/NEW/people/")
    dora.file(PEOPLE)
    dora.open("/studies/NEW/regimens/library/teclistamab/?variant=US")
    dora.tap(shorter="never")
    dora.type(vitals_every_h="4", neuro_every_h="8", risk_window_h="168", source="protocol 6",
              untightened_because="protocol 6.3", reason="protocol 1")  # fmt: skip
    dora.save()
    dora.open("/policies/")
    dora.save('form[action$="/policies/default/"] button')
    dora.open("/escalation/NEW/")
    dora.save()  # as proposed
    dora.open("/phone-trees/NEW/")
    dora.type(**{"study-text": "Charge nurse 1001"})
    dora.save('form:has([name="study-text"]) button')


def approve(ed: Person) -> None:
    ed.take_up("ed")
    for address in (f"/regimens/{Regimen.objects.get().pk}/", f"/policies/{AlertPolicy.objects.get().pk}/"):
        ed.open(address)
        ed.type(because="as the protocol says", name="ed", password=PASSWORD)
        ed.save('form[action="#approve"] button')


def staff_the_rota(dora: Person) -> None:
    """Two weeks, day and night, from a file for each site."""
    today = date.today()  # noqa: DTZ011 - the site's day may be the next
    hours = f"{today}T00:00,{today + timedelta(days=14)}T00:00"
    for site, nurse in (("TPE", "ann"), ("PAR", "bo")):
        dora.open(f"/rota/NEW/{site}/plan/")
        lines = [f"assigned_nurse,{nurse},{hours}", f"on_call_investigator,ed,{hours}"]
        dora.file("\n".join(["role,person,starts_at,ends_at", *lines]))


def enrol(ann: Person) -> None:
    ann.open("/enrol/")
    ann.type(number="NEW-101", confirm_number="NEW-101", ward="7B", bed="03", weight="71.5", neuro_score="10",
             sbp="118", dbp="76", spo2="97", vasopressors="none")  # fmt: skip
    ann.tap(neuro_instrument="ice", oxygen_device="room_air")
    ann.save(".key-save")
    expect(ann.page.locator(".banner")).to_contain_text("118/76 mmHg")


def look_once(ann: Person) -> None:
    participant = Participant.objects.get()
    ann.open(f"/participants/{participant.pk}/vitals/")
    ann.type(temperature_c="36.8", sbp="120", dbp="75", spo2="97", heart_rate="80", respiratory_rate="16")
    ann.tap(oxygen_device="room_air", hypotension="no", fluid_bolus="no", vasopressors="none")
    ann.type(confirm_number="101")
    ann.save(".key-save")
    ann.open(f"/participants/{participant.pk}/neuro/")
    ann.tap(ice_year="yes", ice_month="yes", ice_city="yes", ice_hospital="yes", ice_naming="3", ice_command="yes",
            ice_writing="yes", ice_attention="yes", consciousness="awake", seizure="none", motor="none",
            icp_signs="none")  # fmt: skip
    ann.type(confirm_number="101")
    ann.save(".key-save")
    ann.open(f"/participants/{participant.pk}/gate/")
    ann.tap(infection="no")
    ann.save('button[value="asked"]')
    expect(ann.page.locator(".gate-answer h2")).to_contain_text("GO")


def release(ed: Person) -> None:
    ed.open(f"/participants/{Participant.objects.get().pk}/gate/")
    ed.type(name="ed", password=PASSWORD)
    ed.save('button[value="release"]')
    expect(ed.page.locator(".saved")).to_contain_text("step-up 1 released")


def give(ann: Person) -> None:
    ann.open(f"/participants/{Participant.objects.get().pk}/dose/")
    expect(ann.page.locator(".gate-answer h2")).to_contain_text("GO")
    ann.tap(status="GIVEN", route="SUBCUTANEOUS")
    ann.type(confirm_number="101")
    ann.save(".key-save")
    expect(ann.page.locator(".banner")).to_contain_text("step-up 1")
