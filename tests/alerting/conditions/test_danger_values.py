"""Values in danger: told at once, whatever else is missing, attributed or denied (decisions, Alerts; CF1, CF1c)."""

from datetime import timedelta

import pytest

from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.alerting.cards import card_of
from grading.alerting.services.answers import acknowledge, act_on
from grading.bedside.selectors.bedside import unconfirmed
from grading.dosing.selectors.window import window_page
from grading.models import Alert, AlertPolicy, AlertState, Attribution, CurrentState, VitalSigns
from grading.recording.rederiving import rederive_participant
from grading.rules.alerting.lifecycle import ActionKind
from regimens.facts import Source
from regimens.models import Disposition, DispositionKind
from tests.alerting.conditions.watched import sweep
from tests.alerting.conditions.watched import ward as watched_ward
from tests.alerting.staffed import people_paged, staffed
from tests.builders import World, dose, draft, hour, kept, vitals
from tests.wards import FEVER, corrected

pytestmark = pytest.mark.django_db

ARREST = {
    "temperature_c": None, "sbp": 0, "dbp": 0, "heart_rate": 0, "respiratory_rate": 0, "spo2": 40,
    "oxygen_device": None, "vasopressors": None, "fluid_bolus": None, "hypotension": None,
}  # fmt: skip
LOW_O2 = {"temperature_c": None, "spo2": 75}
NO_PULSE = {"heart_rate": 0}


def danger_alerts(*states: AlertState) -> list[Alert]:
    rows = Alert.objects.filter(condition="danger_value").order_by("observed_at")
    return list(rows.filter(state__in=states) if states else rows)


def states() -> list[str]:
    return [one.state for one in danger_alerts()]


def check(world: World, h: float) -> tuple[object, ...]:
    return rederive_participant(world.participant.pk, check=True, at=hour(h)).differences


@pytest.mark.parametrize(
    ("why", "seen", "values"),
    [
        ("CF1", ARREST, {"sbp": "0", "spo2": "40", "heart_rate": "0", "respiratory_rate": "0"}),
        ("CF1c", LOW_O2, {"spo2": "75"}),
        ("denied", {"sbp": 55, "dbp": 40, "hypotension": False}, {"sbp": "55"}),
        ("unrecordable", {"sbp": None, "dbp": None, "pressure_unrecordable": True}, {"sbp": "unrecordable"}),
        ("a pulse of 0 alone, which no grade knows", NO_PULSE, {"heart_rate": "0"}),
        ("no breathing", {"respiratory_rate": 0}, {"respiratory_rate": "0"}),
        ("unrounded", {"sbp": 59.5, "dbp": 40}, {"sbp": "59.5"}),
    ],
)
def test_it_pages_nurse_and_investigator_at_once(ward, why, seen, values):
    kept(vitals(ward, 4, **seen), ward)

    [alert] = danger_alerts()
    assert (alert.kind, alert.grade, alert.urgency, alert.pages_sent, alert.late) == ("vitals", 0, 3, 1, False)
    assert alert.thresholds == ["danger_value"]
    assert alert.reasons[0]["values"] == {"since": hour(4).isoformat(), "newest": hour(4).isoformat()} | values
    assert {ward.nurse, ward.investigator} <= {d.recipient for d in alert.deliveries.all()}
    assert not check(ward, 4.1)


@pytest.mark.parametrize("seen", [{"sbp": 60, "dbp": 40}, {"spo2": 80}, {"heart_rate": 20}, {"respiratory_rate": 4}])
def test_at_the_limit_it_is_none(ward, seen):
    kept(vitals(ward, 4, **seen), ward)
    assert danger_alerts() == []


def test_attributing_it_silences_nothing(ward):
    kept(draft(Attribution, ward, 3, sign="hypoxia", cause="pneumonia", because="film"), ward, by=ward.investigator)
    kept(vitals(ward, 4, **LOW_O2), ward)
    assert states() == [AlertState.OPEN]


def test_it_is_told_in_the_answer_to_the_set_before_the_value_is_typed_again(ward):
    result = kept(vitals(ward, 4, **LOW_O2), ward)

    assert result.unconfirmed == ("spo2",)
    assert "danger_value" in [alert.condition for alert in result.alerts]


@pytest.mark.parametrize("seen", [{"sbp": None, "dbp": None, "pressure_unrecordable": True}, NO_PULSE])
def test_no_doubt_about_another_value_holds_it_back(ward, seen):
    kept(vitals(ward, 3.9, **seen), ward)

    result = kept(vitals(ward, 4, temperature_c=33.9, retyped=["heart_rate"], **seen), ward)  # low: may hide a fever

    assert result.unconfirmed == ("temperature_c",)
    assert [a.observed_at for a in danger_alerts()] == [hour(4)]


def test_pressures_that_contradict_hold_back_no_danger_and_are_asked_in_place(ward):
    """55 over 58, or 110 over 120 beside a saturation of 70: kept, told, and both numbers asked (Rulings 2)."""
    low = kept(vitals(ward, 4, sbp=55, dbp=58), ward)
    assert low.unconfirmed == ("dbp", "sbp")
    assert [a.observed_at for a in danger_alerts()] == [hour(4)]
    assert [(one.field, one.code) for one in unconfirmed(low.fact)] == [("sbp", "contradicts"), ("dbp", "contradicts")]

    corrected = vitals(ward, 4, sbp=55, dbp=58, retyped=["sbp", "dbp"], supersedes=low.fact, reason="typed again")
    confirmed = kept(corrected, ward, at=hour(4.1))
    assert confirmed.unconfirmed == ()
    beside = kept(vitals(ward, 5, sbp=110, dbp=120, **LOW_O2), ward)
    assert beside.unconfirmed == ("dbp", "sbp", "spo2")


def test_pressures_that_contradict_in_a_set_no_worse_are_refused_at_the_field(ward):
    kept(vitals(ward, 3), ward)
    with pytest.raises(InvalidInput) as refused:
        kept(vitals(ward, 4, sbp=110, dbp=120), ward)
    assert list(refused.value.fields) == ["sbp"]


def test_with_steps_both_are_called_it_is_repeated_and_an_answer_holds_as_at_grade_3(world):
    ward = staffed(world)
    kept(vitals(ward, 6, **NO_PULSE), ward)
    [alert] = danger_alerts()
    assert people_paged(alert) == [["investigator", "nurse"]]

    acknowledge(alert.pk, by=ward.nurse, at=hour(6.1))

    alert.refresh_from_db()
    assert alert.lapses_at == hour(6.1) + timedelta(minutes=15)


def test_once_for_sets_without_a_break_and_again_after_one(ward):
    for h, seen in ((4, LOW_O2), (4.2, LOW_O2), (4.4, NO_PULSE | {"spo2": 74}), (5, {}), (6, LOW_O2)):
        kept(vitals(ward, h, **seen), ward)

    pages = [(a.observed_at, a.state, a.pages_sent) for a in danger_alerts()]
    assert pages == [
        (hour(4.4), AlertState.RESOLVED, 1), (hour(4.4), AlertState.RESOLVED, 1), (hour(6), AlertState.OPEN, 1),
    ]  # fmt: skip
    assert not check(ward, 6.1)


def test_a_set_that_did_not_measure_it_ends_nothing(ward):
    kept(vitals(ward, 4, **LOW_O2), ward)
    kept(vitals(ward, 4.2, spo2=None, oxygen_device=None), ward)
    assert states() == [AlertState.OPEN]


def test_a_correction_takes_it_back(ward):
    wrong = kept(vitals(ward, 4, **LOW_O2), ward)

    corrected(ward, wrong.fact, 4, at=4.1, spo2=95)

    assert states() == [AlertState.WITHDRAWN]
    assert CurrentState.objects.get().vitals_due_at == hour(8)
    assert not check(ward, 4.2)


def test_a_withdrawal_takes_it_back_and_a_correction_brings_it(ward):
    wrong = kept(vitals(ward, 4, **LOW_O2), ward).fact
    gone = draft(VitalSigns, ward, 4, supersedes=wrong, withdrawn=True, reason="wrong participant")
    kept(gone, ward, at=hour(4.1))
    assert states() == [AlertState.WITHDRAWN]

    other = kept(vitals(ward, 5), ward).fact
    corrected(ward, other, 5, at=5.1, **LOW_O2)

    assert states() == [AlertState.WITHDRAWN, AlertState.OPEN]
    assert not check(ward, 5.2)


def test_one_found_late_pages_only_where_nothing_newer_is_free_of_it(ward):
    kept(vitals(ward, 6), ward)
    kept(vitals(ward, 5, **LOW_O2, reason="forgotten"), ward, at=hour(7))
    assert danger_alerts() == []

    kept(vitals(ward, 8, spo2=None, oxygen_device=None), ward)
    kept(vitals(ward, 7, **LOW_O2, reason="forgotten"), ward, at=hour(8.1))
    assert [(a.late, a.pages_sent) for a in danger_alerts()] == [(True, 1)]
    assert not check(ward, 8.2)


def test_a_late_set_that_shows_it_began_before_keeps_the_alert_and_its_answer(ward):
    kept(vitals(ward, 6, **LOW_O2), ward)
    [alert] = danger_alerts()
    acknowledge(alert.pk, by=ward.nurse, at=hour(6.1))
    before = danger_alerts()[0]

    late = kept(vitals(ward, 5, **LOW_O2, reason="forgotten"), ward, at=hour(6.2)).fact

    [after] = danger_alerts()
    assert (after.pk, after.fact_root, after.state) == (before.pk, late.pk, AlertState.ACKNOWLEDGED)
    assert (after.lapses_at, after.pages_sent, after.occurrence) == (
        before.lapses_at,
        before.pages_sent,
        before.occurrence,
    )
    assert after.reasons[0]["values"]["since"] == hour(5).isoformat()
    assert not check(ward, 6.3)


def test_a_late_set_that_shows_that_two_dangers_began_with_it_keeps_the_one_nobody_answered(ward):
    """Both are one alert then; the late set is kept, and the danger that was not answered still calls."""
    kept(vitals(ward, 4, **LOW_O2 | {"heart_rate": None}), ward)
    acknowledge(danger_alerts()[0].pk, by=ward.nurse, at=hour(4.1))
    kept(vitals(ward, 5, **LOW_O2 | NO_PULSE), ward)
    answered, waiting = sorted(danger_alerts(), key=lambda alert: alert.raised_at)
    assert (answered.reasons[0]["values"].keys(), waiting.reasons[0]["values"].keys()) == (
        {"since", "newest", "spo2"}, {"since", "newest", "heart_rate"}
    )  # fmt: skip

    late = kept(vitals(ward, 3, **LOW_O2 | NO_PULSE, reason="forgotten"), ward, at=hour(5.2)).fact

    waiting.refresh_from_db()
    answered.refresh_from_db()
    assert (waiting.fact_root, waiting.state, waiting.pages_sent) == (late.pk, AlertState.OPEN, 1)
    assert {"spo2", "heart_rate"} <= waiting.reasons[0]["values"].keys()
    assert answered.state == AlertState.WITHDRAWN
    assert not check(ward, 5.3)


def test_the_same_set_twice_is_one(ward):
    once = vitals(ward, 4, **LOW_O2)
    kept(once, ward)
    again = vitals(ward, 4, **LOW_O2)
    again.pk = once.pk
    assert kept(again, ward).replayed
    assert [a.pages_sent for a in danger_alerts()] == [1]


@pytest.mark.parametrize("how", ["no policy", "one from before"])
def test_it_needs_no_policy(ward, how):
    if how == "no policy":
        with acting(by="test", reason="a study without a policy"):
            AlertPolicy.objects.update(in_force_from=None)

    kept(vitals(ward, 4, **NO_PULSE), ward)

    [alert] = danger_alerts()
    assert (alert.pages_sent, alert.policy) == (1, None if how == "no policy" else ward.policy)
    assert not check(ward, 4.1)
    kept(vitals(ward, 5), ward)
    assert states() == [AlertState.RESOLVED]
    assert not check(ward, 5.1)


def test_a_fever_beside_it_is_an_alert_of_its_own(ward):
    kept(vitals(ward, 4, **FEVER, **NO_PULSE), ward)
    assert sorted(Alert.objects.values_list("condition", flat=True)) == ["", "danger_value"]


def test_imports_tell_it_too(ward):
    kept(vitals(ward, 4, source=Source.IMPORT, **NO_PULSE), ward)
    assert states() == [AlertState.OPEN]


def test_a_new_dose_and_death_end_it(ward):
    kept(vitals(ward, 4, **NO_PULSE), ward)
    kept(dose(ward, 10, step=1), ward)
    assert states() == [AlertState.RESOLVED]

    kept(vitals(ward, 12, **NO_PULSE), ward)
    kept(draft(Disposition, ward, 13, kind=DispositionKind.DEATH_OTHER), ward)
    assert states() == [AlertState.RESOLVED, AlertState.RESOLVED]
    assert not check(ward, 14)


def test_at_the_bedside_handles_it(ward):
    kept(vitals(ward, 4, **NO_PULSE), ward)
    act_on(danger_alerts()[0].pk, ActionKind.AT_BEDSIDE, by=ward.nurse, at=hour(4.1))
    assert states() == [AlertState.ACTED_ON]


def test_rederive_tells_what_was_recorded_before_it_was_known(ward):
    kept(vitals(ward, 4, **NO_PULSE), ward)
    state = CurrentState.objects.get()
    del state.fold["state"]["danger"]
    with acting(by="test", reason="as it was kept then"):
        CurrentState.objects.update(fold=state.fold)
        Alert.objects.update(state=AlertState.WITHDRAWN, escalate_at=None)

    assert check(ward, 4.1)
    rederive_participant(ward.participant.pk, check=False, at=hour(4.1))

    assert states() == [AlertState.OPEN]
    assert not check(ward, 4.2)


# --- The next set is due in minutes -----------------------------------------------------------------------------


def test_the_next_set_is_due_in_15_minutes_on_the_board_and_until_it_is_measured(ward):
    def due_at():
        return CurrentState.objects.get().vitals_due_at

    kept(vitals(ward, 4, **ARREST), ward)
    assert due_at() == hour(4.25)
    kept(vitals(ward, 4.1, spo2=85, sbp=100, heart_rate=None, respiratory_rate=None), ward)
    assert due_at() == hour(4.25)
    kept(vitals(ward, 4.25, spo2=70), ward)
    assert due_at() == hour(4.5)
    kept(vitals(ward, 4.5), ward)
    assert due_at() == hour(8)
    assert not check(ward, 4.6)


def test_it_is_due_before_the_first_dose_too(world):
    kept(vitals(world, -2, **NO_PULSE), world)
    assert CurrentState.objects.get().vitals_due_at == hour(-1.75)
    assert not check(world, -1)
    kept(vitals(world, -1.75), world)
    assert CurrentState.objects.get().vitals_due_at is None
    assert not check(world, -1)


def test_the_window_says_when(ward):
    kept(vitals(ward, 4, **NO_PULSE), ward)

    page = window_page(ward.nurse, ward.participant.pk, at=hour(4.1))

    assert page.look_again_at == hour(4.25)
    kept(vitals(ward, 4.2), ward)
    assert window_page(ward.nurse, ward.participant.pk, at=hour(4.3)).look_again_at is None


def test_a_set_that_does_not_come_then_is_overdue(world):
    ward = watched_ward(world, "observation_overdue")
    kept(vitals(ward, 4, **NO_PULSE), ward)

    late = 4.25 + 7.5 / 60  # half an interval of grace, as a slot has at most
    assert [[a.condition for a in sweep(h)] for h in (late - 0.01, late)] == [[], ["observation_overdue"]]


def test_a_card_says_the_values(ward):
    kept(vitals(ward, 4, sbp=None, dbp=None, pressure_unrecordable=True, spo2=75), ward)
    [alert] = danger_alerts()

    card = card_of(alert, at=hour(4.1), may_acknowledge=True)

    assert (card.finding, card.requests) == ("Vital signs in danger", ["Go to the bedside now, and measure again"])
    assert card.inputs == ["Systolic pressure: unrecordable", "SpO2: 75 %", "Since: 2026-03-02 21:00"]


@pytest.mark.parametrize(
    ("language", "words", "due"),
    [("en", "Vital signs in danger", "A value is in danger: vital signs are due at"),
     ("zh-hant", "生命徵象危急", "有數值危急")],
)  # fmt: skip
def test_pages_and_the_api_say_so_in_both_languages(ward, client, language, words, due):
    kept(vitals(ward, 4, **LOW_O2), ward)
    client.force_login(ward.nurse)
    client.cookies.load({"django_language": language})

    [row] = [one for one in client.get("/api/v1/alerts/").json()["results"] if one["condition"] == "danger_value"]
    assert (row["kind"], row["grade"], row["urgency"]) == ("vitals", 0, 3)
    assert words in client.get(f"/alerts/{row['id']}/").content.decode()
    assert words in client.get("/alerts/").content.decode()
    window = f"participants/{ward.participant.pk}/window/"
    assert due in client.get(f"/{window}").content.decode()
    assert client.get(f"/api/v1/{window}").json()["look_again_at"] == "2026-03-02T13:15:00Z"
