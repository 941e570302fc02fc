"""Oxygen before the first dose, as it is recorded, and what "as at baseline" then covers (Rulings 2)."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from crsmonitor.errors import InvalidInput
from grading.course import checkpoints
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.models import Checkpoint, Grade
from grading.recording.rederiving import rederive_participant
from grading.treatment.selectors.drug_facts import baseline_oxygen
from regimens.models import Measurement
from tests.bedside.posted import common
from tests.builders import dose, draft, hour, kept, vitals

pytestmark = pytest.mark.django_db
CANNULA = {"oxygen_device": "nasal_cannula", "oxygen_indication": "baseline", "temperature_c": Decimal("38.6")}


def at_home(world, h=-2, **columns):
    values = {"kind": "baseline_oxygen", "text": "nasal_cannula", "value": Decimal(2)}
    return draft(Measurement, world, h, **values | columns)


def on_cannula(world, h, flow):
    return kept(vitals(world, h, oxygen_flow_l_min=flow, **CANNULA), world).grade


def bounds(grade):
    return grade.at_least, grade.at_most


def test_up_to_the_recorded_baseline_it_is_believed(world):
    kept(at_home(world), world)
    kept(dose(world), world)

    assert bounds(on_cannula(world, 1, 2)) == (1, 1)
    assert bounds(on_cannula(world, 2, 3)) == (1, 2)


def test_without_one_it_is_not(world):
    kept(dose(world), world)
    grade = on_cannula(world, 1, 2)

    assert bounds(grade) == (1, 2)
    assert "no_baseline_on_record" in grade.flags
    assert grade.is_to_be_completed


def test_one_that_is_recorded_late_settles_the_sets_before(world):
    kept(dose(world), world)
    first = on_cannula(world, 1, 2)
    kept(at_home(world, reason="asked the family"), world, at=hour(2))

    assert bounds(Grade.objects.get(pk=first.pk)) == (1, 1)


def test_a_dose_entered_later_from_before_it_takes_the_belief_away(world):
    """It was measured after a dose then, and may be the CRS itself; with that dose withdrawn it is one again."""
    kept(at_home(world), world)
    looked = on_cannula(world, 1, 2)
    assert bounds(looked) == (1, 1)
    late = kept(dose(world, -3, reason="found in the chart"), world, at=hour(2)).fact

    grade = Grade.objects.get(pk=looked.pk)
    assert (bounds(grade), "no_baseline_on_record" in grade.flags) == ((1, 2), True)
    assert baseline_oxygen(world.participant.pk) is None
    assert rederive_participant(world.participant.pk, check=True, at=hour(2)).differences == ()

    taken_back = dose(world, -3, supersedes=late, reason="another participant", withdrawn=True)
    kept(taken_back, world, at=hour(3))
    assert bounds(Grade.objects.get(pk=looked.pk)) == (1, 1)


def test_a_derivation_from_a_checkpoint_knows_it(world, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY", 2)
    kept(at_home(world), world)
    kept(dose(world), world)
    for h in range(1, 6):
        kept(vitals(world, h), world)
    assert Checkpoint.objects.exists()
    kept(vitals(world, 4.5, oxygen_flow_l_min=2, reason="late", **CANNULA), world, at=hour(6))

    derived = rederive(world.participant, at=hour(7))
    assert list(differences(comparison_of(derived))) == []
    assert bounds(Grade.objects.get(observed_at=hour(4.5))) == (1, 1)


@pytest.mark.parametrize("columns", [{"text": ""}, {"text": "oxygen"}, {"value": Decimal(71)}])
def test_a_baseline_names_a_device_and_a_flow_that_can_be(world, columns):
    with pytest.raises(InvalidInput):
        kept(at_home(world, **columns), world)


def test_what_began_after_the_first_dose_is_no_baseline(world):
    kept(dose(world), world)
    with pytest.raises(InvalidInput) as refused:
        kept(at_home(world, 0), world)

    assert list(refused.value.fields) == ["observed_at"]


@pytest.fixture
def nurse(client, world):
    client.force_login(world.nurse)
    return client


def test_it_is_entered_corrected_and_shown_by_page(nurse, world):
    page = reverse("baseline-oxygen", args=[world.participant.pk])
    assert nurse.get(page).status_code == 200
    assert nurse.post(page, common(value="2")).status_code == 400  # by which device?
    saved = nurse.post(page, common(text="nasal_cannula", value="2"))
    assert saved.status_code == 302

    one = Measurement.objects.get(kind="baseline_oxygen")
    ledger = nurse.get(saved["Location"]).content.decode()
    assert "Nasal cannula 2 L/min" in ledger
    correction = reverse("correct", args=["baseline-oxygen", one.pk])
    assert correction in ledger
    changed = common(text="nasal_cannula", value="1", when="same", reason="misread")
    assert nurse.post(correction, changed).status_code == 302
    assert Measurement.objects.standing().get().value == 1


def test_only_baseline_oxygen_is_corrected_as_such(nurse, world):
    other = kept(draft(Measurement, world, -2, kind="baseline_sbp", value=Decimal(120)), world).fact

    assert nurse.get(reverse("correct", args=["baseline-oxygen", other.pk])).status_code == 404


def test_the_api_takes_it(nurse, world):
    body = {"id": str(uuid4()), "observed_at": hour(-2).isoformat(), "kind": "baseline_oxygen", "text": "cpap",
            "reason": "late"}  # fmt: skip
    address = f"/api/v1/participants/{world.participant.pk}/measurements/"
    assert nurse.post(address, body, content_type="application/json").status_code == 201
    refused = nurse.post(address, body | {"id": str(uuid4()), "text": "mask"}, content_type="application/json")
    assert list(refused.json()["errors"]) == ["text"]
