"""When alerts are raised, withdrawn and raised again, through the door that every fact takes."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import AlreadyAcknowledged
from grading.alerting.cards import card_of
from grading.alerting.services.answers import acknowledge
from grading.models import Alert, AlertState, Delivery, DeliveryState, Grade, VitalSigns
from grading.recording.record import record
from regimens.models import Disposition, DispositionKind
from tests.builders import World, build_world, dose, draft, hour, kept, neuro, stay, vitals
from tests.wards import FEVER, LOW, corrected, open_grades

GRADES = {
    1: FEVER,
    2: LOW,
    3: LOW | {"vasopressors": ["norepinephrine"]},
    4: FEVER | {"oxygen_device": "cpap"},
}

one_transaction = pytest.mark.django_db


def withdrawn(world: World, earlier: VitalSigns, *, at: float):
    gone = draft(VitalSigns, world, 0, supersedes=earlier, withdrawn=True, reason="wrong participant",
                 observed_at=earlier.observed_at)  # fmt: skip
    return kept(gone, world, at=hour(at))


# --- Rises ------------------------------------------------------------------------------------------------------


@one_transaction
@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (1, ["new_grade"]),
        (2, ["new_grade", "tocilizumab"]),
        (3, ["new_grade", "tocilizumab", "corticosteroid"]),
        (4, ["new_grade", "tocilizumab", "corticosteroid"]),
    ],
)
def test_a_new_crs_grade_asks_what_the_policy_says(ward, grade, expected):
    [alert] = kept(vitals(ward, 4, **GRADES[grade]), ward).alerts

    assert (alert.kind, alert.grade_before, alert.grade, alert.thresholds) == ("crs", 0, grade, expected)
    assert (alert.observed_at, alert.raised_at, alert.late) == (hour(4), hour(4), False)
    assert [(m.state, m.by) for m in alert.events.all()] == [("open", None)]


@one_transaction
@pytest.mark.parametrize(("naming", "grade", "expected"), [(1, 1, ["new_grade"]), (3, 0, None)])
def test_icans_grade_1(ward, naming, grade, expected):
    alerts = kept(neuro(ward, 4, ice_naming=naming), ward).alerts

    assert [(a.kind, a.grade, a.thresholds) for a in alerts] == ([("icans", grade, expected)] if expected else [])


@one_transaction
def test_icans_grade_2_asks_for_corticosteroid(ward):
    low = {"ice_year": False, "ice_month": False, "ice_city": False, "ice_hospital": False, "ice_naming": 3}

    [alert] = kept(neuro(ward, 4, **low), ward).alerts

    assert (alert.kind, alert.grade, alert.thresholds) == ("icans", 2, ["new_grade", "corticosteroid"])


@one_transaction
def test_a_repeat_says_nothing_and_each_rise_speaks_again(ward):
    raised = [
        [a.grade for a in kept(vitals(ward, h, **GRADES[grade]), ward).alerts]
        for h, grade in enumerate([1, 1, 2, 2, 3, 2, 3, 4, 4], start=4)
    ]

    assert raised == [[1], [], [2], [], [3], [], [3], [4], []]
    assert Alert.objects.count() == 5


@one_transaction
def test_a_normal_set_says_nothing(ward):
    assert kept(vitals(ward, 4), ward).alerts == ()
    assert not Alert.objects.exists()


@one_transaction
def test_an_alert_fires_on_the_lower_bound_when_data_are_missing(ward):
    [alert] = kept(vitals(ward, 4, **FEVER, spo2=None, oxygen_device=None), ward).alerts

    assert (alert.grade, alert.at_most) == (1, 4)
    assert {"spo2", "oxygen_device"} & set(alert.missing)


@one_transaction
def test_the_whole_set_after_a_floor_raises_only_what_is_higher(ward):
    kept(vitals(ward, 4, **FEVER, spo2=None, oxygen_device=None), ward)

    assert kept(vitals(ward, 4.1, **FEVER), ward).alerts == ()
    assert [a.grade for a in kept(vitals(ward, 4.2, **GRADES[3]), ward).alerts] == [3]


@one_transaction
def test_a_study_without_a_policy_says_so_in_the_log(ward, caplog):
    ward.policy.in_force_from = hour(1000)
    with acting(by="test", reason="not yet"):
        ward.policy.save()

    assert kept(vitals(ward, 4, **FEVER), ward).alerts == ()
    assert "no threshold policy in force" in caplog.text


# --- Late and corrected -----------------------------------------------------------------------------------------


@one_transaction
def test_a_correction_withdraws_what_it_no_longer_calls_for_and_drops_its_messages(ward):
    wrong = kept(vitals(ward, 4, **LOW), ward)

    corrected(ward, wrong.fact, 4, at=4.2)

    alert = Alert.objects.get()
    assert alert.state == AlertState.WITHDRAWN
    assert set(alert.deliveries.values_list("state", flat=True)) == {DeliveryState.DROPPED}
    assert [m.state for m in alert.events.order_by("pk")] == ["open", "withdrawn"]


@one_transaction
def test_what_was_withdrawn_and_is_true_after_all_is_raised_again_and_told_again(ward):
    first = kept(vitals(ward, 4, **LOW), ward)
    acknowledge(str(first.alerts[0].pk), by=ward.nurse, at=hour(4.1))
    second = corrected(ward, first.fact, 4, at=4.2)

    [again] = corrected(ward, second.fact, 4, at=4.4, **LOW).alerts

    assert again.pk == first.alerts[0].pk
    assert (again.state, again.acknowledged_by, again.acknowledged_at) == (AlertState.OPEN, None, None)
    keys = set(again.deliveries.filter(state=DeliveryState.QUEUED).values_list("key", flat=True))
    assert {key.split(":")[2] for key in keys} == {"2"}
    assert len(keys) == 3


@one_transaction
def test_where_the_grade_stands_and_its_inputs_were_corrected_the_alert_says_so_and_pages_nobody_again(ward):
    first = kept(vitals(ward, 4, **LOW), ward)
    acknowledge(str(first.alerts[0].pk), by=ward.nurse, at=hour(4.1))
    before = set(Delivery.objects.values_list("key", "state"))
    oxygen = {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}

    again = corrected(ward, first.fact, 4, at=4.5, **FEVER, **oxygen).alerts

    alert = Alert.objects.get()
    card = card_of(alert, at=hour(5), may_acknowledge=True)
    assert (again, alert.grade, alert.state, alert.acknowledged_by) == ((), 2, AlertState.ACKNOWLEDGED, ward.nurse)
    assert card.badge.line[0].text == "Decided by: Low-flow oxygen: Nasal cannula, 2 L/min."
    assert set(Delivery.objects.values_list("key", "state")) == before
    audited = AuditEvent.objects.filter(table_name="grading_alert", row_id=str(alert.pk)).latest("id")
    assert {why["code"] for why in audited.before["reasons"]} >= {"hypotension_no_vasopressor"}
    assert {why["code"] for why in audited.after["reasons"]} >= {"low_flow_oxygen"}
    assert (audited.actor, "VitalSigns" in audited.reason) == (f"user:{ward.nurse.pk}:{ward.nurse}", True)


@one_transaction
def test_a_set_completed_afterwards_leaves_nothing_missing_on_its_alert(ward):
    first = kept(vitals(ward, 4, **FEVER, spo2=None, oxygen_device=None), ward)
    assert (first.alerts[0].at_most, bool(first.alerts[0].missing)) == (4, True)

    corrected(ward, first.fact, 4.05, at=4.2, **FEVER)

    alert = Alert.objects.get()
    assert (alert.grade, alert.at_most, alert.missing, alert.observed_at) == (1, 1, [], hour(4.05))


@one_transaction
def test_an_earlier_set_entered_late_changes_what_the_grade_was_before(ward):
    kept(vitals(ward, 4, **GRADES[3]), ward)

    kept(vitals(ward, 3, **LOW, reason="forgotten"), ward, at=hour(4.5))

    assert Alert.objects.get(grade=3).grade_before == 2


@one_transaction
def test_one_raised_again_says_what_the_set_says_now(ward):
    first = kept(vitals(ward, 4, **LOW), ward)
    second = corrected(ward, first.fact, 4, at=4.2)

    [again] = corrected(ward, second.fact, 4, at=4.4, **FEVER, oxygen_device="nasal_cannula",
                        oxygen_flow_l_min=2).alerts  # fmt: skip

    assert again.pk == first.alerts[0].pk
    assert "low_flow_oxygen" in {why["code"] for why in again.reasons}


@one_transaction
def test_a_correction_to_a_higher_grade_raises_that_and_withdraws_the_lower(ward):
    first = kept(vitals(ward, 4, **FEVER), ward)

    [alert] = corrected(ward, first.fact, 4, at=4.2, **GRADES[3]).alerts

    assert (alert.grade, alert.late) == (3, False)
    assert open_grades(ward) == [3]
    assert Alert.objects.get(grade=1).state == AlertState.WITHDRAWN


@one_transaction
def test_a_withdrawn_set_takes_its_alert_with_it(ward):
    first = kept(vitals(ward, 4, **GRADES[3]), ward)

    withdrawn(ward, first.fact, at=4.5)

    assert open_grades(ward) == []


@one_transaction
def test_a_late_entry_pages_only_while_what_it_reveals_still_holds(ward):
    kept(vitals(ward, 8), ward)

    [over] = kept(vitals(ward, 4, **LOW, reason="forgotten"), ward, at=hour(8.1)).alerts
    [standing] = kept(vitals(ward, 8.05, **LOW), ward, at=hour(8.1)).alerts

    assert (over.late, over.state, over.deliveries.count()) == (True, AlertState.OPEN, 0)
    assert standing.deliveries.count() == 3


@one_transaction
def test_a_late_entry_whose_grade_still_stands_is_told(ward):
    kept(vitals(ward, 8, temperature_c=None, sbp=None, dbp=None, hypotension=None, spo2=None, oxygen_device=None), ward)

    [alert] = kept(vitals(ward, 7, **LOW, reason="forgotten"), ward, at=hour(8.1)).alerts

    assert (alert.late, alert.deliveries.count()) == (True, 3)


@one_transaction
def test_recording_the_same_set_again_raises_nothing_new(ward):
    same = vitals(ward, 4, **LOW)
    kept(same, ward)
    again = vitals(ward, 4, **LOW)
    again.id = same.id

    answer = kept(again, ward, at=hour(4.1))

    assert answer.replayed
    assert Alert.objects.count() == 1
    assert Delivery.objects.count() == 3


# --- Death -------------------------------------------------------------------------------------------------------


@one_transaction
def test_death_of_crs_is_told_as_grade_5(ward):
    kept(vitals(ward, 4, **FEVER), ward)
    death = draft(Disposition, ward, 9, kind=DispositionKind.DEATH_CRS)

    [alert] = kept(death, ward).alerts

    assert (alert.grade_before, alert.grade, alert.reasons[0]["code"]) == (1, 5, "died_of_crs")
    assert alert.deliveries.count() == 3


# --- Answers ----------------------------------------------------------------------------------------------------


@one_transaction
def test_a_withdrawn_alert_cannot_be_answered(ward):
    first = kept(vitals(ward, 4, **LOW), ward)
    corrected(ward, first.fact, 4, at=4.2)

    with pytest.raises(AlreadyAcknowledged, match="alert_withdrawn"):
        acknowledge(str(first.alerts[0].pk), by=ward.nurse, at=hour(4.3))


# --- All or nothing ---------------------------------------------------------------------------------------------


@one_transaction
def test_an_alert_that_cannot_be_kept_takes_the_fact_with_it(ward):
    """The database refuses the alert: the set must not stay alone, graded and told to nobody."""
    refused = vitals(ward, 4, **LOW)
    with acting(by="test", reason="in the way"):
        Alert.objects.create(
            participant=ward.participant, kind="crs", fact_root=refused.id, grade=2, grade_before=0, at_most=2,
            thresholds=[], reasons=[], missing=[], policy=ward.policy, observed_at=hour(4), raised_at=hour(4),
        )  # fmt: skip

    with pytest.raises(IntegrityError, match="alert_once"), transaction.atomic():
        kept(refused, ward)

    assert not VitalSigns.objects.exists()
    assert not Grade.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_raise_one_alert():
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    drafts = [vitals(world, 4 + n / 100, **LOW) for n in range(8)]
    start, failures = threading.Barrier(8), []

    def enter(fact):
        try:
            start.wait(120)
            record(fact, by=world.nurse, at=hour(4.1))
        except Exception as error:  # shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=[fact]) for fact in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)

    assert failures == []
    assert VitalSigns.objects.count() == 8
    assert open_grades(world) == [2]
    standing = Alert.objects.get(state=AlertState.OPEN)
    assert standing.observed_at == hour(4)
