"""Saves and new alerts while alert lists are open: 0 (1 for what is seen), 20, 40 and 100 of them.

    python3 dev.py bench open_pages [--seconds 10] [--pages 0 1 20 40 100]

Ten sets a second by the API and one alert every two seconds, at a real web process on a durable PostgreSQL; each open
page is a stream over HTTP with the poll and the "seen" of the page's script, from another process. "Save": from the
request to its answer. "Glass": from the request that raises the alert until an open page has it. The ratio to none
open (glass: to one) is the figure: the machine is shared, and two passes, the second backwards, go into each row.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bench.engines import Engines, engines

SETS_A_SECOND = 10
ALERT_EVERY_SECONDS = 2
BEDS = 20  # participants who are well
A_PERSON = 4  # pages


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

        from bench.delivery import participants
        from crsmonitor.accounts.models import ApiToken
        from crsmonitor.accounts.roles import Role
        from crsmonitor.audit.acting import acting
        from tests.builders import build_world, person

        world, now = build_world(), timezone.now()
        self.well = [one.participant.pk for one in participants(world, BEDS)]
        self.feverish = [one.participant for one in participants(world, alerts)]
        with acting(by="bench", reason="bench"):
            _, self.key = ApiToken.issue(user=world.nurse, label="b", at=now, expires_at=now + timedelta(days=1))
            people = [
                person(f"investigator{n}", world.study, Role.INVESTIGATOR) for n in range(-(-max(pages, 1) // A_PERSON))
            ]
        self.cookies = []
        for someone in people:
            for _ in range(A_PERSON):
                client = Client()
                client.force_login(someone)
                self.cookies.append(client.cookies["sessionid"].value)


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

    def __init__(self, port: int, cookies: list[str], marks: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.processes.watchers", str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
        )  # fmt: skip
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"cookies": cookies, "marks": marks}) + "\n")
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


def one_round(ward: Ward, tablets: Tablets, pages: int, seconds: float, port: int, env: dict[str, str]):  # type: ignore[no-untyped-def]
    """Seconds of each save, and from each alert to each page."""
    alerts = [ward.feverish.pop(0) for _ in range(int(seconds // ALERT_EVERY_SECONDS))]
    watchers = Watchers(port, ward.cookies[:pages], [one.number for one in alerts], env) if pages else None
    end = time.monotonic() + 30
    while watchers and len(watchers.came["open"]) < pages and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1.5)
    began, saves, raised = time.monotonic(), [], {}
    with ThreadPoolExecutor(8) as senders:
        for number in range(int(seconds * SETS_A_SECOND)):
            time.sleep(max(0.0, began + number / SETS_A_SECOND - time.monotonic()))
            turn, rest = divmod(number, SETS_A_SECOND * ALERT_EVERY_SECONDS)
            if rest == SETS_A_SECOND and turn < len(alerts):
                one = alerts[turn]
                raised[one.number] = senders.submit(tablets.save, one.pk, body(temperature_c=38.6))
            else:
                saves.append(senders.submit(tablets.save, ward.well[number % BEDS], body()))
    time.sleep(3)
    glass = [at - sent.result()[0] for mark, sent in raised.items() for at in (watchers.came[mark] if watchers else [])]
    if watchers:
        watchers.end()
        if len(glass) < pages * len(raised):
            print(f"{pages} pages: {pages * len(raised) - len(glass)} of {pages * len(raised)} not seen within 3 s")
    return [one.result()[1] for one in saves], glass


def spread(taken: list[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000


def against(mine: tuple[float, float], none: tuple[float, float]) -> str:
    ratios = " / ".join(f"{a / b:.2f}x" for a, b in zip(mine, none, strict=True))
    return f"{mine[0]:7.1f} / {mine[1]:7.1f} ms {ratios:>15}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench open_pages")
    parser.add_argument("--seconds", type=float, default=10, help="of each row and pass")
    parser.add_argument("--pages", type=int, nargs="+", default=[0, 1, 20, 40, 100])
    arguments = parser.parse_args()
    with engines(DB_POOL="0") as running:
        measure(running, arguments.pages, arguments.seconds)


def measure(running: Engines, rows: list[int], seconds: float) -> None:
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
        saves, glass = defaultdict(list), defaultdict(list)
        for pages in order:
            saved, seen = one_round(ward, tablets, pages, seconds, port, env)
            saves[pages] += saved
            glass[pages] += seen
    finally:
        server.terminate()
        server.wait(20)
    none, one = spread(saves[min(rows)]), spread(glass[min(p for p in rows if p)])
    print("open pages: save p50 / p95, ratio to none; glass p50 / p95, ratio to one")
    for pages in rows:
        seen = against(spread(glass[pages]), one) if pages else ""
        print(f"{pages:4}: save {against(spread(saves[pages]), none)}   glass {seen}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
