"""Alerts of the policy's conditions, through the door of every fact and through the sweep."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.cards import card_of
from grading.alerting.services import escalation as escalating
from grading.alerting.services.answers import acknowledge
from grading.alerting.services.conditions import due, left_behind, meet
from grading.alerting.services.on_call.rota import put_on, set_escalation_steps
from grading.models import Alert, AlertState, ConditionCheck, Delivery, VitalSigns
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.facts import Source
from regimens.models import Disposition, DispositionKind, MissedObservationReason, Participant
from tests.alerting.conditions.watched import CONDITIONS, FEVER, LOW, bring, only, raised_conditions, sweep, ward
from tests.alerting.staffed import has_channel
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals

one_transaction = pytest.mark.django_db


# --- A look that does not come ----------------------------------------------------------------------------------


def late_h(world: World) -> float:
    """When the look of hour 4 is late."""
    return 4 + world.regimen.grace_minutes / 60


@one_transaction
def test_a_look_that_did_not_come_is_told_after_its_grace_and_once(world, observation_overdue):
    late = late_h(world)

    assert ConditionCheck.objects.get().at == hour(late)
    assert [len(sweep(h)) for h in (late - 0.01, late, late, late + 0.5, 7.9)] == [0, 1, 0, 0, 0]
    assert raised_conditions() == [("observation_overdue", "vitals")]


@one_transaction
def test_an_answer_without_the_look_lapses_and_it_rises_again(world, observation_overdue):
    late = late_h(world)
    [alert] = sweep(late)
    acknowledge(str(alert.pk), by=world.nurse, at=hour(late))

    lapsed = [escalating.meet(one, at=hour(late + h)) for h in (0.49, 0.5) for one in escalating.due(at=hour(late + h))]

    assert (lapsed, only().state) == ([True], AlertState.EXPIRED)


@one_transaction
def test_a_sweep_that_comes_late_finds_it_all_the_same(observation_overdue):
    sweep(10)

    assert raised_conditions() == [("observation_overdue", "neuro"), ("observation_overdue", "vitals")]


@one_transaction
def test_the_look_itself_resolves_it_and_the_next_one_is_another(world, observation_overdue):
    sweep(5)

    kept(vitals(world, 5.2), world)

    assert only().state == AlertState.RESOLVED
    assert set(only().deliveries.values_list("state", flat=True)) == {"dropped"}
    sweep(9.9)
    assert raised_conditions() == [("observation_overdue", "vitals"), ("observation_overdue", "neuro"),
                      ("observation_overdue", "vitals")]  # fmt: skip


@one_transaction
def test_a_reason_why_nobody_looked_resolves_it(world, observation_overdue):
    sweep(5)

    kept(
        draft(MissedObservationReason, world, 5.5, observation_kind="vitals", due_at=hour(4), because="off_ward"), world
    )

    assert only().state == AlertState.RESOLVED


@one_transaction
def test_it_is_over_with_the_window_and_not_raised_after_it(observation_overdue):
    assert len(sweep(5)) == 1

    assert sweep(30) == []
    assert raised_conditions(AlertState.OPEN) == []


@one_transaction
def test_a_course_left_alone_raises_nothing_afterwards(world):
    ward(world, "observation_overdue", "fever_persisting", "window_ending")
    kept(vitals(world, 4, **FEVER), world)

    sweep(900)

    assert raised_conditions() == []
    assert due(at=hour(900)) == []


@one_transaction
def test_what_is_read_in_calls_nobody_to_a_look_but_leaves_it_to_the_sweep(world, observation_overdue):
    kept(vitals(world, 9, source=Source.IMPORT), world)  # the neuro check of hour 8 is overdue

    assert raised_conditions() == []
    assert [len(sweep(h)) for h in (9, 9)] == [1, 0]


@one_transaction
def test_the_end_of_observation_ends_it(world, observation_overdue):
    sweep(5)

    kept(draft(Disposition, world, 6, kind=DispositionKind.DISCONTINUED), world)

    assert only().state == AlertState.RESOLVED
    assert ConditionCheck.objects.get().at is None


@one_transaction
def test_the_nurse_is_called_first_then_the_charge_nurse_and_no_investigator(world, observation_overdue):
    escalation_steps = (
        OnCallRole.ON_CALL_INVESTIGATOR,
        OnCallRole.CHARGE_NURSE,
        OnCallRole.ASSIGNED_NURSE,
        OnCallRole.PRINCIPAL_INVESTIGATOR,
    )
    steps = [PlannedEscalation(on_call_role=one, wait=timedelta(minutes=5)) for one in escalation_steps]
    set_escalation_steps(world.study, steps, site=None, by="test",
               reason="test")  # fmt: skip
    people = ((OnCallRole.ON_CALL_INVESTIGATOR, world.investigator), (OnCallRole.CHARGE_NURSE, world.charge_nurse),
              (OnCallRole.ASSIGNED_NURSE, world.nurse))  # fmt: skip
    for on_call_role, person in people:
        has_channel(person)
        put_on(world.study, world.site, on_call_role=on_call_role, person=person, starts_at=hour(0), ends_at=hour(12),
               by=world.charge_nurse)  # fmt: skip
    sweep(5)

    for minutes in (5, 10, 60):
        at = hour(5) + timedelta(minutes=minutes)
        for one in escalating.due(at=at):
            escalating.meet(one, at=at)

    rows = only().escalations.order_by("number")
    assert [row.people for row in rows] == [[world.nurse.pk], [world.charge_nurse.pk]]


@one_transaction
def test_without_steps_the_nurses_of_the_site_are_told(world, observation_overdue):
    sweep(5)

    assert {d.recipient for d in only().deliveries.all()} == {world.nurse, world.charge_nurse}


@one_transaction
def test_a_treatment_is_no_look(world, observation_overdue):
    sweep(5)

    kept(treatment(world, 5, "tocilizumab", "anticytokine", "crs"), world)

    assert only().state == AlertState.OPEN


@one_transaction
def test_a_late_entry_that_derives_the_course_again_leaves_it_standing(world, observation_overdue):
    kept(vitals(world, 4), world)
    sweep(8.9)

    kept(vitals(world, 3, **FEVER, reason="forgotten"), world, at=hour(9))

    assert raised_conditions(AlertState.OPEN) == [("observation_overdue", "neuro"), ("observation_overdue", "vitals")]


@one_transaction
def test_a_look_that_is_taken_back_is_missing_again(world, observation_overdue):
    sweep(5)
    look = kept(vitals(world, 5.2), world).fact
    gone = draft(VitalSigns, world, 0, supersedes=look, withdrawn=True, reason="wrong participant",
                 observed_at=look.observed_at)  # fmt: skip

    kept(gone, world, at=hour(5.5))

    assert (only().state, only().occurrence) == (AlertState.OPEN, 2)


@one_transaction
def test_a_window_about_to_end_is_told_while_slots_are_missing(world):
    ward(world, "window_ending")
    kept(vitals(world, 4), world)

    assert [len(sweep(h)) for h in (19.99, 20)] == [0, 1]
    assert only().reasons[0]["values"] == {"ends": hour(24).isoformat(), "missed": "4"}


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_raise_one(transactional_world):
    ward(transactional_world, "observation_overdue")
    barrier, raised = threading.Barrier(4), []

    def one_of_them() -> None:
        barrier.wait()
        raised.extend(sweep(5))
        connection.close()

    threads = [threading.Thread(target=one_of_them) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(raised) == Alert.objects.count() == 1
    assert Delivery.objects.count() == 2


# --- Policies, projection, edges -----------------------------------------------------------------------------------


@one_transaction
def test_a_policy_that_comes_into_force_later_is_seen_by_the_sweep(world):
    kept(stay(world), world)
    kept(dose(world), world)
    assert ConditionCheck.objects.count() == 0
    bring(world, "observation_overdue", at=5)

    assert [len(sweep(h)) for h in (4.99, 5)] == [0, 1]
    bring(world, version=3, at=6)
    sweep(6)
    assert only().state == AlertState.RESOLVED
    assert due(at=hour(7)) == []


@one_transaction
def test_a_study_without_conditions_keeps_nothing(world):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, **LOW), world)

    assert (due(at=hour(5)), ConditionCheck.objects.count()) == ([], 0)


@one_transaction
def test_rederive_finds_nothing_to_change_and_sees_what_was_changed(world, capsys):
    ward(world, *CONDITIONS)
    for h in (2, 12, 22):
        kept(vitals(world, h, **FEVER), world)
    sweep(26.5)
    kept(neuro(world, 26.6, consciousness="tactile", seizure="brief_resolved"), world)

    sweep(28)
    assert ConditionCheck.objects.get().at is None  # nothing is left to the sweep

    call_command("rederive", check=True, jobs=1)
    assert ": 0 values differ" in capsys.readouterr().out

    with acting(by="test", reason="lost"):
        Alert.objects.filter(condition="fever_persisting").update(state="withdrawn")
    with pytest.raises(SystemExit):
        call_command("rederive", check=True, jobs=1)
    assert "fever_persisting crs" in capsys.readouterr().out


@pytest.mark.long
@one_transaction
def test_rederive_sees_and_mends_a_next_check_that_was_lost(world, capsys, tocilizumab_eligible):
    start = timezone.now() - timedelta(hours=3) - hour(0)
    for fact in (vitals(world, 0, **LOW), treatment(world, 0.5, "tocilizumab", "anticytokine", "crs")):
        fact.observed_at += start
        kept(fact, world)
    kept(vitals(world, 1, **LOW | {"observed_at": hour(1) + start}), world)
    due_at = ConditionCheck.objects.get().at
    ConditionCheck.objects.update(at=None)

    with pytest.raises(SystemExit):
        call_command("rederive", check=True, jobs=1)
    assert "ConditionCheck" in capsys.readouterr().out
    call_command("rederive", jobs=1)

    assert ConditionCheck.objects.get().at == due_at == hour(8.5) + start
    call_command("rederive", check=True, jobs=1)


@one_transaction
def test_a_card_names_what_decides_and_what_is_asked(observation_overdue):
    sweep(5)

    card = card_of(only(), at=hour(5), may_acknowledge=True)

    assert card.finding == "Vital signs overdue"
    assert card.requests == ["Take the set, or say why it was not taken"]
    assert card.inputs == ["Due: 2026-03-02 21:00"]  # Taipei
    assert (card.badge, card.age) == (None, timedelta(hours=1))


@one_transaction
def test_the_api_and_the_pages_say_which_condition_it_is(world, client, observation_overdue):
    sweep(5)
    client.force_login(world.nurse)

    [alert] = client.get("/api/v1/alerts/").json()["results"]

    assert (alert["condition"], alert["kind"], alert["grade"]) == ("observation_overdue", "vitals", 0)
    for page in ("/alerts/", f"/alerts/{alert['id']}/"):
        text = client.get(page).content.decode()
        assert "Vital signs overdue" in text
        assert "Due: 2026-03-02 21:00" in text


@one_transaction
def test_the_task_sweeps(monkeypatch, observation_overdue):
    monkeypatch.setattr(tasks.timezone, "now", lambda: hour(5))

    assert (tasks.watch_courses(), tasks.watch_courses()) == (1, 0)


def left_behind_within_an_hour(h: float) -> list[list[int]]:
    """What of it some of the hour's ticks find."""
    return [pks for minute in range(60) if (pks := left_behind(at=hour(h) + timedelta(minutes=minute)))]


def test_whoever_was_left_under_an_earlier_policy_is_found(world):
    """At once while the policy is new, and by the slow tick whenever it came: who was never looked at once an hour."""
    ward(world)
    mine = [world.participant.pk]
    assert left_behind_within_an_hour(3) == []  # nothing to watch, under the policy that is in force

    bring(world, "observation_overdue", version=9, at=5)

    assert [due(at=hour(h)) for h in (4.9, 5, 5.9, 6)] == [[], mine, mine, []]
    assert [left_behind_within_an_hour(h) for h in (3.9, 500)] == [[], [mine]]
    meet(world.participant.pk, at=hour(5.1))
    assert (due(at=hour(5.2)), left_behind_within_an_hour(500)) == ([], [])


@pytest.mark.parametrize("codes", [("observation_overdue",), ()], ids=["conditions", "no condition"])
def test_whoever_was_looked_at_under_a_policy_that_is_over_is_found_at_every_tick(world, codes):
    """Also where the policy in force has nothing to watch: what the one before asked for is to be ended."""
    ward(world, "observation_overdue")
    with acting(by="test", reason="another participant"):
        another = Participant.objects.create(study=world.study, site=world.site, number="DEMO-2", regimen=world.regimen)
    other = World(**vars(world) | {"participant": another})
    kept(stay(other), other)
    bring(world, *codes, version=3, at=5)
    assert left_behind(at=hour(4.9)) == []
    both = [world.participant.pk, other.participant.pk]
    assert [left_behind(at=hour(500) + timedelta(minutes=minute)) for minute in range(3)] == [both] * 3

    meet(world.participant.pk, at=hour(501))

    assert left_behind(at=hour(501)) == [other.participant.pk]


def test_whoever_was_looked_at_under_no_policy_is_found_once_there_is_one(world):
    ward(world, "observation_overdue")
    ConditionCheck.objects.update(policy=None)

    assert left_behind(at=hour(500)) == [world.participant.pk]
    assert left_behind(at=hour(-2000)) == []  # before there was any
