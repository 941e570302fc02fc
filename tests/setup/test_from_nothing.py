"""From an empty database to a study that may enrol: by pages alone, nothing of it in the administration or a shell."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import AlertPolicy, Contact
from grading.setup.readiness import Item, RowStanding, StudyFacts, checklist
from grading.setup.selectors import facts_of
from regimens.models import Regimen, Site, Study
from regimens.services.enrolment import check_enrolment
from tests.alerting.on_call.test_contacts import deliver_test
from tests.builders import person
from tests.setup.test_people import link_in_mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of one's own"
PEOPLE = """\
name,email,role,site
ann,ann@example.org,nurse,TPE
cy,cy@example.org,charge_nurse,TPE
ed,ed@example.org,investigator,
"""


class Tablet:
    """Whoever is signed in, and what the checklist says is still missing."""

    def __init__(self, client):
        self.client = client

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        self.client.logout()
        assert self.client.login(username=name, password=password)

    def take_up(self, name: str) -> None:
        self.client.logout()
        chosen = self.client.get(link_in_mail(f"{name}@example.org"), follow=True)
        form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert self.client.post(chosen.redirect_chain[-1][0], form).status_code == 302
        self.sign_in(name)

    def send(self, page: str, /, **typed) -> None:
        answer = self.client.post(page, typed)
        assert answer.status_code == 302, (page, getattr(answer, "context", None) and answer.context["form"].errors)


def missing() -> set[Item]:
    rows = checklist(facts_of(Study.objects.get(), at=timezone.now()))
    return {row.item for row in rows if row.standing is RowStanding.MISSING}


@pytest.fixture
def tablet(client, db):
    with acting(by="test", reason="the operator of the installation"):
        User.objects.create_user("operator", password=PASSWORD, is_staff=True)
    return Tablet(client)


@pytest.mark.long
def test_a_study_is_set_up_by_pages_until_it_may_enrol(tablet):
    tablet.sign_in("operator")
    tablet.send("/new-study/", code="NEW", title="A trial", username="dora", email="dora@example.org")
    tablet.take_up("dora")
    assert missing() == set(Item) - {Item.ROTA, Item.TOKENS}

    tablet.send("/setup/NEW/sites/", code="TPE", name="Taipei", country="TWN", time_zone="Asia/Taipei")
    assert Item.SITES not in missing()
    file = SimpleUploadedFile("people.csv", PEOPLE.encode())
    assert b"new account" in tablet.client.post(reverse("setup-people", args=["NEW"]), {
        "load": "", "file": file}).content  # fmt: skip
    tablet.send(reverse("setup-people", args=["NEW"]), load="", sure="1", text=PEOPLE)
    assert Item.PEOPLE not in missing()

    own = {"vitals_every_h": "4", "neuro_every_h": "8", "risk_window_h": "168", "grace_minutes": "30",
           "shorter": "never", "untightened_because": "protocol 6.3", "source": "protocol 6", "reason": "protocol 1",
           "variant": "US"}  # fmt: skip
    tablet.send("/studies/NEW/regimens/library/teclistamab/", **own)
    tablet.send("/studies/NEW/policies/default/")
    tablet.send("/escalation/NEW/", role_0="assigned_nurse", wait_0="5", role_1="on_call_investigator", wait_1="10")
    tablet.send("/phone-trees/NEW/", of="study", **{"study-text": "Charge nurse 1001"})
    assert missing() == {Item.REGIMEN, Item.OBSERVATION, Item.TIGHTENING, Item.POLICY, Item.CHANNELS}

    tablet.take_up("ed")
    signature = {"name": "ed", "password": PASSWORD}
    regimen, policy = Regimen.objects.get(), AlertPolicy.objects.get()
    tablet.send(f"/regimens/{regimen.pk}/", do="approve", because="as the protocol says", **signature)
    tablet.send(f"/policies/{policy.pk}/", because="as the protocol says", against="", **signature)
    assert missing() == {Item.CHANNELS}

    for name in ("ed", "ann"):
        if name != "ed":
            tablet.take_up(name)
        tablet.send("/contacts/", address=f"{name}@example.org")
        contact = Contact.objects.get(user__username=name)
        tablet.send(f"/contacts/{contact.pk}/", action="confirm", code=deliver_test(contact))

    assert missing() == set()
    regimen.refresh_from_db()
    check_enrolment(study=Study.objects.get(), site=Site.objects.get(), regimen=regimen, at=timezone.now())
    tablet.sign_in("dora")
    assert "ready to enrol" in tablet.client.get("/setup/NEW/").content.decode()


# --- The first page of everybody ------------------------------------------------------------------------------

WAITS = "A data manager sets the study up; then your pages fill."
ON = {  # role -> what leads on, on the first page
    Role.DATA_MANAGER: 'href="/setup/NEW/"', Role.INVESTIGATOR: 'href="/setup/NEW/"',
    Role.CHARGE_NURSE: 'href="/setup/NEW/"', Role.NURSE: WAITS, Role.SPONSOR: WAITS, Role.CENTRAL: WAITS,
}  # fmt: skip


def first_page(client, user) -> str:
    client.force_login(user)
    answer = client.get("/", follow=True)
    assert answer.status_code == 200
    return answer.content.decode().split("<main", 1)[1]


@pytest.mark.long
def test_nobody_lands_on_an_empty_page_with_no_way_on(tablet, client):
    assert 'href="/new-study/"' in first_page(client, User.objects.get(username="operator"))
    with acting(by="test", reason="a study in which nothing is set up"):
        study = Study.objects.create(code="NEW", title="A trial")
        people = {role: person(role.value, study, role) for role in Role}
        stranger = User.objects.create_user("stranger", password=PASSWORD)

    assert ON.keys() == set(Role)
    pages = {role: first_page(client, people[role]) for role in Role}
    assert [role for role, page in pages.items() if ON[role] not in page or "data_manager" not in page] == []
    assert "No role yet" in first_page(client, stranger)
    assert 'href="/setup/NEW/"' in first_page(client, User.objects.get(username="operator"))


def test_whoever_takes_an_invitation_up_is_signed_in_and_led_on(tablet):
    tablet.sign_in("operator")
    tablet.send("/new-study/", code="NEW", title="A trial", username="dora", email="dora@example.org")
    tablet.client.logout()
    chosen = tablet.client.get(link_in_mail("dora@example.org"), follow=True)

    form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    answer = tablet.client.post(chosen.redirect_chain[-1][0], form, follow=True)

    assert (answer.status_code, answer.wsgi_request.user.username) == (200, "dora")
    assert 'href="/setup/NEW/"' in answer.content.decode()


def test_what_waits_for_an_investigator_is_no_regimen_that_is_missing():
    rows = checklist(StudyFacts(
        sites=(), has_data_manager=True, regimens=(), drafts=("r v1",), policy_in_force=False, policy_drafted=False,
        tokens=0,
    ))  # fmt: skip
    codes = {row.item: [one.code for one in row.shortfalls] for row in rows}
    assert [codes[item] for item in (Item.REGIMEN, Item.OBSERVATION, Item.TIGHTENING)] == [["regimen_waits"]] * 3
