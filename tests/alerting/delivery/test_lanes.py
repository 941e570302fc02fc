"""The way to a receiver that keeps callers waiting: one message at a time, after a rest, and never two such ways."""

from datetime import timedelta

import pytest

from crsmonitor.audit.acting import acting
from grading.alerting.delivery import lanes, outbox
from grading.models import Channel, Delivery, DeliveryState, Endpoint
from tests.builders import World, hour, kept, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db

AT = hour(5)
LONG, SHORT = timedelta(seconds=5), timedelta(seconds=1)


@stage(lasts_s=600)
def deliveries(ward: World) -> list[Delivery]:
    """One by mail, and one for each of two webhooks."""
    with acting(by="test", reason="endpoints"):
        for n in range(2):
            Endpoint.objects.create(study=ward.study, url=f"https://hook{n}.example.org/", secret="s")
    [alert] = kept(vitals(ward, 4, temperature_c=38.6), ward).alerts
    return list(alert.deliveries.order_by("channel", "endpoint"))


def later(seconds: float):
    return AT + timedelta(seconds=seconds)


def test_a_receiver_that_hung_rests_and_then_one_message_tries(deliveries):
    _mail, hook, _other = deliveries
    assert lanes.wait_until(hook, at=AT) is None

    lanes.tried(hook, took=LONG, came=False, at=AT)

    assert lanes.wait_until(hook, at=later(4)) == later(5)
    assert lanes.wait_until(hook, at=later(6)) is None  # this one tries
    assert lanes.wait_until(hook, at=later(7)) == later(16)  # and no other, until it has, or its worker is dead
    assert lanes.wait_until(hook, at=later(17)) is None


def test_the_others_are_as_wide_as_before(deliveries):
    mail, hook, other = deliveries
    lanes.tried(hook, took=LONG, came=False, at=AT)

    assert [lanes.wait_until(one, at=later(1)) for one in (mail, other)] == [None, None]


def test_two_that_hang_are_not_tried_at_once(deliveries):
    mail, hook, _other = deliveries
    for one in (mail, hook):
        lanes.tried(one, took=LONG, came=False, at=AT)
    assert lanes.wait_until(hook, at=later(6)) is None

    assert lanes.wait_until(mail, at=later(7)) == later(9)


def test_a_slow_answer_makes_the_way_narrow_without_a_rest(deliveries):
    _mail, hook, _other = deliveries
    lanes.tried(hook, took=LONG, came=True, at=AT)

    assert lanes.wait_until(hook, at=AT) is None
    assert lanes.wait_until(hook, at=later(1)) is not None


@pytest.mark.parametrize("came", [True, False])
def test_a_quick_answer_widens_it_and_what_waited_is_due(deliveries, came):
    _mail, hook, _other = deliveries
    lanes.tried(hook, took=LONG, came=False, at=AT)
    assert outbox.claim(str(hook.pk), at=later(1)) is None
    hook.refresh_from_db()
    assert (hook.state, hook.attempts, hook.next_try_at) == (DeliveryState.QUEUED, 0, later(5))

    lanes.tried(hook, took=SHORT, came=came, at=later(2))

    hook.refresh_from_db()
    assert hook.next_try_at == later(2)
    assert outbox.claim(str(hook.pk), at=later(2)) == hook


def test_the_rest_grows_to_half_a_minute(deliveries):
    _mail, hook, _other = deliveries
    rests = []
    for _ in range(6):
        lanes.tried(hook, took=LONG, came=False, at=AT)
        rests.append((lanes.wait_until(hook, at=AT) - AT).total_seconds())

    assert rests == [5, 10, 20, 30, 30, 30]


def test_a_clock_that_was_put_back_holds_nobody(deliveries):
    _mail, hook, _other = deliveries
    lanes.tried(hook, took=LONG, came=False, at=AT + timedelta(hours=1))

    assert lanes.wait_until(hook, at=AT) is None


def test_all_mail_is_one_way_and_each_webhook_its_own(deliveries):
    mail, hook, other = deliveries

    assert lanes.lane_of(mail) == "email"
    assert mail.channel == Channel.EMAIL
    assert len({lanes.lane_of(one) for one in (mail, hook, other)}) == 3
