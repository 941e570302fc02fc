"""A stand-down never overtakes its page, and sends nobody back from an alert that waits again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from grading.alerting.delivery import outbox
from grading.alerting.services.answers import acknowledge
from grading.models import Alert, Delivery, DeliveryState, Purpose
from tests.alerting.paged import send, withdraw, words
from tests.alerting.staffed import after, raised, staffed, sweep
from tests.stages import stage

pytestmark = pytest.mark.django_db
one_second = timedelta(seconds=1)


@stage(lasts_s=600)
def sent(alert_3) -> Alert:
    """Grade 3, and the mails are out."""
    assert send(after(0)) == ["page investigator", "page nurse"]
    return alert_3


def test_a_page_that_never_left_needs_no_stand_down(ward, alert_3):
    withdraw(ward, alert_3, by=ward.charge_nurse, at=after(0.1))

    assert words(alert_3) == []
    assert send(after(60)) == []


def test_an_answer_before_the_page_has_left_and_the_page_goes_first(ward, alert_3):
    """The mail server is slow: the investigator still hears what it was, and then that somebody goes."""
    acknowledge(str(alert_3.pk), by=ward.nurse, at=after(0.1))
    [word] = alert_3.deliveries.filter(purpose=Purpose.STAND_DOWN)

    assert outbox.claim(str(word.pk), at=after(0.1)) is None
    assert send(after(0.1)) == ["page investigator", "page nurse"]
    word.refresh_from_db()
    assert (word.state, word.attempts) == (DeliveryState.QUEUED, 0)
    assert send(after(0.1) + outbox.LEASE) == ["stand_down investigator"]


def held(alert: Alert) -> Delivery:
    """The page to the investigator, in the hands of a worker."""
    page = alert.deliveries.get(recipient__username="demo.investigator")
    claimed = outbox.claim(str(page.pk), at=after(0))
    assert isinstance(claimed, Delivery)
    return claimed


def test_a_page_that_was_being_sent_when_the_set_was_withdrawn(ward, alert_3):
    page = held(alert_3)
    withdraw(ward, alert_3, by=ward.charge_nurse, at=after(0) + one_second)

    assert send(after(0) + one_second) == []
    outbox.mark_sent(page, at=after(0) + 2 * one_second)
    assert send(after(0) + outbox.LEASE) == ["stand_down investigator"]


def test_a_page_that_could_not_be_sent_after_all(ward, alert_3):
    page = held(alert_3)
    withdraw(ward, alert_3, by=ward.charge_nurse, at=after(0) + one_second)
    outbox.mark_failed(page, why="mail_550", at=after(0) + 2 * one_second)

    assert send(after(60)) == []
    assert words(alert_3) == []
    page.refresh_from_db()
    assert (page.state, page.failure) == (DeliveryState.DROPPED, "mail_550")


def test_nobody_knows_whether_a_page_was_sent_whose_worker_died(ward, alert_3):
    held(alert_3)
    withdraw(ward, alert_3, by=ward.charge_nurse, at=after(0) + one_second)

    assert send(after(0) + outbox.LEASE - one_second) == []
    assert send(after(0) + outbox.LEASE + one_second) == ["stand_down investigator"]


def test_it_waits_again_before_the_stand_down_has_left(ward, sent):
    """The mail server was down: nobody is sent back from an alert that waits."""
    acknowledge(str(sent.pk), by=ward.nurse, at=after(0))
    sweep(15)

    assert send(after(15)) == ["page charge"]
    assert words(sent) == []


def test_a_later_reason_takes_the_place_of_one_that_has_not_left(ward, sent):
    acknowledge(str(sent.pk), by=ward.nurse, at=after(1))
    withdraw(ward, sent, by=ward.charge_nurse, at=after(2))

    assert send(after(2)) == ["stand_down investigator", "stand_down nurse"]
    assert words(sent) == [("investigator", "withdrawn"), ("nurse", "withdrawn")]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_stand_down_once(transactional_world):
    ward = staffed(transactional_world)
    alert = raised(ward, 3)
    send(after(0))
    withdraw(ward, alert, by=ward.charge_nurse, at=after(1))
    barrier, left = threading.Barrier(4), []

    def worker() -> None:
        waiting = outbox.due(at=after(1))
        barrier.wait()
        for pk in waiting:
            message = outbox.claim(pk, at=after(1))
            if message is not None:
                outbox.mark_sent(message, at=after(1))
                left.append(message.key)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(left) == len(set(left)) == 2
