"""What runs by the clock is known to whoever takes it; alerts and ticks are taken in turn, and nothing before them."""

from itertools import pairwise

import pytest
from kombu.utils.scheduling import cycle_by_name

from crsmonitor.celery import BACKGROUND, BEAT, app
from crsmonitor.jobs.queues import ALERTS, FIRST, MESSAGES, PACKETS, TAKEN, TICKS


def first_full(cycle, full: set[str]) -> str:
    """From which of these queues a worker takes next, as the broker's BRPOP does: the first that is not empty."""
    queue = next(one for one in cycle.consume(len(TAKEN)) if one in full)
    cycle.rotate(queue)
    return queue


@pytest.fixture
def cycle():
    """As a worker has it, whatever the order in which its queues are known."""
    one = cycle_by_name(app.conf.broker_transport_options["queue_order_strategy"])()
    one.update(sorted(TAKEN, reverse=True))
    return one


def test_alerts_and_ticks_are_taken_in_turn_and_other_mail_only_where_neither_waits(cycle):
    everything = set(TAKEN)

    six = [first_full(cycle, everything) for _ in range(6)]

    assert (six.count(ALERTS), six.count(TICKS), six.count(MESSAGES)) == (3, 3, 0)
    assert all(one != two for one, two in pairwise(six))
    assert first_full(cycle, {MESSAGES}) == MESSAGES
    assert [first_full(cycle, {ALERTS, MESSAGES}) for _ in range(3)] == [ALERTS] * 3


def test_a_worker_takes_alerts_ticks_and_mail_and_what_takes_minutes_is_for_another():
    assert {queue.name for queue in app.conf.task_queues} == set(TAKEN) == {*FIRST, MESSAGES}
    of = {name: row["options"]["queue"] for name, row in app.conf.beat_schedule.items()}
    assert {name for name, queue in of.items() if queue == PACKETS} == set(BACKGROUND)
    assert {queue for name, queue in of.items() if name not in BACKGROUND} == {TICKS}


def test_a_worker_knows_every_task_of_the_clock():
    app.loader.import_default_modules()

    assert [task for _, task, _ in BEAT if task not in app.tasks] == []
    assert set(BACKGROUND) <= {name for name, _, _ in BEAT}
