"""Vasopressors before the first dose, as they are recorded, and what a set then counts (Rulings 2, R05)."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from crsmonitor.errors import InvalidInput
from grading.bedside.selectors.history import history_of, why_of
from grading.course import checkpoints
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.models import Checkpoint, Grade, VitalSigns
from regimens.models import Measurement
from tests.bedside.posted import common
from tests.builders import dose, draft, hour, kept, treatment, vitals

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": Decimal("38.6")}


def at_home(world, text="midodrine", h=-2, **columns):
    return draft(Measurement, world, h, **{"kind": "baseline_vasopressors", "text": text} | columns)


def on(world, h, *agents):
    return kept(vitals(world, h, vasopressors=list(agents), **FEVER), world).grade


def bounds(grade):
    return grade.at_least, grade.at_most


def test_what_was_taken_before_is_not_counted_and_what_comes_besides_is(world):
    kept(at_home(world), world)
    kept(dose(world), world)

    assert bounds(on(world, 1, "midodrine 10 mg PO")) == (1, 1)
    assert bounds(on(world, 2, "Gutron", "norepinephrine")) == (3, 3)


def test_without_one_it_counts_and_is_asked_about(world):
    kept(dose(world), world)
    grade = on(world, 1, "midodrine")

    assert (bounds(grade), grade.flags) == ((3, 3), ["vasopressor_at_home"])


def test_none_at_home_counts_and_asks_nothing(world):
    kept(at_home(world, "none"), world)
    kept(dose(world), world)
    grade = on(world, 1, "midodrine")

    assert (bounds(grade), grade.flags) == ((3, 3), [])


def test_one_that_is_recorded_late_settles_the_sets_before(world):
    kept(dose(world), world)
    first = on(world, 1, "midodrine", "droxidopa")
    kept(at_home(world, "midodrine、Northera 100 mg", reason="asked the family"), world, at=hour(2))

    assert bounds(Grade.objects.get(pk=first.pk)) == (1, 1)


def test_it_runs_by_the_record_and_is_not_held_against_the_set(world):
    kept(at_home(world), world)
    kept(dose(world), world)
    kept(treatment(world, 1, "midodrine", "vasopressor", "other"), world)

    assert bounds(on(world, 2)) == (1, 1)


def test_a_derivation_from_a_checkpoint_and_the_reason_know_it(world, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY", 2)
    kept(at_home(world), world)
    kept(dose(world), world)
    for h in range(1, 6):
        kept(vitals(world, h), world)
    assert Checkpoint.objects.exists()
    late = kept(vitals(world, 4.5, vasopressors=["midodrine"], reason="late", **FEVER), world, at=hour(6))

    derived = rederive(world.participant, at=hour(7))
    assert list(differences(comparison_of(derived))) == []
    grade = Grade.objects.get(observed_at=hour(4.5))
    assert bounds(grade) == (1, 1)
    history = history_of(world.participant, treatments=[], episodes=[])
    assert why_of(VitalSigns.objects.get(pk=late.fact.pk), grade, history) is not None


@pytest.mark.parametrize("text", ["", "furosemide", "midodrine, albumin"])
def test_a_baseline_names_vasopressors_or_none(world, text):
    with pytest.raises(InvalidInput) as refused:
        kept(at_home(world, text, value=Decimal(1)), world)

    assert list(refused.value.fields) == ["text"]


def test_what_began_after_the_first_dose_is_no_baseline(world):
    kept(dose(world), world)
    with pytest.raises(InvalidInput) as refused:
        kept(at_home(world, h=0), world)

    assert list(refused.value.fields) == ["observed_at"]


@pytest.fixture
def nurse(client, world):
    client.force_login(world.nurse)
    return client


def test_it_is_entered_corrected_and_shown_by_page(nurse, world):
    page = reverse("baseline-vasopressors", args=[world.participant.pk])
    assert nurse.get(page).status_code == 200
    assert nurse.post(page, common(text="")).status_code == 400
    refused = nurse.post(page, common(text="Lasix"))
    assert (refused.status_code, "furosemide is not a vasopressor." in refused.content.decode()) == (400, True)
    saved = nurse.post(page, common(text="midodrine"))
    assert saved.status_code == 302

    one = Measurement.objects.get(kind="baseline_vasopressors")
    ledger = nurse.get(saved["Location"]).content.decode()
    assert "<strong>midodrine</strong>" in ledger
    correction = reverse("correct", args=["baseline-vasopressors", one.pk])
    assert correction in ledger
    assert nurse.post(correction, common(text="none", when="same", reason="misread")).status_code == 302
    assert Measurement.objects.standing().get().text == "none"


def test_only_this_is_corrected_as_such(nurse, world):
    other = kept(draft(Measurement, world, -2, kind="baseline_sbp", value=Decimal(120)), world).fact

    assert nurse.get(reverse("correct", args=["baseline-vasopressors", other.pk])).status_code == 404


def test_the_api_takes_it(nurse, world):
    body = {"id": str(uuid4()), "observed_at": hour(-2).isoformat(), "kind": "baseline_vasopressors",
            "text": "midodrine", "reason": "late"}  # fmt: skip
    address = f"/api/v1/participants/{world.participant.pk}/measurements/"
    assert nurse.post(address, body, content_type="application/json").status_code == 201
    refused = nurse.post(address, body | {"id": str(uuid4()), "text": "albumin"}, content_type="application/json")
    assert list(refused.json()["errors"]) == ["text"]
