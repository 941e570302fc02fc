"""A receiver that takes calls and never answers: the alerts of others leave as ever, and its own are not lost."""

import time

import pytest

from grading.models import Channel, Delivery, DeliveryState, Lane
from tests.faults.rig.patience import patience
from tests.faults.rig.sockets import p99
from tests.faults.rig.stack import all_arrived, another, fever, unsent, until, ward
from tests.sinks import Hook, serving

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

ALERTS_A_SECOND = 2  # twenty calls of 5 s by two at once: behind them the others would wait three times WITHIN
SECONDS = 10
WITHIN = 15


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_a_hung_receiver_delays_nobody_else_by_15_s(stack, hook, pool):
    with serving(Hook()) as hung:
        hung.answer = "hang"
        theirs, ours = ward(hung, code="HUNG"), ward(hook, code="FREE")
        beds = [another(theirs, n) for n in range(ALERTS_A_SECOND * SECONDS)]
        others = [another(ours, n) for n in range(SECONDS)]
        stack.worker(pool=pool, concurrency=2), stack.beat()
        stack.until_ready(1)
        began = time.monotonic()
        for number, bed in enumerate(beds):
            time.sleep(max(0.0, began + number / ALERTS_A_SECOND - time.monotonic()))
            fever(bed)
            if number % ALERTS_A_SECOND == 0:
                fever(others[number // ALERTS_A_SECOND])
        free = Delivery.objects.exclude(endpoint__url=hung.url)
        until(
            lambda: not free.exclude(state__in=(DeliveryState.SENT, DeliveryState.DELIVERED)).exists(), 60, "the rest"
        )

        taken = [(one.sent_at - one.queued_at).total_seconds() for one in free]
        held = Delivery.objects.filter(channel=Channel.WEBHOOK, endpoint__url=hung.url)
        print(f"{pool}: {len(taken)} others: p99 {p99(taken):.1f} s; {held.count()} wait, {len(hung.calls)} calls")
        assert p99(taken) < WITHIN * patience()
        assert Lane.objects.get().waits > 0

        hung.answer = 204
        hung.over.set()
        took = until(lambda: unsent() == 0, 120, "what waited has left")

        assert Lane.objects.get().waits == 0
        all_arrived(stack, hung, hook, slowest=took)
