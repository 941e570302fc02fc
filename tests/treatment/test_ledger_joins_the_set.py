"""What the record of treatments has running joins the sets taken meanwhile, whenever it is entered (Rulings 2, CF2)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from grading.alerting.services.alert_differences import alert_differences
from grading.bedside.selectors.explained import explain
from grading.bedside.selectors.history import history_of, why_of
from grading.bedside.selectors.preview import preview
from grading.course import checkpoints
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.models import Episode, Grade, TreatmentEnd, VitalSigns
from tests.builders import dose, draft, hour, kept, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": Decimal("38.6")}
DENIED = ["contradictory_vasopressors"]


def runs(world, h, drug="norepinephrine", drug_class="vasopressor", indication="crs", **columns):
    return kept(treatment(world, h, drug, drug_class, indication, **columns), world, at=hour(100)).fact


def stops(world, h, one, **columns):
    return kept(draft(TreatmentEnd, world, h, treatment=one, **{"reason": "late"} | columns), world, at=hour(100)).fact


def look(world, h, **changes):
    return kept(vitals(world, h, reason="late", **FEVER | changes), world, at=hour(100)).fact


def bounds(world):
    """By hour, and that the tables say what a derivation from nothing says."""
    derived = rederive(world.participant, at=hour(1000))
    assert list(alert_differences(derived, at=hour(1000))) == []
    assert list(differences(comparison_of(derived))) == []
    grades = Grade.objects.filter(kind="crs").order_by("observed_at")
    return {(one.observed_at - hour(0)) / timedelta(hours=1): (one.at_least, one.at_most) for one in grades}


@pytest.fixture(autouse=True)
def near(monkeypatch):
    """Checkpoints so near each other that a short course crosses some."""
    monkeypatch.setattr(checkpoints, "EVERY", 3)


@stage(lasts_s=600)
def given(world):
    kept(dose(world), world)
    return world


def test_a_set_that_denies_a_vasopressor_of_the_record_is_at_least_3_and_asks(given):
    """CF2, and a set that does not say has it as its lower bound."""
    runs(given, 1)
    look(given, 2)
    look(given, 3, vasopressors=None)
    look(given, 4, vasopressors=["Levophed 4 mcg/min"])

    assert bounds(given) == {2: (3, 3), 3: (3, 4), 4: (3, 3)}
    assert [one.flags for one in Grade.objects.order_by("observed_at")] == [DENIED, [], []]


def test_oxygen_of_the_record_joins_by_its_flow_and_device(given):
    """CF2b: 10 L/min in the record, room air in the set."""
    one = runs(given, 1, "oxygen", "oxygen", dose=Decimal(10), unit="L/min")
    look(given, 2)
    stops(given, 3, one)
    runs(given, 3, "BiPAP", "oxygen")
    look(given, 4, oxygen_device=None)
    look(given, 5)

    assert bounds(given) == {2: (1, 3), 4: (4, 4), 5: (1, 4)}
    assert Grade.objects.get(observed_at=hour(2)).flags == ["contradictory_oxygen"]


def test_oxygen_without_device_and_flow_is_oxygen_all_the_same(given):
    runs(given, 1, "oxygen", "oxygen")
    look(given, 2)
    look(given, 3, oxygen_device=None)

    assert bounds(given) == {2: (1, 3), 3: (2, 4)}


def test_fluid_joins_where_it_is_given_for_crs(given):
    runs(given, 1, "sodium chloride", "fluid", "other")
    look(given, 2, fluid_bolus=None)
    runs(given, 3, "sodium chloride", "fluid")
    look(given, 4, fluid_bolus=None)
    look(given, 5)

    assert bounds(given) == {2: (1, 2), 4: (2, 2), 5: (1, 2)}


def test_what_runs_counts_for_whatever_it_is_given(given):
    runs(given, 1, indication="other")
    look(given, 2)

    assert bounds(given) == {2: (3, 3)}


def test_it_runs_from_its_start_on_and_until_its_stop(given):
    one = runs(given, 2)
    for h in (1, 2, 3, 4, 5):
        look(given, h)
    stops(given, 4, one)

    assert bounds(given) == {1: (1, 1), 2: (3, 3), 3: (3, 3), 4: (1, 1), 5: (1, 1)}


def test_entered_late_it_settles_the_sets_since_and_its_withdrawal_too(given):
    for h in range(1, 9):
        look(given, h)
    one = runs(given, 2.5)
    assert bounds(given) == {h: (1, 1) if h < 3 else (3, 3) for h in range(1, 9)}

    end = stops(given, 5.5, one)
    assert bounds(given) == {h: (3, 3) if h in (3, 4, 5) else (1, 1) for h in range(1, 9)}

    kept(draft(TreatmentEnd, given, 6.5, treatment=one, supersedes=end, reason="later"), given, at=hour(100))
    assert bounds(given) == {h: (3, 3) if h in (3, 4, 5, 6) else (1, 1) for h in range(1, 9)}

    again = kept(treatment(given, 4.5, "norepinephrine", "vasopressor", "crs", supersedes=one, reason="later"), given,
                 at=hour(100)).fact  # fmt: skip
    assert bounds(given) == {h: (3, 3) if h in (5, 6) else (1, 1) for h in range(1, 9)}

    kept(treatment(given, 4.5, "norepinephrine", "vasopressor", "crs", supersedes=again, withdrawn=True,
                   reason="another participant's"), given, at=hour(100))  # fmt: skip
    assert bounds(given) == dict.fromkeys(range(1, 9), (1, 1))


def test_corrected_to_another_drug_it_runs_no_more(given):
    one = runs(given, 1)
    look(given, 2)
    kept(treatment(given, 1, "furosemide", "other", "crs", supersedes=one, reason="wrong row"), given, at=hour(100))

    assert bounds(given) == {2: (1, 1)}


def test_begun_and_stopped_at_one_instant_it_never_ran(given):
    stops(given, 1, runs(given, 1))
    look(given, 2)

    assert bounds(given) == {2: (1, 1)}


def test_recording_a_treatment_lowers_and_closes_nothing(given):
    look(given, 1, vasopressors=["norepinephrine", "epinephrine"])
    runs(given, 1.5)
    look(given, 2, vasopressors=["norepinephrine", "epinephrine"])

    assert bounds(given) == {1: (4, 4), 2: (4, 4)}


def test_an_open_episode_is_not_over_while_a_vasopressor_runs_by_the_record(given):
    look(given, 1)
    one = runs(given, 2)
    for h in (3, 15, 27, 28):
        look(given, h, temperature_c=Decimal("36.8"))

    assert Episode.objects.get().ended_at is None
    stops(given, 2.5, one)
    assert Episode.objects.get().ended_at == hour(3)
    assert bounds(given)[28] == (0, 0)


def test_the_form_shows_the_same_grade_before_saving(given):
    runs(given, 1)
    typed = vitals(given, 2, **FEVER)
    typed.id = uuid.uuid4()
    state = given.participant.current_state
    state.refresh_from_db()

    assert preview(typed, participant=given.participant, state=state).graded.at_least == 3


def test_a_stored_grade_is_explained_with_what_ran(given):
    one = runs(given, 1)
    fact = look(given, 2)
    stops(given, 3, one)
    later = look(given, 4)
    history = history_of(given.participant, treatments=[one], episodes=[])

    for each in (fact, later):
        grade = Grade.objects.get(fact_id=each.pk)
        assert why_of(VitalSigns.objects.get(pk=each.pk), grade, history) is not None


def test_what_it_would_be_if_it_were_crs_counts_what_runs(given):
    """C2d: no fever, nothing masks; the set says nothing of vasopressors, the record has one running."""
    runs(given, 1, indication="other")
    fact = look(given, 2, temperature_c=Decimal("36.8"), vasopressors=None)
    [explained] = explain(Grade.objects.filter(fact_id=fact.pk))
    typed = vitals(given, 3, temperature_c=Decimal("36.8"), vasopressors=None)
    state = given.participant.current_state
    state.refresh_from_db()

    assert "unexplained_hypotension_or_hypoxia" in explained.grade.flags
    assert explained.if_crs == 3
    assert preview(typed, participant=given.participant, state=state).if_crs == 3
