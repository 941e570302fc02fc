"""Whoever is slow, silent or gone holds a connection and nothing else: a nurse at another bed saves at once."""

import contextlib
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from crsmonitor.web.protocol import HEADERS_SECONDS
from tests.faults.rig.patience import patience
from tests.faults.rig.sockets import connect, p99, seconds_for, slow_body, slow_reader, slowly
from tests.faults.rig.stack import a_stuck_transaction, ward
from tests.faults.rig.tablets import Tablet, a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

SECONDS = 12
OF_EACH = 50


def test_slow_bodies_slow_readers_and_a_stuck_transaction_keep_nobody_else_from_saving(stack):
    (stack.folder / "static").mkdir()
    (stack.folder / "static" / "large.js").write_bytes(b"/**/\n" * 800_000)
    stuck, free = ward(code="STUCK"), ward(code="FREE")
    server = stack.server()
    stuck_tablet, tablet = Tablet(server, stuck), Tablet(server, free)
    assert tablet.send(a_set()) == 201
    saved, alive, answers = [], [], []
    with (
        slowly(slow_body(server, stuck_tablet.address), lambda talk: talk.send(b" "), OF_EACH),
        slowly(slow_reader(server, "/static/large.js"), lambda talk: talk.recv(64), OF_EACH),
        a_stuck_transaction("STUCK-001"),
        ThreadPoolExecutor(10) as retrying,
    ):
        time.sleep(2)
        tries = [retrying.submit(stuck_tablet.send, a_set(), seconds=30) for _ in range(20)]
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.monotonic()
            answers.append(tablet.send(a_set()))
            saved.append(time.monotonic() - began)
            alive.append(seconds_for(server, "/healthz"))
            time.sleep(0.1)
        held = {one.result() for one in tries}

    print(f"{len(saved)} sets: p99 {p99(saved):.3f} s; /healthz p99 {p99([s for _, s in alive]):.3f} s; held: {held}")
    assert set(answers) == {201}
    assert {status for status, _ in alive} == {200}
    # Whoever waited behind those that are held would wait for seconds each time; one slow answer is the machine's.
    assert statistics.median(saved) < 1 * patience()
    assert statistics.median([seconds for _, seconds in alive]) < 0.5 * patience()
    assert len(saved) > SECONDS / 4 / patience()


def test_a_request_that_does_not_come_is_cut_off(stack):
    server = stack.server()
    silent, endless = connect(server), connect(server)
    endless.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    began = time.monotonic()
    refused = b""
    with contextlib.suppress(OSError):
        for _ in range(100):
            endless.sendall(b"a" * 10_000)
    with contextlib.suppress(OSError):
        refused = endless.recv(100)
    assert refused.startswith(b"HTTP/1.1 400") or time.monotonic() - began < HEADERS_SECONDS - 2  # not by the clock

    silent.settimeout(HEADERS_SECONDS + 60)  # on a machine that does something else besides
    with contextlib.suppress(ConnectionResetError):
        assert silent.recv(100) == b""
    assert time.monotonic() - began > HEADERS_SECONDS - 2


def test_a_body_that_is_too_long_is_refused_before_it_is_read(stack):
    talk = connect(stack.server())
    talk.sendall(b"POST /api/v1/grade/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n")
    with contextlib.suppress(OSError):
        for _ in range(200):
            talk.sendall(bytes(100_000))
    with contextlib.suppress(socket.timeout, ConnectionResetError):
        assert talk.recv(100).startswith(b"HTTP/1.1 413")
