"""Decisions: tocilizumab is checked by a second person, who says so herself, as of a study dose."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, NotFound
from grading.models import Treatment, TreatmentCheck
from regimens.facts import Source
from tests.builders import draft, kept, treatment
from tests.devices.stages import OTHER_PIN, PIN, a_tablet, sign_in, with_pin
from tests.stages import stage

pytestmark = pytest.mark.django_db

UNCONFIRMED = "not yet confirmed by a second person"


@stage
def given(weighed) -> Treatment:
    return toci(weighed)


def toci(world, drug="RoActemra", **columns):
    at = timezone.now()
    about = {"drug": drug, "drug_class": "anticytokine", "dose": 560, "unit": "mg", "indication": "crs"}
    about |= {"checked_by": "demo.charge", "observed_at": at, "source": Source.PAGE} | columns
    return kept(treatment(world, 0, **about), world, at=at).fact


def check(world, of, by, **columns):
    one = draft(TreatmentCheck, world, 0, treatment=of, observed_at=timezone.now(), **columns)
    return kept(one, world, by=by, at=timezone.now()).fact


def pages(client, world, who):
    """Her list of treatments, and the ledger."""
    client.force_login(who)
    about = f"/participants/{world.participant.pk}/"
    return [client.get(address).content.decode() for address in (about, f"{about}drugs/")]


@pytest.mark.long
def test_she_confirms_it_on_her_own_session_and_until_then_every_place_says_so(weighed, given, client):
    address = f"/treatments/{given.pk}/check/"
    paracetamol = toci(weighed, drug="paracetamol", drug_class="antipyretic", dose=1000, checked_by="")
    assert address not in pages(client, weighed, weighed.nurse)[0]  # she recorded it
    course, ledger = pages(client, weighed, weighed.charge_nurse)
    assert all(UNCONFIRMED in page for page in (course, ledger))
    assert address in course
    assert f"/treatments/{paracetamol.pk}/check/" not in course

    assert client.post(address).status_code == 302

    assert TreatmentCheck.objects.get().recorded_by == weighed.charge_nurse
    course, ledger = pages(client, weighed, weighed.nurse)
    assert "checked by demo.charge" in course
    assert UNCONFIRMED not in course.split('id="treatments"')[1].split("</section>")[0]
    assert UNCONFIRMED not in ledger
    ledger_doses = client.get(f"/api/v1/participants/{weighed.participant.pk}/drugs/").json()["tocilizumab"]["doses"]
    assert [one["confirmed_by"] for one in ledger_doses] == ["demo.charge"]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("nurse", InvalidInput), ("data_manager", Forbidden), ("sponsor", Forbidden), ("outsider", NotFound)],
)
def test_nobody_confirms_her_own_or_where_she_may_not_record(weighed, given, who, refusal):
    with pytest.raises(refusal):
        check(weighed, given, getattr(weighed, who))


def test_a_drug_that_needs_none_is_not_confirmed(weighed):
    one = toci(weighed, drug="paracetamol", drug_class="antipyretic", dose=1000, checked_by="")
    with pytest.raises(InvalidInput) as refused:
        check(weighed, one, weighed.charge_nurse)
    assert [why.code for why in refused.value.fields["treatment"]] == ["second_person_not_asked"]


@pytest.mark.long
def test_a_corrected_one_is_looked_at_anew_and_its_earlier_version_no_more(weighed, given, client):
    check(weighed, given, weighed.charge_nurse)
    later = toci(weighed, supersedes=given, reason="read again", route="intravenous")

    assert all(UNCONFIRMED in page for page in pages(client, weighed, weighed.charge_nurse))
    with pytest.raises(AlreadyCorrected):
        check(weighed, given, weighed.investigator)

    taken_back = check(weighed, later, weighed.charge_nurse)
    check(weighed, later, weighed.charge_nurse, supersedes=taken_back, reason="the wrong bed", withdrawn=True)
    assert UNCONFIRMED in pages(client, weighed, weighed.nurse)[1]


def test_the_database_refuses_it_too(weighed, given):
    row = TreatmentCheck(participant=weighed.participant, treatment=given, source=Source.API, digest="x")
    row.recorded_by, row.observed_at, row.recorded_at, row.id = (
        weighed.nurse,
        timezone.now(),
        timezone.now(),
        uuid.uuid4(),
    )
    with pytest.raises(IntegrityError, match="second person recorded it"), transaction.atomic():
        row.save()


def test_she_confirms_on_the_same_tablet_by_her_pin(weighed, given):
    on = a_tablet(weighed)
    sign_in(on.client, with_pin(weighed.charge_nurse, OTHER_PIN))
    sign_in(on.client, with_pin(weighed.nurse, PIN))
    address = f"/treatments/{given.pk}/second/"
    saved = on.client.get(f"/participants/{weighed.participant.pk}/?saved={given.pk}").content.decode()
    assert saved.count(address) == 2  # read back after Save, and in the list
    assert on.client.get(address).context["people"] == [weighed.charge_nurse]

    answer = on.client.post(address, {"person": weighed.charge_nurse.pk, "pin": OTHER_PIN})

    assert answer["Location"] == f"/participants/{weighed.participant.pk}/"
    one = TreatmentCheck.objects.get()
    assert (one.recorded_by, one.treatment, one.tablet) == (weighed.charge_nurse, given, on.tablet)
    event = AuditEvent.objects.get(table_name="confirmed_on_tablet")
    assert event.after == {"treatment": str(given.pk), "tablet": on.tablet.pk, "beside": weighed.nurse.pk}
