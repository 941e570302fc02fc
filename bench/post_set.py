"""POST of a set over HTTP against one durable INSERT: sign-in, permission, validation, grade, projection, outbox.

One client, both in turn, on one PostgreSQL with fsync. CPU is that of the server process and of all PostgreSQL
processes, from /proc, per request. The ratio is the figure; targets: at most 15x and 3 ms of CPU.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

import psycopg

from bench.engines import engines
from crsmonitor import embedded

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_ms(pids: list[int]) -> float:
    """User and system time that these processes and their reaped children used so far."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total * 1000 / TICKS


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def body(number: int, start) -> bytes:  # type: ignore[no-untyped-def]
    return json.dumps(
        {
            "id": str(uuid.uuid4()), "observed_at": (start + timedelta(seconds=number)).isoformat(),
            "temperature_c": 36.8, "sbp": 121, "dbp": 70, "spo2": 97, "heart_rate": 80, "respiratory_rate": 16,
            "oxygen_device": "room_air", "hypotension": False, "fluid_bolus": False, "vasopressors": [],
        }
    ).encode()  # fmt: skip


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with engines() as running:
        from django.utils import timezone

        from crsmonitor.accounts.models import ApiToken
        from crsmonitor.audit.acting import acting
        from tests.builders import build_world, dose, kept, stay

        world = build_world()
        now = timezone.now()
        start = now - timedelta(minutes=20)
        for fact in (stay(world), dose(world)):
            fact.observed_at = start - timedelta(minutes=5)
            kept(fact, world, at=now)
        with acting(by="bench", reason="bench"):
            _, key = ApiToken.issue(user=world.nurse, label="bench", at=now, expires_at=now + timedelta(days=1))
        port = embedded.free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "crsmonitor.web", "--port", str(port), "--log-level", "warning"],
            env=running.environment,
        )
        try:
            wait_for(port)
            measure(requests, world.participant.pk, key, port, start, [server.pid, running.postgres.process.pid])  # type: ignore[attr-defined]
        finally:
            server.terminate()
            server.wait(10)


def wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            talk = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            talk.request("GET", "/healthz")
            if talk.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")


def measure(requests: int, participant: int, key: str, port: int, start, roots: list[int]) -> None:  # type: ignore[no-untyped-def]
    headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
    address = f"/api/v1/participants/{participant}/vital-signs/"
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    url = os.environ["DATABASE_OWNER_URL"]
    floor, taken, used = [], [], 0.0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_floor (id uuid PRIMARY KEY, at timestamptz, what jsonb)")
        for number in range(requests + 50):
            what = body(number, start)
            began = time.perf_counter()
            connection.execute(
                "INSERT INTO bench_floor VALUES (%s, now(), %s)", [uuid.uuid4(), what.decode()], prepare=True
            )
            floor.append(time.perf_counter() - began)
            everybody = [pid for root in roots for pid in family(root)]
            before, began = cpu_ms(everybody), time.perf_counter()
            talk.request("POST", address, what, headers)
            answer = talk.getresponse()
            content = answer.read()
            taken.append(time.perf_counter() - began)
            used += cpu_ms(everybody) - before if number >= 50 else 0
            if answer.status != 201:
                sys.exit(f"{answer.status}: {content.decode()}")
    a, b = (statistics.median(times[50:]) * 1000 for times in (floor, taken))
    print(f"durable INSERT p50 {a:.2f} ms; POST p50 {b:.2f} ms: {b / a:.1f}x; CPU {used / requests:.2f} ms a request")


if __name__ == "__main__":
    main()
