"""What leaves as FHIR R4: it reads back as it was recorded, holds no name, and nobody has more than she may export."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class as model_of

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.exports.fhir.adverse_events import OUTCOMES
from grading.models import Episode, EventReport, NeuroAssessment, ReportedOutcome, VitalSigns
from grading.rules.intake.fhir.bundle import read_resources
from regimens.models import Disposition, Study
from tests.builders import World, dose, draft, kept, neuro, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
WHO = "DEMO-DEMO-TPE-DEMO-001"
FIELDS = ("temperature_c", "sbp", "dbp", "heart_rate", "respiratory_rate", "spo2", "oxygen_flow_l_min")


@stage(lasts_s=600)
def course(world: World) -> World:
    """A fever of grade 2 at 4 h, mild confusion, paracetamol, and a set corrected."""
    kept(stay(world, -2), world)
    kept(dose(world, 0), world)
    first = kept(vitals(world, 2), world).fact
    kept(vitals(world, 2, heart_rate=88, supersedes=first, reason="mistyped"), world)
    kept(vitals(world, 4, temperature_c=38.6, oxygen_device="nasal_cannula", oxygen_flow_l_min=2), world)
    kept(neuro(world, 5, ice_attention=False), world)
    kept(treatment(world, 5, "paracetamol", "antipyretic", "crs", dose=1000, unit="mg"), world)
    return world


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def search(world: World, kind: str, who: str = "investigator", **query: str) -> Any:
    return browser(getattr(world, who)).get(f"/api/v1/fhir/{kind}", {"study": world.study.code} | query)


def resources(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return [one["resource"] for one in answer.json().get("entry", [])]


@pytest.mark.parametrize("kind", ["Observation", "MedicationAdministration", "AdverseEvent"])
def test_it_has_the_shape_of_r4(course: World, kind: str) -> None:
    answer = search(course, kind)
    assert answer["content-type"].startswith("application/fhir+json")
    leaving = resources(answer)
    assert leaving
    for one in leaving:
        model_of(kind).model_validate(one)
        assert one["subject"]["identifier"]["value"] == WHO
    bundle = {name: value for name, value in answer.json().items() if name != "entry"}
    model_of("Bundle").model_validate(bundle)
    assert course.nurse.username not in answer.content.decode()


def test_a_set_reads_back_as_it_was_recorded(course: World) -> None:
    exact: Callable[..., Any] = json.loads
    entries = exact(search(course, "Observation").content, parse_float=Decimal)["entry"]
    read = read_resources([one["resource"] for one in entries], origin="ours", at=timezone.now())
    for fact in VitalSigns.objects.standing():
        gives: dict[str, Any] = {}
        for part in read:
            if part.observed_at == fact.observed_at:
                assert not part.is_rejected
                gives |= part.gives
        assert {name: Decimal(gives[name]) for name in FIELDS if name in gives} == {
            name: value for name in FIELDS if (value := getattr(fact, name)) is not None
        }
        assert gives["oxygen_device"] == fact.oxygen_device
    assert {part.subject for part in read} == {WHO}


def test_grades_and_ice_have_codes_of_their_own(course: World) -> None:
    leaving = {one["id"].partition("-crs-grade")[0]: one for one in resources(search(course, "Observation"))
             if one["id"].endswith("crs-grade")}  # fmt: skip
    fever = VitalSigns.objects.get(temperature_c=Decimal("38.6"))
    assert leaving[str(fever.root)]["valueInteger"] == 2
    ice = next(one for one in resources(search(course, "Observation")) if one["id"].endswith("-ice"))
    assert (ice["id"], ice["valueInteger"]) == (f"{NeuroAssessment.objects.get().root}-ice", 9)
    assert {"system": "urn:crsmonitor", "code": "ice-total"} in ice["code"]["coding"]


def test_a_correction_is_another_version_of_the_same(course: World) -> None:
    pulse = [one for one in resources(search(course, "Observation")) if one["id"].endswith("heart-rate")]
    corrected = [one for one in pulse if one["status"] == "corrected"]
    assert [one["valueQuantity"]["value"] for one in corrected] == [88]
    assert corrected[0]["meta"]["versionId"] != corrected[0]["id"].removesuffix("-heart-rate")


def test_an_episode_is_an_adverse_event_with_its_grade(course: World) -> None:
    events = {one["event"]["text"]: one for one in resources(search(course, "AdverseEvent"))}
    crs = events["Cytokine release syndrome"]
    assert crs["event"]["coding"][0]["code"] == "D89.832"
    assert crs["severity"]["coding"][0]["code"] == "moderate"
    assert crs["outcome"]["coding"][0]["code"] == "ongoing"
    assert crs["id"] == f"{Episode.objects.get(kind='crs').root}-crs"


def test_its_outcome_is_what_an_investigator_said_and_of_who_left_unknown(course: World) -> None:
    def outcomes() -> list[str]:
        events = resources(search(course, "AdverseEvent"))
        return [one["outcome"]["coding"][0]["code"] for one in events if one["id"].endswith("-crs")]

    root = Episode.objects.get(kind="crs").root
    kept(draft(Disposition, course, 6, kind="lost"), course)
    assert outcomes() == ["unknown"]
    for h, outcome in ((7, "UNKNOWN"), (8, "RECOVERED/RESOLVED WITH SEQUELAE")):  # the newest holds
        kept(
            draft(EventReport, course, h, kind="crs", about_root=root, outcome=outcome), course, by=course.investigator
        )
    assert outcomes() == ["resolvedWithSequelae"]
    assert {str(one) for one in ReportedOutcome} == {*OUTCOMES}


def test_pages_hold_each_once(course: World) -> None:
    whole = [one["id"] for one in resources(search(course, "Observation"))]
    paged, cursor = [], {}
    for _ in range(10):
        answer = search(course, "Observation", _count="1", **cursor)
        paged += [one["id"] for one in resources(answer)]
        link = [one["url"] for one in answer.json()["link"] if one["relation"] == "next"]
        if not link:
            break
        query = Client().get(link[0]).wsgi_request.GET
        cursor = {"cursor": query["cursor"]}
    assert paged == whole
    assert len(set(whole)) == len(whole)
    kinds = [one["medicationCodeableConcept"]["text"] for one in resources(search(course, "MedicationAdministration"))]
    assert kinds == ["paracetamol", course.regimen.drug]


def test_of_a_blinded_study_no_dose_leaves(course: World) -> None:
    with acting(by="test", reason="blinded"):
        Study.objects.filter(pk=course.study.pk).update(blinded=True)
    text = search(course, "MedicationAdministration").content.decode()
    assert "paracetamol" in text
    assert course.regimen.drug not in text
    assert "suspectEntity" not in search(course, "AdverseEvent").content.decode()


def test_who_may_and_what_is_refused(course: World) -> None:
    assert search(course, "Observation", "sponsor").status_code == 200
    assert search(course, "Observation", "nurse").status_code == 403
    assert search(course, "Observation", study="OTHER").status_code == 404
    assert resources(search(course, "Observation", subject="DEMO-DEMO-TPE-9")) == []
    assert resources(search(course, "Observation", subject=WHO))
    for wrong in ({"_count": "0"}, {"_count": "x"}, {"cursor": "x"}, {"cursor": "9||"}, {"since": "2026"}):
        refused = search(course, "Observation", **wrong)
        assert (refused.status_code, refused.json()["resourceType"]) == (400, "OperationOutcome")


def test_each_pull_is_in_the_trail_of_the_study(course: World) -> None:
    search(course, "AdverseEvent")
    events = AuditEvent.objects.filter(subject=f"study:{course.study.pk}", table_name="export_ended")
    assert events.latest("seq").after["dataset"] == "fhir:AdverseEvent"
