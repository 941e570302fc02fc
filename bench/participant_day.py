"""What a participant under observation costs a day: rows, log and processor, to size a server by (docs/scale.md).

    python3 dev.py bench participant_day [--participants 20] [--days 3]

Twelve sets of vital signs and three neurological assessments a day; on the first day of each a fever of eight hours
with its alert, treated, and a dose. Recorded by the service in this process, on a PostgreSQL that keeps what it says.
The tables and indexes that grow most are named. Alerts are written, and not sent: `bench delivery` measures that.
"""

import argparse
import time

from bench.engines import engines
from bench.processes.served import cpu_ms

SETS, LOOKS = 12, 3  # a day
FEVER_H = range(8, 16, 2)
SIZES = """
    SELECT relname, pg_table_size(relid), pg_indexes_size(relid), n_live_tup FROM pg_stat_user_tables
"""
LARGEST = 12


def sizes(cursor) -> dict[str, tuple[int, int, int]]:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute(SIZES)
    return {name: tuple(more) for name, *more in cursor.fetchall()}


def facts_of(world, day: int) -> list:  # type: ignore[no-untyped-def,type-arg]
    """In the order in which they are observed."""
    from tests.builders import neuro, treatment, vitals

    facts = []
    for number in range(SETS):
        h = 2 + 24 * day + 24 / SETS * number
        hot = day == 0 and h - 2 in FEVER_H
        facts.append(vitals(world, h, temperature_c=38.6 if hot else 36.8 + number % 5 / 10, heart_rate=70 + number))
        if number % (SETS // LOOKS) == 0:
            facts.append(neuro(world, h + 0.1))
        if hot and h - 2 == FEVER_H[1]:
            facts.append(treatment(world, h + 0.2, "paracetamol", "antipyretic", "crs"))
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench participant_day")
    parser.add_argument("--participants", type=int, default=20)
    parser.add_argument("--days", type=int, default=3)
    arguments = parser.parse_args()
    with engines(DB_POOL="0") as here:
        from django.db import connection

        from bench.alerts.raising import participants
        from grading.models import Alert
        from tests.builders import build_world, kept

        worlds = participants(build_world(), arguments.participants)
        recorded = [fact for day in range(arguments.days) for world in worlds for fact in facts_of(world, day)]
        cursor = connection.cursor()
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        [place], before = cursor.fetchone(), sizes(cursor)
        postgres, cpu = here.postgres.process.pid, time.process_time()  # type: ignore[attr-defined]
        server = cpu_ms([postgres])
        by_participant = {world.participant.pk: world for world in worlds}
        for fact in recorded:
            kept(fact, by_participant[fact.participant_id])
        cpu, server = (time.process_time() - cpu) * 1000, cpu_ms([postgres]) - server
        cursor.execute("SELECT pg_current_wal_insert_lsn() - %s::pg_lsn", [place])
        [log], after = cursor.fetchone(), sizes(cursor)

        days = arguments.participants * arguments.days
        grown = {name: [a - b for a, b in zip(now, before[name], strict=True)] for name, now in after.items()}
        heap, indexes = (sum(one[n] for one in grown.values()) for n in (0, 1))
        people, alerts = arguments.participants, Alert.objects.count()
        print(f"{people} participants, {arguments.days} days: {len(recorded)} facts, {alerts} alerts")
        print(f"a participant-day: {len(recorded) / days:.1f} facts; tables {heap / days / 1024:.1f} kB, indexes "
              f"{indexes / days / 1024:.1f} kB, log {float(log) / days / 1024:.1f} kB")  # fmt: skip
        print(f"CPU a participant-day: here {cpu / days:.1f} ms, PostgreSQL {server / days:.1f} ms; "
              f"a fact: {cpu / len(recorded):.2f} + {server / len(recorded):.2f} ms")  # fmt: skip
        for name, (table, index, rows) in sorted(grown.items(), key=lambda one: -sum(one[1][:2]))[:LARGEST]:
            print(f"  {name:34} {rows / days:6.1f} rows, {table / days / 1024:6.1f} + {index / days / 1024:6.1f} kB")


if __name__ == "__main__":
    main()
