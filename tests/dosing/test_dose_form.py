"""The dose form begins with the gate's answer; what was given against it is kept, and says why (T5)."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Dose
from tests.builders import hour, kept, vitals
from tests.dosing.conftest import NEXT

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": 38.9, "sbp": 84, "hypotension": True}


@pytest.fixture
def at_bedside(client, ready):
    """The nurse on the day that the next dose is planned for."""
    with time_machine.travel(hour(NEXT), tick=False):
        client.force_login(ready.nurse)
        yield client


def address(world):
    return reverse("dose", args=[world.participant.pk])


def typed(world, **changes):
    step = world.steps[1]
    return {
        "id": str(uuid4()), "opened_at": hour(NEXT).isoformat(), "when": "0", "confirm_number": "001", "step": step.pk,
        "status": "GIVEN", "amount": f"{step.planned_dose.normalize():f}", "unit": "mg/kg", "route": "SUBCUTANEOUS",
    } | changes  # fmt: skip


def given(world):
    return Dose.objects.filter(participant=world.participant, step=world.steps[1])


def test_go_is_said_first_and_nothing_is_asked(at_bedside, ready):
    page = at_bedside.get(address(ready)).content.decode()
    assert page.index("gate-answer gate-go") < page.index('name="amount"')
    assert 'name="despite_gate"' not in page
    assert at_bedside.post(address(ready), typed(ready)).status_code == 302
    assert given(ready).get().despite_gate == ""


def test_hold_is_said_first_with_its_reasons_and_what_it_takes(at_bedside, ready):
    kept(vitals(ready, NEXT - 0.5, **FEVER), ready)
    page = at_bedside.get(address(ready)).content.decode()
    assert page.index("gate-answer gate-hold") < page.index('name="amount"')
    assert "HOLD" in page
    assert "CRS resolved" in page
    assert "an investigator overrides the gate first" in page
    assert 'name="despite_gate"' in page


def test_the_same_in_chinese(at_bedside, ready):
    kept(vitals(ready, NEXT - 0.5, **FEVER), ready)
    at_bedside.cookies["django_language"] = "zh-hant"
    page = at_bedside.get(address(ready)).content.decode()
    assert "gate-answer gate-hold" in page
    assert "試驗主持人須先推翻" in page


def test_a_dose_given_against_the_gate_says_why_and_is_kept_as_a_deviation(at_bedside, ready):
    kept(vitals(ready, NEXT - 0.5, **FEVER), ready)
    refused = at_bedside.post(address(ready), typed(ready))
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["despite_gate"]
    assert not given(ready).exists()

    answer = at_bedside.post(address(ready), typed(ready, despite_gate="given before the fever was read"), follow=True)
    assert given(ready).get().despite_gate == "given before the fever was read"
    page = answer.content.decode()
    assert "given without a release" in page
    assert "given before the fever was read" in page


def test_another_step_than_the_gate_says_go_for_says_why(at_bedside, ready):
    other = ready.steps[2]
    sent = typed(ready, step=other.pk, amount=f"{other.planned_dose.normalize():f}")
    assert list(at_bedside.post(address(ready), sent).context["form"].errors) == ["despite_gate"]


def test_a_dose_that_was_not_given_needs_no_go(at_bedside, ready):
    kept(vitals(ready, NEXT - 0.5, **FEVER), ready)
    sent = typed(ready, status="NOT GIVEN", amount="", not_given_because="fever")
    assert at_bedside.post(address(ready), sent).status_code == 302
