"""Hypotension or hypoxia without a fever: told in every study, once for each axis, while the episode is provisional."""

import pytest

from grading.alert_words import asked_text, grade_words
from grading.cards import card_of
from grading.models import Alert, AlertState, Attribution, DeliveryState, Episode
from grading.rules.alerts import BadPack, read_thresholds
from tests.builders import draft, hour, kept, treatment, vitals
from tests.grading.conftest import FEVER, corrected, open_grades

pytestmark = pytest.mark.django_db


SHOCK = {"sbp": 82, "hypotension": True}  # without a fever
HYPOXIC = {"spo2": 91, "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}


@pytest.mark.parametrize(
    ("masked", "flag", "at_most"),
    [(True, "possible_masked_fever", 2), (False, "unexplained_hypotension_or_hypoxia", 0)],
)
def test_hypotension_without_a_fever_alerts_the_investigator_once(ward, masked, flag, at_most):
    if masked:
        kept(treatment(ward, 3, "paracetamol", "antipyretic", "premedication"), ward)

    [alert] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    assert (alert.kind, alert.grade, alert.at_most, alert.thresholds) == ("crs", -1, at_most, [flag])
    assert alert.flags == [flag]
    assert [d.recipient for d in alert.deliveries.all()] == [ward.investigator]
    assert kept(vitals(ward, 5, **SHOCK), ward).alerts == ()


def test_cf1b_shock_without_a_temperature_pages(ward):
    shock = {"temperature_c": None, "sbp": 70, "dbp": 40, "hypotension": True, "fluid_bolus": True,
             "vasopressors": ["norepinephrine", "epinephrine"], "spo2": 88,
             "oxygen_device": "mechanical_ventilation"}  # fmt: skip

    [alert] = kept(vitals(ward, 4, **shock), ward).alerts

    assert (alert.grade, alert.at_most, alert.calls) == (-1, 4, 1)
    assert alert.thresholds == ["temperature_missing_with_hypotension_or_hypoxia"]
    assert asked_text(alert.thresholds[0]) == (
        "Low pressure or oxygen, no temperature: measure it, and judge whether it is CRS"
    )
    assert Episode.objects.get().provisional == "temperature_missing_with_hypotension_or_hypoxia"


def test_hypoxia_that_joins_hypotension_is_told_too(ward):
    [first] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    [second] = kept(vitals(ward, 5, **SHOCK, **HYPOXIC), ward).alerts

    assert (second.grade, second.late, second.deliveries.count()) == (-1, False, 1)
    assert "low_flow_oxygen" in {reason["code"] for reason in second.reasons} - {r["code"] for r in first.reasons}
    assert kept(vitals(ward, 6, **SHOCK, **HYPOXIC), ward).alerts == ()
    assert open_grades(ward) == [-1, -1]


def test_found_late_it_pages_while_the_episode_is_open(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    kept(vitals(ward, 8, **SHOCK), ward)

    [second] = kept(vitals(ward, 6, **SHOCK, **HYPOXIC, reason="forgotten"), ward, at=hour(9)).alerts

    assert (second.grade, second.late, second.deliveries.count()) == (-1, True, 1)


def test_both_are_resolved_with_their_episode(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    kept(vitals(ward, 5, **SHOCK, **HYPOXIC), ward)

    kept(vitals(ward, 6), ward)
    kept(vitals(ward, 30), ward)

    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.RESOLVED}


def test_a_pack_cannot_choose_what_is_always_told(ward):
    with pytest.raises(BadPack, match="code"):
        read_thresholds([{"code": "possible_masked_fever", "kind": "crs", "from_grade": 1, "source": "x"}])


def test_an_attribution_withdraws_it(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    cause = draft(Attribution, ward, 3, sign="hypotension", cause="bleeding", because="seen", reason="late")

    kept(cause, ward, by=ward.investigator, at=hour(5))

    assert open_grades(ward) == []
    assert Alert.objects.get().state == AlertState.WITHDRAWN
    assert set(Alert.objects.get().deliveries.values_list("state", flat=True)) == {DeliveryState.DROPPED}


def test_a_correction_withdraws_it(ward):
    wrong = kept(vitals(ward, 4, **SHOCK), ward)

    corrected(ward, wrong.fact, 4, at=5)

    assert open_grades(ward) == []


def test_a_fever_entered_late_makes_it_crs(ward):
    kept(vitals(ward, 4, **SHOCK), ward)

    raised = kept(vitals(ward, 3, **FEVER, reason="forgotten"), ward, at=hour(5)).alerts

    assert sorted(a.grade for a in raised) == [1, 2]
    assert all(a.late for a in raised)
    assert open_grades(ward) == [1, 2]


def test_one_found_late_pages_only_while_it_is_open(ward):
    kept(vitals(ward, 8, **FEVER), ward)

    [over] = kept(vitals(ward, 4, **SHOCK, reason="forgotten"), ward, at=hour(9)).alerts

    assert (over.grade, over.late, over.deliveries.count()) == (-1, True, 0)


def test_a_message_names_neither_a_grade_nor_a_person(ward):
    [alert] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    told = grade_words(alert), *map(asked_text, alert.thresholds)

    assert told == ("Possible CRS, grade not known", "Low pressure or oxygen without a fever: find the cause")
    assert card_of(alert, at=hour(5), may_acknowledge=True).face.word == "no CRS by definition"


def test_a_masked_one_is_shown_as_what_cannot_be_told(ward):
    kept(treatment(ward, 3, "paracetamol", "antipyretic", "premedication"), ward)

    [alert] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    face = card_of(alert, at=hour(5), may_acknowledge=True).face
    assert (face.word, face.detail) == ("cannot be told", "0 to 2 (a fever may be masked)")
