"""Hypotension or hypoxia without a fever: told in every study, once for each axis, while the episode is provisional."""

from datetime import timedelta

import pytest

from crsmonitor.audit.acting import acting
from grading.alerting.alert_words import asked_text, grade_words
from grading.alerting.cards import card_of
from grading.alerting.selectors.alerts import alerts_for
from grading.alerting.services.answers import acknowledge
from grading.models import Alert, AlertState, Attribution, DeliveryState, Episode
from grading.recording.rederiving import rederive_participant
from grading.rules.alerting.policy.thresholds import read_thresholds
from grading.rules.treatment.policy_numbers import BadPolicy
from tests.builders import draft, hour, kept, treatment, vitals
from tests.wards import FEVER, corrected, open_grades

pytestmark = pytest.mark.django_db


SHOCK = {"sbp": 82, "hypotension": True}  # without a fever
HYPOXIC = {"spo2": 91, "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}


@pytest.mark.parametrize(
    ("masked", "flag", "at_most"),
    [(True, "possible_masked_fever", 2), (False, "unexplained_hypotension_or_hypoxia", 0)],
)
def test_hypotension_without_a_fever_alerts_as_grade_2_does_once(ward, masked, flag, at_most):
    if masked:
        kept(treatment(ward, 3, "paracetamol", "antipyretic", "premedication"), ward)

    [alert] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    assert (alert.kind, alert.grade, alert.at_most, alert.thresholds) == ("crs", -1, at_most, [flag])
    assert alert.flags == [flag]
    assert alert.urgency == 2  # from which nurse and investigator are told together
    assert {d.recipient for d in alert.deliveries.all()} == {ward.investigator, ward.nurse, ward.charge_nurse}
    assert kept(vitals(ward, 5, **SHOCK), ward).alerts == ()


def test_cf1b_shock_without_a_temperature_pages(ward):
    shock = {"temperature_c": None, "sbp": 70, "dbp": 40, "hypotension": True, "fluid_bolus": True,
             "vasopressors": ["norepinephrine", "epinephrine"], "spo2": 88,
             "oxygen_device": "mechanical_ventilation"}  # fmt: skip

    [alert] = kept(vitals(ward, 4, **shock), ward).alerts

    assert (alert.grade, alert.at_most, alert.pages_sent) == (-1, 4, 1)
    assert alert.thresholds == ["temperature_missing_with_hypotension_or_hypoxia"]
    assert asked_text(alert.thresholds[0]) == (
        "Low pressure or oxygen, no temperature: measure it, and judge whether it is CRS"
    )
    assert Episode.objects.get().provisional == "temperature_missing_with_hypotension_or_hypoxia"


def test_hypoxia_that_joins_hypotension_is_told_too(ward):
    [first] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    [second] = kept(vitals(ward, 5, **SHOCK, **HYPOXIC), ward).alerts

    assert (second.grade, second.late, second.pages_sent) == (-1, False, 1)
    assert "low_flow_oxygen" in {reason["code"] for reason in second.reasons} - {r["code"] for r in first.reasons}
    assert kept(vitals(ward, 6, **SHOCK, **HYPOXIC), ward).alerts == ()
    assert open_grades(ward) == [-1, -1]


def test_found_late_it_pages_while_the_episode_is_open(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    kept(vitals(ward, 8, **SHOCK), ward)

    [second] = kept(vitals(ward, 6, **SHOCK, **HYPOXIC, reason="forgotten"), ward, at=hour(9)).alerts

    assert (second.grade, second.late, second.pages_sent) == (-1, True, 1)


def test_both_are_resolved_with_their_episode(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    kept(vitals(ward, 5, **SHOCK, **HYPOXIC), ward)

    kept(vitals(ward, 6), ward)
    kept(vitals(ward, 30), ward)

    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.RESOLVED}


def test_a_policy_cannot_choose_what_is_always_told(ward):
    with pytest.raises(BadPolicy, match="code"):
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


def test_a_message_names_the_grade_it_would_be_and_no_person(ward):
    [alert] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    words = grade_words(alert), *map(asked_text, alert.thresholds)

    assert words == ("Possible CRS; if CRS: grade 2", "Low pressure or oxygen without a fever: find the cause")
    badge = card_of(alert, at=hour(5), may_acknowledge=True).badge
    assert (badge.word, badge.detail) == (
        "no CRS by definition", "unexplained hypotension or hypoxia; if CRS: grade 2",
    )  # fmt: skip


def test_a_masked_one_is_shown_as_what_cannot_be_told(ward):
    kept(treatment(ward, 3, "paracetamol", "antipyretic", "premedication"), ward)

    [alert] = kept(vitals(ward, 4, **SHOCK), ward).alerts

    badge = card_of(alert, at=hour(5), may_acknowledge=True).badge
    assert (badge.word, badge.detail) == ("cannot be told", "0 to 2 (a fever may be masked); if CRS: grade 2")


# --- Each rise of the axis grade --------------------------------------------------------------------------------

ONE, TWO = SHOCK | {"vasopressors": ["norepinephrine"]}, SHOCK | {"vasopressors": ["norepinephrine", "epinephrine"]}
MINUTES = {2: 30, 3: 15, 4: 15}  # an answer holds: decisions, Alerts


def test_cf7_each_rise_pages_with_the_urgency_and_the_lapse_of_its_grade(ward):
    alerts = [kept(vitals(ward, h, **seen), ward).alerts for h, seen in ((4, SHOCK), (4.2, ONE), (4.4, TWO))]

    assert [[(a.urgency, a.pages_sent, a.deliveries.count()) for a in one] for one in alerts] == [
        [(2, 1, 3)], [(3, 1, 3)], [(4, 1, 3)]
    ]  # fmt: skip
    for [alert], h in reversed(list(zip(alerts, (4, 4.2, 4.4), strict=True))):
        acknowledge(alert.pk, by=ward.nurse, at=hour(5))
        alert.refresh_from_db()
        assert alert.lapses_at == hour(5) + timedelta(minutes=MINUTES[alert.urgency]), h


def test_the_highest_answers_for_those_below_and_stands_first(ward):
    [first] = kept(vitals(ward, 4, **SHOCK), ward).alerts
    [second] = kept(vitals(ward, 4.2, **ONE), ward).alerts
    assert [a.pk for a in alerts_for(ward.nurse)] == [second.pk, first.pk]

    acknowledge(first.pk, by=ward.nurse, at=hour(5))
    second.refresh_from_db()
    assert second.state == AlertState.OPEN
    acknowledge(second.pk, by=ward.nurse, at=hour(5))
    first.refresh_from_db()
    assert first.state == AlertState.ACKNOWLEDGED


def test_a_correction_to_a_higher_axis_grade_pages_anew(ward):
    wrong = kept(vitals(ward, 4, **SHOCK), ward)
    acknowledge(wrong.alerts[0].pk, by=ward.nurse, at=hour(4.1))

    [alert] = corrected(ward, wrong.fact, 4, at=4.5, **ONE).alerts

    assert (alert.urgency, alert.state, alert.pages_sent) == (3, AlertState.OPEN, 1)
    assert Alert.objects.get(urgency=2).state == AlertState.WITHDRAWN


def test_a_rise_that_is_corrected_away_is_withdrawn_and_the_one_before_stands(ward):
    kept(vitals(ward, 4, **SHOCK), ward)
    wrong = kept(vitals(ward, 5, **ONE), ward)

    corrected(ward, wrong.fact, 5, at=6, **SHOCK)

    assert sorted(Alert.objects.values_list("urgency", "state")) == [(2, AlertState.OPEN), (3, AlertState.WITHDRAWN)]


def test_an_alert_from_before_axis_grades_were_kept_is_told_to_say_it_and_pages_nobody(ward):
    kept(vitals(ward, 4, **ONE), ward)
    with acting(by="test", reason="as it was kept then"):
        Alert.objects.update(urgency=None)

    [difference] = rederive_participant(ward.participant.pk, check=True, at=hour(5)).differences
    assert difference.column == "urgency"
    rederive_participant(ward.participant.pk, check=False, at=hour(5))

    alert = Alert.objects.get()
    assert (alert.urgency, alert.state, alert.pages_sent) == (3, AlertState.OPEN, 1)
    assert not rederive_participant(ward.participant.pk, check=True, at=hour(5)).differences
