"""What a tablet kept is kept here: by the form and the service of its page, once, in order, by its owner alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.models import GradeDifference, NeuroAssessment, TabletEntry, Treatment, VitalSigns
from regimens.models import Dose, Participant
from tests.builders import kept, stay, vitals
from tests.pages import as_read
from tests.tablet.server.entries import NIGHT, answers_to, entry, send, states, without

pytestmark = pytest.mark.django_db

NEURO = {
    "ice_year": "yes", "ice_month": "yes", "ice_city": "yes", "ice_hospital": "yes", "ice_naming": "3",
    "ice_command": "yes", "ice_writing": "yes", "ice_attention": "yes", "consciousness": "awake", "seizure": "none",
    "motor": "none", "icp_signs": ["none"],
}  # fmt: skip
PARACETAMOL = {
    "drug": "paracetamol", "drug_class": "antipyretic", "dose": "1000", "unit": "mg", "indication": "crs",
}  # fmt: skip


def dose_of(ward):
    return {"step": str(ward.steps[1].pk), "status": "GIVEN", "amount": "25", "unit": "mg", "route": "INTRAVENOUS"}


def second_participant(ward):
    with acting(by="test", reason="another bed"):
        one = Participant.objects.create(study=ward.study, site=ward.site, number="DEMO-777", regimen=ward.regimen)
    kept(stay(ward, participant=one, bed="13"), ward)
    return one


def test_a_set_is_kept_as_its_page_keeps_it(nurse, ward):
    one = entry(ward)

    assert answers_to(nurse, one) == [{
        "id": one["id"], "state": "kept", "status": 200, "errors": {}, "again": [], "differs": False, "beside": None,
        "address": f"/participants/{ward.participant.pk}/?saved={one['id']}", "grade": "CRS: Grade 2",
    }]  # fmt: skip
    fact = VitalSigns.objects.get(pk=one["id"])
    assert (fact.recorded_by, fact.source, fact.sbp) == (ward.nurse, "page", 85)
    assert AuditEvent.objects.filter(table_name="outbox_received").get().after == {
        "tablet": None, "ids": [one["id"]], "kept": 1,
    }  # fmt: skip
    assert AuditEvent.objects.filter(table_name="grading_tabletentry", row_id=one["id"]).exists()


@pytest.mark.parametrize(
    ("kind", "fields", "model"), [("neuro", NEURO, NeuroAssessment), ("treatment", PARACETAMOL, Treatment)]
)
def test_other_kinds_are_kept_too(nurse, ward, kind, fields, model):
    one = entry(ward, kind, fields)

    assert states(nurse, one) == ["kept"]
    assert model.objects.get(pk=one["id"]).observed_at == NIGHT - timedelta(minutes=1)


def test_what_the_page_refuses_is_refused_at_the_same_fields_in_the_same_words(nurse, ward):
    one = without(entry(ward), confirm_number=["999"], temperature_c=["384"], sbp=["8,000"])
    page = nurse.post(reverse("vitals", args=[ward.participant.pk]), one["fields"])
    by_page = {name: list(texts) for name, texts in page.context["form"].errors.items()}

    [answer] = answers_to(nurse, one)

    assert (answer["state"], answer["status"], answer["address"]) == (
        "needs_you", 400, f"/participants/{ward.participant.pk}/vitals/",
    )  # fmt: skip
    assert answer["errors"] == by_page
    assert {"confirm_number", "sbp"} <= set(by_page)
    nurse.cookies["django_language"] = "zh-hant"
    [in_chinese] = answers_to(nurse, one)
    assert in_chinese["errors"].keys() == by_page.keys()
    assert in_chinese["errors"] != by_page
    assert not VitalSigns.objects.exists()


def test_what_is_to_be_typed_again_is_asked_so(nurse, ward):
    one = entry(ward, "dose", dose_of(ward) | {"amount": "250"})

    [answer] = answers_to(nurse, one)

    assert (answer["state"], answer["again"], list(answer["errors"])) == (
        "needs_you", ["amount"], ["amount", "because"],
    )  # fmt: skip
    confirmed = without(one, again_amount=["250"], because=["ordered so"])
    assert states(nurse, confirmed) == ["kept"]


def test_one_that_needs_somebody_holds_back_the_same_participant_alone(nurse, ward):
    other = second_participant(ward)
    wrong, later = without(entry(ward), confirm_number=["999"]), entry(ward)
    elsewhere = without(entry(ward) | {"participant": other.pk}, confirm_number=["777"])

    assert states(nurse, wrong, later, elsewhere) == ["needs_you", "waits", "kept"]
    assert states(nurse, without(wrong, confirm_number=["001"]), later) == ["kept", "kept"]


def test_the_same_sent_again_is_kept_once_and_answered_the_same(nurse, ward):
    one = entry(ward)
    first = answers_to(nurse, one)
    later = one | {"tablet_now": (NIGHT + timedelta(hours=7)).isoformat()}

    assert answers_to(nurse, later, one) == [*first, *first]
    assert VitalSigns.objects.count() == TabletEntry.objects.count() == 1
    assert answers_to(nurse, without(entry(ward), confirm_number=["999"]), one)[1] == first[0]  # it is no later one


def test_another_entry_under_a_kept_id_is_not_taken_for_it(nurse, ward):
    one = entry(ward)
    assert states(nurse, one) == ["kept"]

    [answer] = answers_to(nurse, without(one, sbp=["60"]))

    assert (answer["state"], answer["status"]) == ("needs_you", 409)
    assert VitalSigns.objects.get().sbp == 85


def test_what_its_page_kept_before_is_not_kept_again(nurse, ward):
    one = entry(ward, kept_at=NIGHT + timedelta(hours=5, minutes=50))
    assert nurse.post(reverse("vitals", args=[ward.participant.pk]), one["fields"]).status_code == 302

    assert states(nurse, one) == ["kept"]
    assert (VitalSigns.objects.count(), TabletEntry.objects.count()) == (1, 0)


def test_somebody_elses_entry_waits_for_her_and_holds_back_nothing(nurse, ward, client):
    hers = entry(ward, person=ward.charge_nurse.pk)

    assert states(nurse, hers, entry(ward)) == ["not_yours", "kept"]
    client.force_login(ward.charge_nurse)
    assert states(client, hers) == ["kept"]
    assert VitalSigns.objects.get(pk=hers["id"]).recorded_by == ward.charge_nurse


def test_of_another_sites_participant_nothing_is_told(client, ward, at_eight):
    client.force_login(ward.outsider)
    mine = entry(ward, person=ward.outsider.pk)
    nobody = mine | {"participant": 2**40}

    there, nowhere = answers_to(client, mine)[0], answers_to(client, nobody)[0]

    assert there == nowhere
    assert (there["state"], there["status"], there["address"]) == ("needs_you", 404, "/")
    assert not VitalSigns.objects.exists()


def test_who_may_see_and_not_record_is_told_so(client, ward, at_eight):
    client.force_login(ward.data_manager)

    [answer] = answers_to(client, entry(ward, person=ward.data_manager.pk))

    assert (answer["state"], answer["status"]) == ("needs_you", 403)
    assert not VitalSigns.objects.exists()


def test_of_two_tablets_both_facts_stand_and_the_later_person_sees_the_other(nurse, ward):
    hers = kept(vitals(ward, 9.1), ward, by=ward.charge_nurse, at=NIGHT + timedelta(minutes=1)).fact
    kept(vitals(ward, 9), ward, by=ward.charge_nurse, at=NIGHT - timedelta(minutes=5))  # before the form was opened

    [answer] = answers_to(nurse, entry(ward))

    assert answer["beside"] == {
        "kind": "vitals", "by": ward.charge_nurse.username, "at": hers.observed_at.isoformat().replace("+00:00", "Z"),
        "address": f"/participants/{ward.participant.pk}/?saved={hers.pk}",
    }  # fmt: skip
    assert VitalSigns.objects.count() == 3


def test_a_grade_that_is_another_than_was_shown_is_a_row(nurse, ward):
    same = {"grade": 2, "at_least": 2, "at_most": 2, "flags": []}
    agreed, differing = entry(ward, shown=same), entry(ward, shown=same | {"grade": 1, "at_least": 1})

    assert [one["differs"] for one in answers_to(nurse, agreed, differing)] == [False, True]
    assert answers_to(nurse, differing)[0]["differs"]
    row = GradeDifference.objects.get()
    assert (str(row.pk), row.kind, row.shown["grade"], row.derived["grade"]) == (differing["id"], "crs", 1, 2)
    assert (row.shown["version"], row.seen_by) == ("sha256-test", None)


def test_at_most_fifty_at_once(nurse, ward):
    assert send(nurse, [entry(ward, person=1) for _ in range(50)]).status_code == 200
    refused = send(nurse, [entry(ward, person=1) for _ in range(51)])
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["entries"])


def test_a_dose_is_kept(nurse, ward):
    one = entry(ward, "dose", dose_of(ward))

    assert states(nurse, one) == ["kept"]
    assert Dose.objects.get(pk=one["id"]).amount == 25


# --- The data manager's row ---------------------------------------------------------------------------------


@pytest.fixture
def differing(nurse, ward):
    one = entry(ward, shown={"grade": 1, "at_least": 1, "at_most": 1, "flags": []})
    assert states(nurse, one) == ["kept"]
    return one["id"]


def test_the_data_manager_is_told_on_her_page_and_says_what_it_was(client, ward, differing):
    client.force_login(ward.data_manager)
    page, address = reverse("disagreements"), reverse("tablet-difference", args=[differing])
    shown = as_read(client.get(page).content.decode())
    assert "<td>CRS: Grade 1" in shown
    assert "<td>CRS: Grade 2" in shown
    assert f'action="{address}"' in shown

    assert client.post(address, {"because": " "}).status_code == 400
    assert client.post(address, {"because": "a dose entered meanwhile"}).status_code == 302
    client.post(address, {"because": "another word"})

    row = GradeDifference.objects.get()
    assert (row.seen_by, row.because) == (ward.data_manager, "a dose entered meanwhile")
    shown = as_read(client.get(page).content.decode())
    assert "a dose entered meanwhile" in shown
    assert address not in shown


def test_others_see_the_row_or_nothing_and_say_nothing_of_it(client, ward, differing):
    address = reverse("tablet-difference", args=[differing])
    for who, status in ((ward.nurse, 403), (ward.outsider, 404), (ward.sponsor, 404)):
        client.force_login(who)
        assert client.post(address, {"because": "mine"}).status_code == status
    client.force_login(ward.outsider)
    assert "Where a tablet showed another grade" not in client.get(reverse("disagreements")).content.decode()
