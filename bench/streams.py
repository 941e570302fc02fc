"""The ward board of 100 participants whose thermometers send a value every 2 minutes, against the same without any.

Reads the board twice, which tells how far the machine drifts by itself, lets a day of series come in (72,000 values),
and reads it again while the newest quarter of an hour is sent between the reads. A value is written once and never
deleted, so there is no way back. Prints also what the taking in of one post of a participant costs.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from bench.engines import engines
from bench.glass.board import copies

PEOPLE, EVERY_MIN, HOURS = 100, 2, 24
SERIES = """
INSERT INTO grading_devicereading (participant_id, device, at, temperature_c, received_at, sent_by_id)
SELECT p.id, 'patch-' || p.id, moment, 36.5 + (extract(epoch FROM moment)::bigint / 120 + p.id) %% 12 / 10.0, moment,
       %(by)s
  FROM regimens_participant p,
       generate_series(%(since)s::timestamptz, %(until)s::timestamptz, make_interval(mins => %(every)s)) moment
"""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with engines(DB_POOL="0"):
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext, override_settings
        from django.utils import timezone

        from grading.intake.streams.services import SentReading, keep_series
        from grading.models import DeviceReading
        from tests.builders import build_world, dose, hour, kept, neuro, stay, vitals

        world, now = build_world(), timezone.now()
        for fact in (stay(world), dose(world), vitals(world, 2, temperature_c=38.4), neuro(world, 3)):
            fact.observed_at += now - hour(6)
            kept(fact, world, at=fact.observed_at + timedelta(minutes=1))
        copies(world.participant.pk, 1, PEOPLE - 1)
        client = Client(SERVER_NAME="localhost")
        client.force_login(world.investigator)
        addresses = ("/", "/api/v1/ward/")

        def reads(between: Callable[[], None] = lambda: None) -> dict[str, float]:
            taken: dict[str, list[float]] = {address: [] for address in addresses}
            for _ in range(rounds):
                for address in addresses:
                    began = time.perf_counter()
                    assert client.get(address).status_code == 200
                    taken[address].append(time.perf_counter() - began)
                between()
            return {address: statistics.median(times) * 1000 for address, times in taken.items()}

        posts: list[float] = []

        def post() -> None:
            """The newest quarter of an hour of one participant: as a gateway sends it."""
            at, subject = timezone.now(), f"DEMO-DEMO-TPE-P-{1 + len(posts) % (PEOPLE - 1)}"
            sent = [
                SentReading(subject=subject, at=at - timedelta(minutes=EVERY_MIN * n), celsius=Decimal("37.1"))
                for n in range(8)
            ]
            began = time.perf_counter()
            assert keep_series(f"gateway-{len(posts)}", sent, by=world.nurse, at=at)["kept"] == 8
            posts.append(time.perf_counter() - began)

        with override_settings(
            STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        ):
            reads()  # warm
            without, again = reads(), reads()
            with CaptureQueriesContext(connection) as seen_without:
                client.get("/")
            with connection.cursor() as cursor:
                since = now - timedelta(hours=HOURS)
                cursor.execute(SERIES, {"by": world.nurse.pk, "since": since, "until": now, "every": EVERY_MIN})
            kept_values = DeviceReading.objects.count()
            beside = reads(post)
            with CaptureQueriesContext(connection) as seen:
                client.get("/")
        print(f"{PEOPLE} participants, {kept_values} values; {len(posts)} posts of 8 values between the reads")
        for address in addresses:
            print(
                f"{address}: {without[address]:.1f} ms without, {again[address]:.1f} ms again without"
                f" ({again[address] / without[address]:.2f}x), {beside[address]:.1f} ms with"
                f" ({beside[address] / again[address]:.2f}x)"
            )
        print(f"queries of the page: {len(seen)} with, {len(seen_without)} without")
        print(f"a post of 8 values: {statistics.median(posts) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
