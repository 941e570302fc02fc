"""What runs: its stop by page and API, and the hours of the export."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import Treatment, TreatmentEnd
from tests.bedside.posted import common, text_of, url
from tests.builders import dose, draft, hour, kept, treatment, vitals
from tests.exports.reading import rows
from tests.stages import stage

pytestmark = pytest.mark.django_db


def runs(world, h, drug="norepinephrine", drug_class="vasopressor", **columns):
    return kept(treatment(world, h, drug, drug_class, "crs", **columns), world).fact


def stops(world, h, one):
    return kept(draft(TreatmentEnd, world, h, treatment=one), world).fact


def test_a_stop_is_entered_and_then_there_is_nothing_to_stop(nurse, dosed):
    now = timezone.now()
    one = runs(dosed, 0, observed_at=now - timedelta(hours=1), dose=5, unit="ug/min")
    page = nurse.get(url(dosed, "treatment-end"))
    assert "norepinephrine 5 ug/min" in text_of(page)
    assert page.context["form"]["treatment"].value() == str(one.pk)

    answer = nurse.post(url(dosed, "treatment-end"), common(treatment=str(one.pk)))
    assert (answer.status_code, answer["Location"].startswith(url(dosed, "drugs"))) == (302, True)
    assert TreatmentEnd.objects.get().treatment == one
    assert nurse.get(url(dosed, "treatment-end"))["Location"] == url(dosed, "drugs")  # where it says so


def test_a_stop_is_corrected(nurse, dosed):
    now = timezone.now()
    one = runs(dosed, 0, observed_at=now - timedelta(hours=1))
    end = kept(draft(TreatmentEnd, dosed, 0, treatment=one, observed_at=now), dosed).fact
    address = reverse("correct", args=["treatment-end", end.pk])

    assert nurse.get(address).status_code == 200
    assert (
        nurse.post(address, common(treatment=str(one.pk), when="same", reason="never", withdrawn="on")).status_code
        == 302
    )
    assert not TreatmentEnd.objects.standing().exists()


def test_nothing_stops_before_it_began(nurse, dosed):
    one = runs(dosed, 0, observed_at=timezone.now())
    address = f"/api/v1/participants/{dosed.participant.pk}/treatment-ends/"
    before = (one.observed_at - timedelta(minutes=1)).isoformat()
    body = {"id": "11111111-1111-4111-8111-111111111111", "observed_at": before, "treatment": str(one.pk)}

    answer = nurse.post(address, body, content_type="application/json")

    assert (answer.status_code, answer.json()["errors"]) == (400, {"observed_at": ["It stopped before it began."]})


def test_a_bolus_of_another_class_does_not_run(nurse, dosed):
    runs(dosed, 0, "paracetamol", "antipyretic", observed_at=timezone.now())

    assert nurse.get(url(dosed, "treatment-end"))["Location"] == url(dosed, "drugs")  # where it says so


def test_a_stranger_stops_nothing(client, dosed):
    runs(dosed, 0, observed_at=timezone.now())
    client.force_login(dosed.outsider)

    assert client.get(url(dosed, "treatment-end")).status_code == 404
    assert client.get(url(dosed, "weight")).status_code == 404


@stage(lasts_s=600)
def exported(world):
    kept(dose(world), world)
    return world


def hours(world, cut):
    return [(row["VASOHRS"], row["O2HRS"]) for row in rows(world, hour(cut))]


def test_hours_are_from_start_to_stop_and_two_at_once_count_once(exported):
    stops(exported, 14, runs(exported, 10))
    stops(exported, 16, runs(exported, 12, "vasopressin"))
    stops(exported, 23.5, runs(exported, 20, "oxygen", "oxygen"))

    assert hours(exported, 48) == [("6.00", "3.50")]


def test_while_the_period_is_open_what_was_not_stopped_runs_to_the_cut(exported):
    runs(exported, 10)

    assert hours(exported, 15) == [("5.00", "")]


def test_in_a_period_that_is_over_a_missing_stop_is_not_known(exported):
    runs(exported, 10)
    kept(dose(exported, 168, step=1), exported)

    assert [hours_each[0] for hours_each in hours(exported, 170)] == ["", "2.00"]


def test_hours_are_split_between_the_periods(exported):
    one = runs(exported, 166, "oxygen", "oxygen")
    kept(dose(exported, 168, step=1), exported)
    stops(exported, 171, one)

    assert [hours_each[1] for hours_each in hours(exported, 200)] == ["2.00", "3.00"]


def test_none_recorded_is_0_only_where_the_sets_deny_it(exported):
    assert hours(exported, 1) == [("", "")]

    kept(vitals(exported, 2), exported)
    assert hours(exported, 3) == [("0.00", "0.00")]

    kept(vitals(exported, 4, vasopressors=["norepinephrine"], oxygen_device="face_mask"), exported)
    assert hours(exported, 5) == [("", "")]


def test_a_corrected_or_withdrawn_stop_counts_as_it_stands(exported):
    one = runs(exported, 10)
    end = stops(exported, 14, one)
    kept(draft(TreatmentEnd, exported, 12, treatment=one, supersedes=end, reason="misread"), exported, at=hour(15))
    assert hours(exported, 48) == [("2.00", "")]

    kept(
        treatment(exported, 11, "norepinephrine", "vasopressor", "crs", supersedes=one, reason="misread"),
        exported,
        at=hour(16),
    )
    assert hours(exported, 48) == [("1.00", "")]  # the stop is of whichever version stands
    assert Treatment.objects.count() == 2


def test_the_name_decides_what_ran_also_where_an_import_says_another_class(exported):
    stops(exported, 14, runs(exported, 10, "Levophed", "other"))
    stops(exported, 23, runs(exported, 20, "oxygen by mask", "other"))
    stops(exported, 40, runs(exported, 30, "furosemide", "vasopressor"))

    assert hours(exported, 48) == [("4.00", "3.00")]


def test_the_ledger_adds_up_by_the_class_that_counts(nurse, exported):
    stops(exported, 14, runs(exported, 10, "Levophed", "other"))
    stops(exported, 16, runs(exported, 12, "vasopressin"))

    page = nurse.get(url(exported, "drugs"))
    totals = page.context["drugs"].run_totals
    assert [(total.drug_class, total.hours) for total in totals] == [("vasopressor", 6)]
    assert "other, counted as vasopressor" in text_of(page)


def test_the_premedication_steroid_in_milligrams_of_dexamethasone(world):
    for h, drug, mg, indication in (
        (-1, "dexamethasone", 16, "premedication"),
        (-2, "methylprednisolone", 80, "premedication"),  # 15 mg
        (-30, "dexamethasone", 8, "premedication"),  # more than 24 h before
        (-1, "dexamethasone", 4, "crs"),
    ):
        kept(treatment(world, h, drug, "corticosteroid", indication, dose=mg, unit="mg"), world)
    kept(dose(world), world)
    kept(dose(world, 168, step=1), world)

    assert [(row["PREMSTFL"], row["STPRDXMG"]) for row in rows(world, hour(170))] == [("Y", "31"), ("", "")]
