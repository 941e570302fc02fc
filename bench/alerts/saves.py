"""What an alert costs the nurse who saves: beside a save without, through the API."""

import statistics
import time
from datetime import timedelta
from http.client import HTTPConnection

from bench.alerts.raising import participants
from bench.engines import Engines
from bench.figures import Figure
from bench.processes.senders import body
from bench.processes.served import cpu_ms, start, stop, wait_for
from crsmonitor.embedded import free_port

SAVES = 60  # with an alert, and as many without


def saves_with_and_without(running: Engines, world) -> Figure:  # type: ignore[no-untyped-def]
    """First sets of as many participants, in turn one that raises an alert and one that does not; no worker runs."""
    from django.utils import timezone

    from crsmonitor.accounts.models import ApiToken
    from crsmonitor.audit.acting import acting

    now = timezone.now()
    with acting(by="bench", reason="bench"):
        _, token = ApiToken.issue(user=world.nurse, label="bench", at=now, expires_at=now + timedelta(days=1))
    headers = {"Content-Type": "application/json", "Authorization": f"Token {token}"}
    worlds, port = participants(world, 2 * (SAVES + 5)), free_port()
    web = start("crsmonitor.web", "--port", str(port), "--log-level", "warning", environment=running.environment)
    taken: tuple[list[float], list[float]] = ([], [])
    used = [0.0, 0.0]
    try:
        wait_for(port)
        talk = HTTPConnection("127.0.0.1", port, timeout=30)
        roots = [web.pid, running.postgres.process.pid]  # type: ignore[attr-defined]
        blocks = [worlds[n : n + 5] for n in range(0, len(worlds), 5)]  # CPU is told in steps of 10 ms
        for number, block in enumerate(blocks):
            with_alert = number % 2
            before = cpu_ms(roots)
            for one in block:
                content = body(timezone.now(), temperature_c=38.6 if with_alert else 36.8)
                began = time.perf_counter()
                talk.request("POST", f"/api/v1/participants/{one.participant.pk}/vital-signs/", content, headers)
                answer = talk.getresponse()
                answer.read()
                assert answer.status == 201, answer.status
                if number > 1:  # the first of each warm up
                    taken[with_alert].append(time.perf_counter() - began)
            used[with_alert] += cpu_ms(roots) - before if number > 1 else 0
    finally:
        stop(web)
    without, with_one = (statistics.median(each) * 1000 for each in taken)
    ratio = with_one / without
    cpu = [each / SAVES for each in used]
    return Figure(
        measure="a save that raises an alert", floor=f"a save without {without:.1f} ms, {cpu[0]:.1f} ms CPU", peer="",
        target="1.5x (1.05x)", now=f"{ratio:.2f}x, {cpu[1]:.1f} ms CPU ({cpu[1] / cpu[0]:.2f}x)", ok=ratio <= 1.5,
    )  # fmt: skip
