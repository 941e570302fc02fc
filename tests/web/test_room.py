"""Deep calls find room for their frames: the system is not asked for memory again and again."""

import resource
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from django.http import HttpResponse

from crsmonitor.celery import app
from crsmonitor.web.bridge import Bridge
from crsmonitor.web.messages import Client
from crsmonitor.web.room import with_room
from tests import loops

CALLS = 300
DEPTHS = range(120)  # of 16 KB each chunk holds fewer frames


def faults_of_calls_at(depth: int) -> int:
    """Pages that the system gave while the same function was called again and again, below so many others."""
    if depth:
        return faults_of_calls_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        nothing()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def nothing() -> None:
    pass


# Wider than the other's frame: no end of a chunk is missed.
nothing.__code__ = nothing.__code__.replace(co_stacksize=100)


def most() -> int:
    return max(map(faults_of_calls_at, DEPTHS))


def in_a_thread(call: Callable[..., int], *args: object) -> int:
    """On a stack of its own, with nothing of the test's below it."""
    faults: list[int] = []
    thread = Thread(target=lambda: faults.append(call(*args)))
    thread.start()
    thread.join()
    return faults[0]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Python keeps a chunk for the next call")
def test_without_room_each_call_at_some_depth_asks_the_system_for_memory():
    assert in_a_thread(most) >= CALLS


def test_with_room_none_does_at_any_depth():
    assert in_a_thread(with_room, most) < CALLS / 2


def test_a_request_has_room():
    bridge, sent = Bridge(), []
    bridge.django = lambda environ, start_response: HttpResponse(str(most()))

    async def send(message):
        sent.append(message)

    async def ask():
        scope = {"method": "GET", "path": "/", "query_string": b"", "headers": [], "http_version": "1.1"}
        with ThreadPoolExecutor(1) as threads:
            await bridge.answer(scope, b"", Client(send, send), threads=threads)

    loops.run(ask())

    assert int(sent[-1]["body"]) < CALLS / 2


def test_a_task_has_room():
    task = app.task(most, name="tests.most")

    try:
        assert in_a_thread(lambda: task.apply().get()) < CALLS / 2
    finally:
        app.tasks.unregister(task)


@pytest.mark.long
def test_a_test_has_room():
    assert most() < CALLS / 2
