"""The answer to a tablet's outbox is lost halfway, or the outbox comes several times at once: nothing is kept twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from grading.models import GradeDifference, TabletEntry, VitalSigns
from tests.faults.rig.stack import a_stuck_transaction, another, ward
from tests.tablet.server.entries import answers_to, entry, send, states, without

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

AT_ONCE = 4
ANOTHER_GRADE = {"grade": 1, "at_least": 1, "at_most": 1, "flags": []}


def test_an_answer_that_is_lost_halfway_keeps_what_was_kept_and_sends_the_rest_again(client):
    world, now = ward(), timezone.now()
    beside = another(world, 777)
    client.force_login(world.nurse)
    before = entry(world, kept_at=now, now=now)
    held = without(entry(beside, kept_at=now, now=now), confirm_number=["777"])
    after = entry(world, kept_at=now, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")  # the tests' own connection has no limits
    with a_stuck_transaction("N777"):
        answer = send(client, [before, held, after])
    assert (answer.status_code, answer.json()["title"]) == (503, "busy")
    assert [str(fact.pk) for fact in VitalSigns.objects.all()] == [before["id"]]

    assert states(client, before, held, after) == ["kept"] * 3
    assert (VitalSigns.objects.count(), TabletEntry.objects.count()) == (3, 3)


def test_the_same_outbox_several_times_at_once_is_kept_once_and_answered_alike():
    world, now = ward(), timezone.now()
    batch = [entry(world, kept_at=now, now=now, shown=ANOTHER_GRADE) for _ in range(2)]
    clients = [Client() for _ in range(AT_ONCE)]
    for one in clients:
        one.force_login(world.nurse)

    def send_all(client: Client) -> list[dict]:
        try:
            return answers_to(client, *batch)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as at_once:
        first, *others = at_once.map(send_all, clients)

    assert [answer["state"] for answer in first] == ["kept", "kept"]
    assert [answers for answers in others if answers != first] == []
    assert (VitalSigns.objects.count(), TabletEntry.objects.count(), GradeDifference.objects.count()) == (2, 2, 2)
