"""A tablet with what it is told of a participant grades as the server does."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from grading.bedside.selectors.preview import preview
from grading.models import CurrentState
from grading.rules.contract.tablet import answer
from grading.tablet.participant_rules import participant_rules
from regimens.models import Measured, Measurement, NeuroInstrument
from tests.builders import HOUR_0, dose, draft, hour, kept, neuro, vitals

pytestmark = pytest.mark.django_db


def rules_of(world, h=10.0):
    world.participant.refresh_from_db()
    return json.loads(json.dumps(participant_rules(world.participant, at=hour(h))))


def test_before_the_first_fact_all_is_said_that_is_known(world):
    rules = rules_of(world)

    assert (rules["changed_at"], rules["set_before"], rules["baseline_at"]) == (None, None, None)
    assert rules["as_of"] == hour(10).isoformat()
    assert rules["zone"] == "Asia/Taipei"
    assert rules["policy"] == {"version": 1, "thresholds": world.policy.thresholds}
    assert rules["pediatric"] is False


def test_a_set_that_is_typed_is_graded_on_the_course_and_the_baseline_so_far(world):
    kept(draft(Measurement, world, -2, kind=Measured.BASELINE_OXYGEN, text="nasal_cannula", value=Decimal(2)), world)
    kept(dose(world, 0), world)
    kept(vitals(world, 1, temperature_c=Decimal("38.4")), world)
    rules = rules_of(world)
    seen = {"temperature_c": "37.0", "sbp": "120", "hypotension": False, "fluid_bolus": False, "vasopressors": [],
            "spo2": "95", "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": "4"}  # fmt: skip
    event = {"event": "crs", "at": hour(2).isoformat(), "id": "new", "root": "new", "seen": seen | rules["baseline"]}
    graded = answer({"ask": "preview", "state": rules["state"], "parameters": rules["parameters"], "event": event})

    typed = vitals(world, 2, **{n: Decimal(v) for n, v in seen.items() if n in ("temperature_c", "spo2")},
                   oxygen_device="nasal_cannula", oxygen_flow_l_min=Decimal(4))  # fmt: skip
    state = CurrentState.objects.get(participant=world.participant)
    assert graded["grade"] == preview(typed, participant=world.participant, state=state).graded.grade == 2
    assert rules["baseline"]["baseline_oxygen_device"] == "nasal_cannula"
    assert rules["baseline_at"] == hour(-2).isoformat()


def test_what_a_jump_and_a_worsening_are_measured_from_is_the_newest_set(world):
    kept(vitals(world, 1, temperature_c=Decimal("36.8"), sbp=Decimal(140)), world)
    kept(vitals(world, 2, temperature_c=Decimal("37.10"), sbp=Decimal(131), hypotension=False), world)
    kept(neuro(world, 3), world)
    rules = rules_of(world)

    assert rules["previous"] == {"temperature_c": "37.1", "sbp": "131"}
    assert rules["set_before_at"] == hour(2).isoformat()
    assert rules["set_before"]["temperature_c"] == "37.1"
    assert rules["set_before"]["hypotension"] is False


def test_a_child_without_a_policy(world):
    world.participant.neuro_instrument = NeuroInstrument.CAPD
    rules = participant_rules(world.participant, at=HOUR_0 - timedelta(days=365))

    assert rules["pediatric"] is True
    assert rules["policy"] is None
