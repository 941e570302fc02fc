"""Saves and new alerts while so many boards and as many alert lists are open, on a ward of about 50.

    python3 dev.py bench open_pages [--seconds 8] [--pages 0 100]

Ten sets a second by the API and an alert each second, at a real web process on a durable PostgreSQL; an open page is
its streams over HTTP with the "seen" of the page's script, from another process. "Save": from the request to its
answer. "Glass": from the request that raises the alert until an open alert list has it. CPU: of the web process and
of that which draws for it, beyond what they take while none is open. The ratio to none open is the figure: the
machine is shared, and two passes, the second backwards, go into each row.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from bench.engines import Engines, engines
from bench.figures import Figure

SETS_A_SECOND = 10
ALERT_EVERY_SECONDS = 1
BEDS = 20  # participants who are well
PAGES = 100
A_PERSON = 4  # alert lists; of boards, which have two streams each, half as many


def body(**changes: object) -> bytes:
    import uuid

    from django.utils import timezone

    signs = {
        "id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat(), "temperature_c": 36.8, "sbp": 121,
        "dbp": 70, "spo2": 97, "heart_rate": 80, "respiratory_rate": 16, "oxygen_device": "room_air",
        "hypotension": False, "fluid_bolus": False, "vasopressors": [],
    }  # fmt: skip
    return json.dumps(signs | changes).encode()


class Ward:
    """People, beds, and a token."""

    def __init__(self, *, alerts: int, pages: int) -> None:
        from django.test import Client
        from django.utils import timezone

        from bench.alerts.raising import participants
        from crsmonitor.accounts.models import ApiToken
        from crsmonitor.accounts.roles import Role
        from crsmonitor.audit.acting import acting
        from tests.builders import build_world, person

        world, now = build_world(), timezone.now()
        self.well = [one.participant.pk for one in participants(world, BEDS)]
        self.feverish = [one.participant for one in participants(world, alerts)]
        with acting(by="bench", reason="bench"):
            _, self.key = ApiToken.issue(user=world.nurse, label="b", at=now, expires_at=now + timedelta(days=1))
            readers = [
                person(f"investigator{n}", world.study, Role.INVESTIGATOR) for n in range(-(-max(pages, 1) // A_PERSON))
            ]
            nurses = [
                person(f"nurse{n}", world.study, Role.NURSE, world.site)
                for n in range(-(-max(pages, 1) * 2 // A_PERSON))
            ]

        def signed_in(who: object) -> str:
            client = Client()
            client.force_login(who)
            return client.cookies["sessionid"].value

        self.cookies = [signed_in(who) for who in readers for _page in range(A_PERSON)]
        self.boards = [signed_in(who) for who in nurses for _page in range(A_PERSON // 2)]


class Tablets:
    """Threads with a kept connection each."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.here = port, threading.local()
        self.headers = {"Authorization": f"Token {key}", "Content-Type": "application/json", "Host": "localhost"}

    def save(self, participant: int, what: bytes) -> tuple[float, float]:
        """When it was sent, and the seconds to its answer."""
        began = time.monotonic()
        for _again in range(2):
            talk = getattr(self.here, "talk", None) or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.here.talk = talk
            try:
                talk.request("POST", f"/api/v1/participants/{participant}/vital-signs/", what, self.headers)
                answer = talk.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self.here.talk = None
                continue
            if answer.status != 201:
                sys.exit(f"a set was answered with {answer.status}")
            return began, time.monotonic() - began
        sys.exit("a set was not answered")


class Watchers:
    """So many open pages in a process of their own."""

    def __init__(self, port: int, orders: dict[str, list[str]], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.processes.watchers", str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
        )  # fmt: skip
        assert self.process.stdin
        self.process.stdin.write(json.dumps(orders) + "\n")
        self.process.stdin.flush()
        self.came: dict[str, list[float]] = defaultdict(list)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            at, mark = line.split()
            self.came[mark].append(float(at))

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def cpu_seconds(server: int) -> float:
    """Of a process and those that it started."""
    ticks = 0
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = one.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if one.parent.name == str(server) or fields[1] == str(server):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def one_round(ward: Ward, tablets: Tablets, pages: int, seconds: float, server: int, env: dict[str, str]):  # type: ignore[no-untyped-def]
    """Seconds of each save, from each alert to each page, and of CPU in a second."""
    alerts = [ward.feverish.pop(0) for _ in range(int(seconds // ALERT_EVERY_SECONDS))]
    orders = {
        "cookies": ward.cookies[:pages], "boards": ward.boards[:pages], "marks": [one.number for one in alerts]
    }  # fmt: skip
    watchers = Watchers(tablets.port, orders, env) if pages else None
    end = time.monotonic() + 120
    while watchers and len(watchers.came["open"]) < 3 * pages and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(3)
    began, used, saves, raised = time.monotonic(), cpu_seconds(server), [], {}
    with ThreadPoolExecutor(8) as senders:
        for number in range(int(seconds * SETS_A_SECOND)):
            time.sleep(max(0.0, began + number / SETS_A_SECOND - time.monotonic()))
            turn, rest = divmod(number, SETS_A_SECOND * ALERT_EVERY_SECONDS)
            if rest == SETS_A_SECOND // 2 and turn < len(alerts):
                one = alerts[turn]
                raised[one.number] = senders.submit(tablets.save, one.pk, body(temperature_c=38.6))
            else:
                saves.append(senders.submit(tablets.save, ward.well[number % BEDS], body()))
    used = (cpu_seconds(server) - used) / (time.monotonic() - began)
    time.sleep(3)
    glass = [at - sent.result()[0] for mark, sent in raised.items() for at in (watchers.came[mark] if watchers else [])]
    if watchers:
        watchers.end()
        if len(glass) < pages * len(raised):
            print(f"{pages} pages: {pages * len(raised) - len(glass)} of {pages * len(raised)} not seen within 3 s")
    return [one.result()[1] for one in saves], glass, used


def spread(taken: list[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000


def against(mine: tuple[float, float], none: tuple[float, float]) -> str:
    ratios = " / ".join(f"{a / b:.2f}x" for a, b in zip(mine, none, strict=True))
    return f"{mine[0]:7.1f} / {mine[1]:7.1f} ms {ratios:>15}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench open_pages")
    parser.add_argument("--seconds", type=float, default=8, help="of each row and pass")
    parser.add_argument("--pages", type=int, nargs="+", default=[0, 100])
    arguments = parser.parse_args()
    with engines(DB_POOL="0") as running:
        found = measure(running, arguments.pages, arguments.seconds)
    none = min(arguments.pages)
    print("boards and alert lists open: save p50 / p95, ratio to none; glass p50 / p95; CPU of a core beyond none")
    for pages in arguments.pages:
        saves, glass, used = found[pages]
        seen = "{:.0f} / {:.0f} ms".format(*spread(glass)) if pages else ""
        beyond = used - found[none][2]
        print(f"{pages:4}: save {against(spread(saves), spread(found[none][0]))}   glass {seen}   CPU {beyond:.2f}")


Found = dict[int, tuple[list[float], list[float], float]]


def figures() -> list[Figure]:
    """With 100 boards and 100 alert lists open."""
    with engines(DB_POOL="0") as running:
        found = measure(running, [0, PAGES], 5)
    (none, _, idle), (saves, glass, used) = found[0], found[PAGES]
    floor, mine, seen, beyond = spread(none), spread(saves), spread(glass), used - idle
    ratio = max(mine[0] / floor[0], mine[1] / floor[1])
    what = f"{PAGES} boards and {PAGES} alert lists open, ten sets and an alert a second"
    return [
        Figure(
            f"save, {what}", "none open: {:.1f} / {:.1f} ms".format(*floor), "", "1.3x; p50 15 ms, p95 50 ms",
            f"{ratio:.2f}x; {mine[0]:.1f} / {mine[1]:.1f} ms", ratio <= 1.3,
        ),
        Figure(
            f"alert on glass, {what}", "", "", "p95 1 s", f"p50 {seen[0]:.0f}, p95 {seen[1]:.0f} ms", seen[1] < 1000
        ),
        Figure(f"CPU, {what}", f"none open: {idle:.2f}", "", "0.5 of a core more", f"{beyond:.2f}", beyond <= 0.5),
    ]  # fmt: skip


def measure(running: Engines, rows: list[int], seconds: float) -> Found:
    """Of each row: seconds of the saves, from alerts to glass, and of CPU in a second."""
    from bench.processes.served import wait_for
    from crsmonitor import embedded

    order = [*rows, *reversed(rows)]
    ward = Ward(alerts=len(order) * int(seconds // ALERT_EVERY_SECONDS), pages=max(rows))
    port, env = embedded.free_port(), running.environment | {"DB_POOL": "21"}
    web = [sys.executable, "-m", "crsmonitor.web", "--port", str(port), "--log-level", "error"]
    server = subprocess.Popen(web, env=env)
    try:
        wait_for(port)
        tablets = Tablets(port, ward.key)
        for bed in ward.well:
            tablets.save(bed, body())
        one_round(ward, tablets, 0, 0.5, server.pid, env)  # it warms up
        saves, glass, used = defaultdict(list), defaultdict(list), defaultdict(list)
        for pages in order:
            saved, seen, cpu = one_round(ward, tablets, pages, seconds, server.pid, env)
            saves[pages] += saved
            glass[pages] += seen
            used[pages].append(cpu)
    finally:
        server.terminate()
        server.wait(20)
    return {pages: (saves[pages], glass[pages], statistics.mean(used[pages])) for pages in rows}


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
