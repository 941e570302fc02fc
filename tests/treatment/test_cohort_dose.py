"""A first-in-human cohort's own dose: what the page fills in, what is asked, what the gate and the admin say."""

import re
import uuid
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from grading.dosing.protocol import _dose_checks
from grading.dosing.selectors.gate import gate_of
from regimens.library import document_from, plan_of, read
from regimens.models import Dose, Measured, Measurement
from regimens.rules.gate.answer import Standing
from tests.bedside.posted import common, text_of, url
from tests.builders import build_world, draft, hour, kept
from tests.pages import as_read
from tests.stages import stage
from tests.treatment.conftest import FIH, adopted, in_cohort

pytestmark = pytest.mark.django_db

DESPITE_GATE = {"despite_gate": "given as ordered"}  # nothing is cleared or released here
COHORT_CRITERIA = ("sentinel_window", "staggering", "highest_cleared_step")


@stage(lasts_s=600)
def fih():
    return adopted(build_world("FIH"), FIH, "C2")


def amount_of(page):
    return re.search(r'name="amount"[^>]*? value="([^"]*)"', page).group(1)


def test_the_page_fills_in_the_cohort_s_dose(client, fih):
    client.force_login(fih.nurse)

    page = as_read(text_of(client.get(url(fih, "dose"))))

    assert amount_of(page) == "3"
    assert "The amount below is the planned one" in page
    assert ">d1 (3 mg)<" in page
    assert ">d2 (3 mg)<" in page
    assert "(1 mg)" not in page


def test_what_is_filled_in_is_what_the_check_compares_with(client, fih):
    """1.9 mg is far from 1 mg by no rule, 15 mg is five times 3 mg, 5 mg is five times 1 mg only."""
    client.force_login(fih.nurse)
    body = common(step=str(fih.steps[0].pk), status="GIVEN", unit="mg", route="INTRAVENOUS", **DESPITE_GATE)

    response = client.post(url(fih, "dose"), body | {"amount": "15"})
    assert "planned is 3 mg" in text_of(response)
    assert client.post(url(fih, "dose"), body | {"amount": "5"}).status_code == 302


def test_a_dose_by_weight_is_filled_in_as_the_plan_says_it(client, world):
    """Bands of weight: below 45 kg the step's own figure is not the planned one."""
    adopted(world, dict(read("blinatumomab_RR_ALL").data), "")
    client.force_login(world.nurse)
    nothing = text_of(client.get(url(world, "dose")))
    assert amount_of(nothing) == ""
    assert "The amount below" not in nothing
    assert "No weight on record: weight first." in nothing

    kept(draft(Measurement, world, -2, kind=Measured.WEIGHT, value=D(44)), world, at=hour(-2))
    light = text_of(client.get(url(world, "dose")))
    assert amount_of(light) == "5"
    assert 'value="ug/m2/day" selected' in light


@pytest.mark.parametrize("name", ["", "c2", "C3"])
def test_in_no_cohort_nothing_is_filled_in_and_the_field_says_so(client, fih, name):
    in_cohort(fih, name)
    client.force_login(fih.nurse)

    page = as_read(text_of(client.get(url(fih, "dose"))))

    assert amount_of(page) == ""
    assert "The amount below" not in page
    assert 'aria-describedby="id_amount_hint' in page
    assert "cohorts: the planned dose is not known" in page
    assert ">d1 (not known)<" in page


@pytest.mark.parametrize("name", ["", "c2"])
def test_in_no_cohort_any_dose_is_typed_again_with_a_reason(client, fih, name):
    in_cohort(fih, name)
    client.force_login(fih.nurse)
    once = common(step=str(fih.steps[0].pk), status="GIVEN", amount="1", unit="mg", route="INTRAVENOUS", **DESPITE_GATE)

    response = client.post(url(fih, "dose"), once)
    assert (response.status_code, set(response.context["form"].errors)) == (400, {"amount", "because"})
    assert "in none of its cohorts" in text_of(response)
    assert client.post(url(fih, "dose"), once | {"again_amount": "1"}).status_code == 400
    assert not Dose.objects.exists()

    assert client.post(url(fih, "dose"), once | {"again_amount": "1", "because": "sponsor's mail"}).status_code == 302
    assert Dose.objects.get().unusual == ["no_cohort"]
    assert "no cohort, planned dose not known" in text_of(client.get(url(fih, "participant")))


def test_the_api_asks_the_same(client, fih):
    in_cohort(fih, "")
    client.force_login(fih.nurse)
    body = {"id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat(), "step": 1, "amount": "1", "unit": "mg",
            "route": "INTRAVENOUS"}  # fmt: skip
    address = f"/api/v1/participants/{fih.participant.pk}/doses/"

    response = client.post(address, body, content_type="application/json")
    assert set(response.json()["errors"]) == {"amount", "because"}
    again = body | {"retyped": {"amount": "1"}, "because": "sponsor's mail"}
    assert client.post(address, again, content_type="application/json").status_code == 201


def test_a_correction_does_not_call_what_was_given_the_planned_dose(client, fih):
    client.force_login(fih.nurse)
    body = common(step=str(fih.steps[0].pk), status="GIVEN", amount="2", unit="mg", route="INTRAVENOUS", **DESPITE_GATE)
    client.post(url(fih, "dose"), body)

    page = text_of(client.get(reverse("correct", args=["dose", Dose.objects.get().pk])))

    assert amount_of(page) == "2"
    assert "The amount below is the planned one" not in page


def test_the_protocol_s_appendix_names_the_dose_of_each_cohort():
    rows = [row[:2] + row[3:] for row in _dose_checks(plan_of(document_from(FIH)))]

    assert rows == [
        ("d1", "C2", "15 mg or more; given in full, 0.6 mg or less"),
        ("d1", "in none of the cohorts", "any amount: the planned dose is not known"),
        ("d2", "C2", "15 mg or more; given in full, 0.6 mg or less"),
        ("d2", "in none of the cohorts", "any amount: the planned dose is not known"),
    ]


# --- The gate ---------------------------------------------------------------------------------------------------


def criteria(world):
    answer = gate_of(world.participant, dose_at=hour(0), at=hour(0)).answer
    return answer.decision.value, {one.code: one for one in answer.criteria if one.code in COHORT_CRITERIA}


@pytest.mark.parametrize("name", ["", "c2", "C3"])
def test_in_no_cohort_every_cohort_criterion_is_unknown_and_holds(fih, name):
    in_cohort(fih, name)

    decision, lines = criteria(fih)

    assert decision == "hold"
    assert {code: one.state for code, one in lines.items()} == dict.fromkeys(COHORT_CRITERIA, Standing.UNKNOWN)
    assert lines["staggering"].text == f"The participant's cohort ({name or '–'}) is none of this regimen's (C2)."


def test_in_a_cohort_its_own_rules_are_asked(fih):
    _, lines = criteria(fih)

    assert lines["sentinel_window"].state is Standing.NOT_APPLICABLE
    assert "staggering" not in lines  # nobody was dosed before


def test_a_plan_without_cohorts_asks_nothing_of_them(world):
    adopted(world, {name: value for name, value in FIH.items() if name != "cohorts"}, "left over")

    assert criteria(world)[1] == {}


# --- The admin --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ok"), [("C2", True), ("", True), ("c2", False), ("C3", False), ("C2 ", True)]
)  # "C2 ": a form takes spaces at the ends off
def test_the_admin_takes_only_a_cohort_of_the_plan(client, fih, name, ok):
    call_command("createsuperuser", username="root", email="root@example.org", interactive=False)
    client.force_login(User.objects.get(username="root"))
    one = fih.participant
    body = {"study": one.study_id, "site": one.site_id, "number": one.number, "neuro_instrument": "ice",
            "regimen": one.regimen_id, "cohort": name, "reason": "allocated"}  # fmt: skip

    answer = client.post(reverse("admin:regimens_participant_change", args=[one.pk]), body)

    if ok:
        assert answer.status_code == 302
    else:
        assert answer.context["adminform"].form.errors["cohort"] == ["This regimen has no such cohort. It has: C2."]


def test_a_plan_without_cohorts_has_none_and_a_version_by_hand_is_not_known(world):
    world.participant.cohort = "A"
    world.participant.full_clean()  # set up by hand

    adopted(world, {name: value for name, value in FIH.items() if name != "cohorts"}, "A")
    with pytest.raises(ValidationError, match="no such cohort"):
        world.participant.full_clean()
