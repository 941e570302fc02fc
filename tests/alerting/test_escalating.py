"""What happens when nobody answers an alert: the steps, their deadlines and their gaps."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.alerting.services.escalation import due, meet
from grading.alerting.services.on_call.rota import set_escalation_steps
from grading.models import Alert, Contact, Delivery
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from tests.alerting.staffed import FEVER, LOW, after, lose, on, people_paged, raised, set_steps, staffed, sweep
from tests.builders import World, hour, kept, person, vitals

one_transaction = pytest.mark.django_db


@pytest.fixture
def ward(staffed_ward: World) -> World:
    return staffed_ward


@one_transaction
def test_from_grade_2_the_nurse_and_the_on_call_investigator_are_called_together(ward, alert_2):
    assert people_paged(alert_2) == [["investigator", "nurse"]]
    assert {d.recipient for d in alert_2.deliveries.all()} == {ward.nurse, ward.investigator}
    assert alert_2.escalate_at == after(5)


@one_transaction
def test_at_grade_1_the_first_step_alone_is_called(ward):
    assert people_paged(raised(ward, 1)) == [["nurse"]]


@one_transaction
def test_the_next_step_is_called_at_its_deadline_and_not_before(ward, alert_2):
    assert sweep(4.99) == 0
    assert sweep(5) == 1
    assert people_paged(alert_2) == [["investigator", "nurse"], ["charge"]]
    assert sweep(9.99) == 0
    assert sweep(10) == 1
    assert people_paged(alert_2)[2:] == [["investigator"]]


@one_transaction
def test_each_call_is_another_message_to_the_same_person(ward, alert_2):
    for minute in (5, 10):
        sweep(minute)

    assert alert_2.deliveries.filter(recipient=ward.investigator).count() == 2
    assert len(set(alert_2.deliveries.values_list("key", flat=True))) == alert_2.deliveries.count() == 4


@one_transaction
def test_a_step_nobody_has_is_passed_at_once_and_its_row_says_so(ward):
    set_steps(ward, (OnCallRole.BACK_UP, 30), (OnCallRole.CHARGE_NURSE, 5), (OnCallRole.ASSIGNED_NURSE, 5))

    alert = raised(ward, 1)

    assert people_paged(alert) == [[], ["charge"]]
    assert [row.on_call_roles for row in alert.escalations.order_by("number")] == [["back_up"], ["charge_nurse"]]
    assert (alert.pages_sent, alert.escalate_at) == (2, after(5))


@one_transaction
def test_a_shift_that_is_over_is_called_no_more(ward):
    set_steps(ward, (OnCallRole.BACK_UP, 5), (OnCallRole.CHARGE_NURSE, 5))
    on(ward, OnCallRole.BACK_UP, ward.nurse, end=4)

    assert people_paged(raised(ward, 1)) == [[], ["charge"]]


@one_transaction
@pytest.mark.parametrize(("lost", "why"), [("account", "deactivated"), ("membership", "membership_ended")])
def test_who_left_is_passed_over_at_once_and_the_row_says_why(ward, lost, why):
    lose(ward.nurse, lost)

    [alert] = kept(vitals(ward, 4, **FEVER), ward, by=ward.charge_nurse).alerts

    assert people_paged(alert) == [[], ["charge"]]
    rows = alert.escalations.order_by("number")
    assert [row.passed_over for row in rows] == [[{"person": ward.nurse.pk, "why": why}], []]


@one_transaction
def test_nobody_waits_for_a_channel_that_was_never_tested_and_a_message_leaves_all_the_same(ward):
    lose(ward.nurse, "channel")

    alert = raised(ward, 1)

    assert people_paged(alert) == [["nurse"], ["charge"]]
    assert (alert.pages_sent, alert.escalate_at) == (2, after(5))
    first = alert.escalations.get(number=0)
    assert first.passed_over == [{"person": ward.nurse.pk, "why": "no_tested_channel"}]
    assert {d.recipient for d in alert.deliveries.all()} == {ward.nurse, ward.charge_nurse}


@one_transaction
def test_with_no_address_at_all_there_is_no_message(ward):
    lose(ward.nurse, "channel")
    with acting(by="test", reason="no address"):
        User.objects.filter(pk=ward.nurse.pk).update(email="")

    assert people_paged(raised(ward, 1)) == [[], ["charge"]]


@one_transaction
def test_at_the_first_call_one_who_can_be_called_is_enough_and_the_row_tells_of_the_other(ward):
    lose(ward.investigator, "account")

    alert = raised(ward, 2)

    assert people_paged(alert) == [["nurse"]]
    assert alert.escalations.get().passed_over == [{"person": ward.investigator.pk, "why": "deactivated"}]


@one_transaction
def test_a_gateway_that_the_operator_took_away_is_no_channel(ward, settings):
    settings.GATEWAYS = {"pager": ["json://localhost"]}
    with acting(by="test", reason="by gateway alone"):
        Contact.objects.filter(user=ward.nurse).update(ended_at=hour(1))
        Contact.objects.create(
            user=ward.nurse, channel="gateway", address="pager", added_at=hour(1), tested_at=hour(1)
        )  # fmt: skip
    assert people_paged(raised(ward, 1)) == [["nurse"]]
    settings.GATEWAYS = {}

    assert people_paged(kept(vitals(ward, 4.1, **LOW), ward).alerts[0])[0] == ["investigator", "nurse"]
    assert Alert.objects.get(grade=2).escalations.get(number=0).passed_over == [
        {"person": ward.nurse.pk, "why": "no_tested_channel"}]  # fmt: skip


@one_transaction
def test_the_alert_page_says_who_was_passed_over_and_why(client, ward):
    lose(ward.nurse, "account")
    [alert] = kept(vitals(ward, 4, **FEVER), ward, by=ward.charge_nurse).alerts
    client.force_login(ward.charge_nurse)

    page = client.get(reverse("alert", args=[alert.pk])).content.decode()

    assert "nobody could be called" in page
    assert "demo.nurse was passed over: the account is deactivated" in page


@one_transaction
def test_on_the_last_step_nobody_has_everybody_is_told_again_and_again(ward, alert_2):
    for minute in (5, 10, 20):
        assert sweep(minute) == 1

    assert people_paged(alert_2)[3] == ["charge", "investigator", "nurse"]
    assert sweep(29.9) == 0
    assert sweep(30) == 1
    assert len(people_paged(alert_2)) == 5


@one_transaction
def test_what_ran_late_catches_up(ward, alert_2):
    """All processes were down for half an hour: each deadline counts from when the one before was due."""

    assert [sweep(30), sweep(30), sweep(30), sweep(30)] == [1, 1, 1, 0]
    assert len(people_paged(alert_2)) == 4
    assert Alert.objects.get().escalate_at == after(40)


@one_transaction
def test_calls_and_answers_of_a_clock_that_was_put_back_are_not_waited_for(ward, alert_2):
    """Rather early than late by as much as the clock was put back, and once."""

    assert [sweep(-60), sweep(-60)] == [1, 0]
    assert people_paged(alert_2)[1:] == [["charge"]]
    acknowledge(str(alert_2.pk), by=ward.investigator, at=after(0))
    assert [sweep(-60), sweep(-60)] == [1, 0]
    assert Alert.objects.get().state == "expired"


@one_transaction
def test_without_steps_everybody_is_called_again_after_10_min(ward):
    set_steps(ward)
    alert = raised(ward)

    assert people_paged(alert) == [["charge", "investigator", "nurse"]]
    assert (sweep(9.99), sweep(10)) == (0, 1)
    assert people_paged(alert) == [["charge", "investigator", "nurse"]] * 2


@one_transaction
def test_grade_1_is_not_repeated(ward):
    set_steps(ward)
    raised(ward, 1)

    assert sweep(600) == 0


@one_transaction
def test_the_steps_of_the_site_goes_before_that_of_the_study(ward):
    own = [PlannedEscalation(on_call_role=OnCallRole.CHARGE_NURSE, wait=timedelta(minutes=3))]
    set_escalation_steps(ward.study, own, site=ward.site, by="test", reason="a site of its own")

    assert people_paged(raised(ward, 1)) == [["charge"]]


@one_transaction
def test_the_back_up_is_called_where_the_steps_name_one(ward):
    set_steps(ward, (OnCallRole.ASSIGNED_NURSE, 5), (OnCallRole.BACK_UP, 5))
    with acting(by="test", reason="one more"):
        second = person("demo.second", ward.study, Role.INVESTIGATOR)
    on(ward, OnCallRole.BACK_UP, second)
    alert = raised(ward, 1)
    sweep(5)

    assert people_paged(alert) == [["nurse"], ["second"]]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_call_once(transactional_world):
    alert = raised(staffed(transactional_world))
    barrier, made = threading.Barrier(4), []

    def one_of_them() -> None:
        at = after(5)
        waiting = due(at=at)
        barrier.wait()
        made.extend(meet(one, at=at) for one in waiting)
        connection.close()

    threads = [threading.Thread(target=one_of_them) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [False, False, False, True]
    assert people_paged(alert) == [["investigator", "nurse"], ["charge"]]
    assert Delivery.objects.filter(recipient=transactional_world.charge_nurse).count() == 1
