"""From an empty database to a study that may enrol: by pages alone, nothing of it in the administration or a shell."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import AlertPolicy, Contact
from grading.setup.readiness import Item, RowStanding, checklist
from grading.setup.selectors import facts_of
from regimens.models import Regimen, Site, Study
from regimens.services.enrolment import check_enrolment
from tests.alerting.rota.test_contacts import deliver_test
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
