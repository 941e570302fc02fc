"""Streams of open pages: they hold no connection of the pool, write no session, and end with the right to look."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from crsmonitor.audit.acting import acting
from crsmonitor.pages.live import STREAMS_A_PERSON
from regimens.models import Membership
from tests.faults.rig.patience import patience
from tests.faults.rig.sockets import Stream, cookie_of, seconds_for
from tests.faults.rig.stack import fever, ward
from tests.faults.rig.tablets import Tablet, a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

POOL = 10
ENDS_WITHIN = 15


@pytest.fixture
def here(stack):
    """A server with a pool, and a nurse at it."""
    world = ward()
    stack.env["DB_POOL"] = str(POOL)
    return stack.server(), world


def sessions() -> list[tuple]:
    return sorted(Session.objects.values_list("session_key", "session_data", "expire_date"))


def test_200_streams_that_are_cut_at_once_leave_the_pool_free_and_the_sessions_as_they_were(here):
    server, world = here
    cookies = [cookie_of(user) for user in (world.nurse, world.charge_nurse, world.investigator)]
    before, tablet = sessions(), Tablet(server, world)
    assert tablet.send(a_set()) == 201
    with ThreadPoolExecutor(50) as at_once:
        streams = list(at_once.map(lambda n: Stream(server, cookies[n % 3]), range(200)))
    for stream in streams[-3:]:
        stream.until(b"text/event-stream")
    for stream in streams:
        stream.cut()

    began = time.monotonic()
    assert tablet.send(a_set()) == 201
    took = time.monotonic() - began
    with ThreadPoolExecutor(POOL) as at_once:
        pages = list(at_once.map(lambda _: seconds_for(server, "/alerts/list/", cookie=cookies[0]), range(POOL)))

    print(f"a set after 200 streams: {took:.3f} s; ten lists at once: {max(s for _, s in pages):.2f} s")
    assert took < 5 * patience()  # where the streams hold the pool it waits for a connection, and is refused
    assert {status for status, _ in pages} == {200}
    assert len(sessions()) == len(before)


def test_a_stream_writes_no_session(here):
    server, world = here
    cookie = cookie_of(world.nurse)
    before = sessions()

    Stream(server, cookie).until(b"event: list")

    assert sessions() == before


def test_a_person_has_four_streams_and_the_newest_stay(here):
    server, world = here
    cookie = cookie_of(world.nurse)
    opened = []
    for _ in range(STREAMS_A_PERSON):
        opened.append(Stream(server, cookie))
        opened[-1].until(b"retry:")
    first, *others = opened

    newest = Stream(server, cookie)

    newest.until(b"event: list")
    first.until(b"event: crowded", seconds=5)
    fever(world)
    for stream in (*others, newest):
        stream.until(b"DEMO-001", seconds=5)


@pytest.mark.parametrize("lost", ["session", "role", "account"])
def test_a_stream_ends_within_15_s_of_the_right_to_look(here, lost):
    server, world = here
    cookie = cookie_of(world.nurse)
    stream, other = Stream(server, cookie), Stream(server, cookie_of(world.investigator))
    for one in (stream, other):
        one.until(b"event: list")
    if lost == "session":
        client = Client()
        client.cookies["sessionid"] = cookie.removeprefix("sessionid=")
        client.post("/accounts/logout/")
    with acting(by="test", reason="gone"):
        if lost == "role":
            Membership.objects.filter(user=world.nurse).update(ended_at=timezone.now())
        if lost == "account":
            type(world.nurse).objects.filter(pk=world.nurse.pk).update(is_active=False)

    took = stream.seconds_until_its_end(ENDS_WITHIN)
    fever(replace(world, nurse=world.charge_nurse))

    other.until(b"DEMO-001", seconds=5)
    assert b"DEMO-001" not in stream.heard
    print(f"{lost}: over after {took:.1f} s")
