"""A study dose is held against the plan before it is kept: unit, weight, and five times off."""

import uuid
from decimal import Decimal as D

import pytest
from django.utils import timezone

from grading.rules.treatment.study_dose import doubts
from regimens.models import Dose, Measured, Measurement
from regimens.rules.dose import NoDose, PlannedDose
from tests.bedside.posted import common, text_of, url
from tests.builders import draft, hour, kept
from tests.dosing.conftest import library_world  # noqa: F401

pytestmark = pytest.mark.django_db

FLAT = PlannedDose(per=D(25), per_unit="mg", amount=D(25), unit="mg", because=None)
PER_KG = PlannedDose(per=D("0.06"), per_unit="mg/kg", amount=D("4.2"), unit="mg", because=None)  # 70 kg
UNWEIGHED = PlannedDose(per=D("0.06"), per_unit="mg/kg", amount=None, unit="mg", because=NoDose.NO_WEIGHT)
BANDED = PlannedDose(per=None, per_unit="ug/day", amount=None, unit="ug/day", because=NoDose.NO_WEIGHT)
DAILY = PlannedDose(per=D(9), per_unit="ug/day", amount=D(9), unit="ug/day", because=None)
SURFACE = PlannedDose(per=D(5), per_unit="ug/m2/day", amount=None, unit="ug/day", because=NoDose.BODY_SURFACE)
UNKNOWN = PlannedDose(per=None, per_unit="mg", amount=None, unit="mg", because=NoDose.NOT_PLANNED)

# what, planned, amount, unit, in full, code
ROWS = [
    ("as planned", FLAT, "25", "mg", True, None),
    ("a lower dose level is the protocol's", FLAT, "12.5", "mg", True, None),
    ("just below five times", FLAT, "124.9", "mg", True, None),
    ("five times", FLAT, "125", "mg", True, "far_from_plan"),
    ("just above a fifth", FLAT, "5.1", "mg", True, None),
    ("a fifth", FLAT, "5", "mg", True, "far_from_plan"),
    ("a fifth, in part or interrupted", FLAT, "5", "mg", False, None),
    ("five times, though interrupted", FLAT, "125", "mg", False, "far_from_plan"),
    ("the same in another unit", FLAT, "25000", "ug", True, None),
    ("the unit mistaken", FLAT, "25", "ug", True, "far_from_plan"),
    ("per kilogram where the plan is flat", FLAT, "0.4", "mg/kg", True, "wrong_unit"),
    ("per kilogram as planned", PER_KG, "0.06", "mg/kg", True, None),
    ("per kilogram in micrograms", PER_KG, "60", "ug/kg", True, None),
    ("for the weight", PER_KG, "4.2", "mg", True, None),
    ("for the weight, in micrograms", PER_KG, "4200", "ug", True, None),
    ("ten times for the weight", PER_KG, "42", "mg", True, "far_from_plan"),
    ("the figure per kilogram typed as mg", PER_KG, "0.06", "mg", True, "far_from_plan"),
    ("per kilogram needs no weight", UNWEIGHED, "0.06", "mg/kg", True, None),
    ("in mg it does", UNWEIGHED, "4.2", "mg", True, "weight_first"),
    ("by bands of weight", BANDED, "9", "ug/day", True, "weight_first"),
    ("per day", DAILY, "9", "ug/day", True, None),
    ("per day, not a mass", DAILY, "9", "ug", True, "wrong_unit"),
    ("per surface", SURFACE, "5", "ug/m2/day", True, None),
    ("nobody planned it", UNKNOWN, "4000", "mg", True, None),
]


@pytest.mark.parametrize(
    ("planned", "amount", "unit", "in_full", "code"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_what_is_asked_of_a_study_dose(planned, amount, unit, in_full, code):
    doubt_list = doubts(D(amount), unit, planned=planned, in_full=in_full)

    assert [one.code for one in doubt_list] == ([] if code is None else [code])


# --- The doors --------------------------------------------------------------------------------------------------


def given(world, amount, unit="mg", **more):
    step = str(world.steps[1].pk)
    return common(step=step, status="GIVEN", amount=amount, unit=unit, route="INTRAVENOUS", **more)


def test_a_ten_fold_dose_is_typed_again_with_a_reason_and_kept_with_both(client, world):
    client.force_login(world.nurse)
    once = given(world, "250")

    response = client.post(url(world, "dose"), once)
    assert (response.status_code, set(response.context["form"].errors)) == (400, {"amount", "because"})
    assert "planned is 25 mg" in text_of(response)
    assert 'name="again_amount"' in text_of(response)
    unsaid = client.post(url(world, "dose"), once | {"again_amount": "250"})
    assert list(unsaid.context["form"].errors) == ["because"]
    wrong = client.post(url(world, "dose"), once | {"again_amount": "25", "because": "overdose"})
    assert list(wrong.context["form"].errors) == ["amount"]
    assert not Dose.objects.exists()

    assert client.post(url(world, "dose"), once | {"again_amount": "250", "because": "overdose"}).status_code == 302
    one = Dose.objects.get()
    assert (one.amount, one.retyped, one.because, one.unusual) == (250, ["amount"], "overdose", ["far_from_plan"])
    assert "far off the planned dose; overdose" in text_of(client.get(url(world, "participant")))


def test_the_reason_of_a_late_entry_confirms_nothing(client, world):
    client.force_login(world.nurse)

    late = client.post(url(world, "dose"), given(world, "250", reason="entered from paper"))

    assert set(late.context["form"].errors) == {"amount", "because"}


def test_another_unit_is_refused(client, world):
    client.force_login(world.nurse)

    answer = client.post(url(world, "dose"), given(world, "0.4", "mg/kg", again_amount="0.4", because="order"))

    assert list(answer.context["form"].errors) == ["unit"]


def test_the_api_asks_the_same(client, world):
    client.force_login(world.nurse)
    body = {
        "id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat(), "step": 2, "amount": "250", "unit": "mg",
        "route": "INTRAVENOUS",
    }  # fmt: skip
    address = f"/api/v1/participants/{world.participant.pk}/doses/"

    def post(**more):
        return client.post(address, body | more, content_type="application/json")

    assert set(post().json()["errors"]) == {"amount", "because"}
    assert set(post(retyped={"amount": "25"}, because="x").json()["errors"]) == {"retyped.amount"}
    assert set(post(retyped={"dose": "250"}, because="x").json()["errors"]) == {"retyped.dose"}
    answer = post(retyped={"amount": "250"}, because="overdose")
    assert (answer.status_code, Dose.objects.get().unusual) == (201, ["far_from_plan"])
    assert post(retyped={"amount": "250"}, because="overdose").status_code == 200  # the first answer


def test_the_page_says_the_dose_for_the_weight(client, library_world):  # noqa: F811
    world = library_world
    client.force_login(world.nurse)
    assert "No weight on record: weight first." in text_of(client.get(url(world, "dose")))

    kept(draft(Measurement, world, -2, kind=Measured.WEIGHT, value=D(70)), world, at=hour(-2))

    assert "For the weight on record: 4.2 mg (0.06 mg/kg)." in text_of(client.get(url(world, "dose")))
