"""A known drug on file under "other" acts as what it is: on grades, periods, the gate, ledgers and clocks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.bedside.selectors.explained import _histories_of
from grading.bedside.selectors.timeline_page import drug_spans
from grading.course import now as conditions
from grading.course.record.facts import load
from grading.course.record.masks import Masks
from grading.dosing.selectors.gate_case import NEVER_H
from grading.dosing.selectors.gate_case import _hours_since_treatments as hours_since
from grading.dosing.selectors.gate_record import gate_records
from grading.models import DosePeriod, Episode, Grade
from grading.policies.courses import _recorded
from tests.bedside.posted import text_of, url
from tests.builders import dose, hour, kept, treatment, vitals

pytestmark = pytest.mark.django_db

KNOWN = ["dexamethasone", "tocilizumab", "siltuximab", "anakinra", "paracetamol", "Tylenol"]


@pytest.mark.parametrize("drug", KNOWN)
def test_it_hides_a_fever(world, drug):
    """C2c: hypotension, never febrile, a drug that hides fever acting: cannot be told, never 0."""
    kept(dose(world, 0), world)
    kept(treatment(world, 1, drug, "other", "other"), world)
    kept(vitals(world, 4, hypotension=True, sbp=80), world)

    one = Grade.objects.get()
    assert (one.grade, one.at_least, one.at_most) == (-1, 0, 2)
    assert "possible_masked_fever" in one.flags


@pytest.mark.parametrize("drug", KNOWN)
def test_it_opens_the_waiver(world, drug):
    """S2: once treated, fever is no longer required, so a set without a fever but with hypotension is grade 2."""
    kept(dose(world, 0), world)
    kept(vitals(world, 3, temperature_c=38.5), world)
    kept(treatment(world, 4, drug, "other", "crs"), world)
    kept(vitals(world, 5, hypotension=True, sbp=80), world)

    assert list(Grade.objects.order_by("observed_at").values_list("grade", flat=True)) == [1, 2]
    assert Episode.objects.get().max_grade == 2


def test_a_name_that_was_confirmed_as_another_drug_is_none_of_them(world):
    kept(dose(world, 0), world)
    kept(treatment(world, 1, "dexamethason", "other", "other", unusual=["drug_meant"]), world)
    kept(vitals(world, 4, hypotension=True, sbp=80), world)

    assert Grade.objects.get().grade == 0


def test_it_is_in_the_dose_period(world):
    kept(dose(world, 0), world)
    kept(treatment(world, 1, "dexamethasone", "other", "crs", dose=Decimal(10), unit="mg"), world)
    kept(treatment(world, 2, "anakinra", "other", "crs", dose=Decimal(100), unit="mg"), world)

    period = DosePeriod.objects.get()
    assert (period.steroid_first_at, period.steroid_dexamethasone_mg) == (hour(1), 10)
    assert period.other_anticytokine is True


@pytest.mark.parametrize(
    ("drug", "tocilizumab", "steroid"),
    [("dexamethasone", NEVER_H, 5), ("tocilizumab", 5, NEVER_H), ("siltuximab", 5, NEVER_H),
     ("cefepime", NEVER_H, NEVER_H)],
)  # fmt: skip
def test_the_gate_waits_for_its_wash_out(world, drug, tocilizumab, steroid):
    kept(treatment(world, 1, drug, "other", "crs"), world)

    record = gate_records([world.participant], until=hour(6))[world.participant.pk]
    hours_since_steroid = hours_since(record, dose_at=hour(6))
    assert hours_since_steroid == {"tocilizumab": tocilizumab, "steroid": steroid}


def test_it_is_in_the_ledger_of_steroids_and_answers_the_clock(nurse, dosed):
    now = timezone.now()
    kept(vitals(dosed, 0, observed_at=now - timedelta(minutes=60), temperature_c=38.5, vasopressors=["norepinephrine"]),
         dosed)  # fmt: skip
    given = {"dose": Decimal(10), "unit": "mg", "observed_at": now - timedelta(minutes=30)}
    kept(treatment(dosed, 0, "dexamethasone", "other", "crs", **given), dosed)

    data = nurse.get(f"/api/v1/participants/{dosed.participant.pk}/drugs/").json()
    assert [one["total_mg"] for one in data["steroids"]["doses"]] == ["10"]
    started = [
        one["minutes_since_crossed"]
        for clock in data["clocks"] if clock["asked"] == "corticosteroid"
        for one in clock["ticks"] if one["stage"] == "started"
    ]  # fmt: skip
    assert started == [30]
    page = text_of(nurse.get(reverse("participant", args=[dosed.participant.pk])))
    assert "other, counted as corticosteroid" in page
    assert nurse.get(url(dosed, "drugs")).status_code == 200


def test_the_conditions_of_the_policy_and_the_pages_read_it(world):
    kept(dose(world, 0), world)
    one = kept(treatment(world, 1, "dexamethasone", "other", "crs"), world).fact
    pk = world.participant.pk

    assert conditions.drug_given(one).is_steroid
    assert [drug.is_steroid for drug in _recorded(load(world.participant), [], {}).drugs] == [True]
    assert [act.masking for act in _histories_of({pk: world.participant})[pk].acts] == ["corticosteroid"]
    assert [span.drug for span in drug_spans([one], Masks(world.study.pk))] == ["dexamethasone"]


def test_the_advice_to_give_a_steroid_is_followed(nurse, dosed):
    now = timezone.now()
    low = {"temperature_c": 38.8, "hypotension": True, "sbp": 86, "dbp": 50}
    for minutes, drug in ((100, None), (90, "tocilizumab"), (10, None), (5, "dexamethasone")):
        at = {"observed_at": now - timedelta(minutes=minutes)}
        one = vitals(dosed, 0, **low, **at) if drug is None else treatment(dosed, 0, drug, "other", "crs", **at)
        kept(one, dosed)

    assert nurse.get(f"/api/v1/participants/{dosed.participant.pk}/drugs/").json()["refractory"] == []
