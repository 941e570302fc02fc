"""Tablets that send the same again and again, and many at once: each set is kept once, and each rise told once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from grading.models import Alert, Delivery, VitalSigns
from tests.faults.rig.stack import all_arrived, nobody_is_called_again, unsent, until, ward
from tests.faults.rig.tablets import FEVERISH, LOW, Tablet, a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

TIMES = 20
TABLETS = 8


def test_a_tablet_sends_the_same_set_20_times_at_once(stack, hook):
    world = ward(hook)
    tablet, body = Tablet(stack.server(), world), a_set(**LOW)
    stack.worker(), stack.beat()
    stack.until_ready(1)

    with ThreadPoolExecutor(TIMES) as at_once:  # a busy server may tell the last of them to come again
        answers = Counter(at_once.map(tablet.send_until_taken, [body] * TIMES))
    nobody_is_called_again()
    until(lambda: unsent() == 0, 15, "all delivered")

    assert (answers[201] <= 1, answers.total()) == (True, TIMES)
    assert tablet.send(body | {"sbp": 86}) == 409  # another set under the same id
    assert (VitalSigns.objects.count(), Alert.objects.count()) == (1, 1)
    assert set(all_arrived(stack, hook).values()) == {1}


def test_many_tablets_send_at_once_and_each_rise_is_told_once(stack, hook):
    server = stack.server()
    stack.worker(), stack.beat()
    stack.until_ready(1)
    worlds = [ward(hook, code=f"S{n}") for n in range(TABLETS)]
    bedside = [Tablet(server, world) for world in worlds]

    def shift(tablet: Tablet) -> list[str]:
        """A well set, a fever and low pressure, in turn, each sent twice; their ids."""
        bodies = []
        for signs in ({}, FEVERISH, LOW):
            bodies.append(a_set(**signs))
            assert [tablet.send_until_taken(bodies[-1]) for _twice in range(2)][1] == 200
        return [body["id"] for body in bodies]

    with ThreadPoolExecutor(TABLETS) as at_once:
        taken = [pk for ids in at_once.map(shift, bedside) for pk in ids]
    nobody_is_called_again()
    until(lambda: unsent() == 0, 20, "all delivered")

    assert sorted(map(str, VitalSigns.objects.values_list("pk", flat=True))) == sorted(taken)
    for world in worlds:
        rises = Alert.objects.filter(participant=world.participant)
        assert sorted(rises.values_list("grade", flat=True)) == [1, 2]
    # The investigator and the hook of grade 1; the same, both nurses and whoever else is told of grade 2.
    assert Delivery.objects.count() == TABLETS * (2 + 4)
    assert set(all_arrived(stack, hook).values()) == {1}
