"""What a bedside, an alert and a sweep ask of a small and of a large database, by the blocks they touch.

    python3 dev.py bench growth [--people 2000 20000] [--sets 6]

The same site asks at both sizes; what grows around it are other sites, ten to a study. The server counts the blocks: no
machine that is busy beside it changes them. `--people 20000 200000` (120,000 and 1,200,000 sets) takes ten minutes and
5 GB of disk; more sets of each are asked for by `--sets`. An index that is a level deeper is a block more for each row
that is looked up in it, a third or a fifth of what it was; planning looks into the ends of an index, too.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from bench.engines import engines
from bench.figures import Figure

MOST = 1.3
BLOCKS = """
SELECT relname, heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)
              + coalesce(toast_blks_read + toast_blks_hit, 0) + coalesce(tidx_blks_read + tidx_blks_hit, 0)
  FROM pg_statio_user_tables
"""
BESIDE = "participants/{pk}/"
PAGES = {
    "nurse": (
        "", "handover/", "alerts/", "alerts/list/", "alerts/{alert}/", "alarms/", "downtime/", "intake/",
        "tablet/ward/", BESIDE, BESIDE + "vitals/", BESIDE + "neuro/", BESIDE + "dose/", BESIDE + "treatment/",
        BESIDE + "gate/",
        BESIDE + "window/", BESIDE + "drugs/", BESIDE + "history/", BESIDE + "handover/",
        "api/v1/ward/", "api/v1/alerts/", "api/v1/alerts/{alert}/", "api/v1/participants/", "api/v1/" + BESIDE,
        "rota/HOME/HOME-TPE/",
    ),
    "investigator": (
        "", "alerts/list/", "alerts/{alert}/", BESIDE, "inbox/list/", "api/v1/ward/", "api/v1/alerts/", "burden/",
    ),
}  # fmt: skip

BY_NATURE = ("verify", "lines")  # goes through all there is: what was kept, and lines that nobody wrote yet

Ask = Callable[[], Any]
Found = dict[str, list[Counter[str]]]


def pages(home: Any) -> Iterator[tuple[str, Ask]]:
    """What the people of the site open, and what its tablets and programs fetch."""
    from django.test import Client

    from grading.models import Alert

    alert = Alert.objects.filter(participant__in=home.participants).latest("raised_at", "pk")
    for role, addresses in PAGES.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(getattr(home.world, role))
        for address in addresses:
            there = "/" + address.format(pk=home.participants[0].pk, alert=alert.pk)
            yield f"{role} /{address}", lambda client=client, there=there: client.get(there)


def saves(home: Any) -> Iterator[tuple[str, Ask]]:
    from bench.sizes.large import fact

    yield "a set is saved", lambda: fact(home)
    yield "a set with an alert is saved", lambda: fact(home, temperature_c=39.6, sbp=70)


def ticks() -> Iterator[tuple[str, Ask]]:
    """What runs by the clock; of those that do something for each ward, what they ask and not what they do."""
    from importlib import import_module

    from django.utils import timezone

    from crsmonitor.celery import BEAT
    from grading.alerting.delivery import outbox
    from grading.downtime import making

    yield "tick sweep", lambda: outbox.due(at=timezone.now())
    yield "tick downtime_sheets", lambda: next(making.due(at=timezone.now()), None)
    for name, path, _ in BEAT:
        module, _, function = path.rpartition(".")
        if name not in BY_NATURE and name not in ("sweep", "downtime_sheets"):
            yield f"tick {name}", getattr(import_module(module), function)


def touched(ask: Ask, superuser: Any) -> tuple[Any, Counter[str]]:
    """Its answer and the blocks of each table, of what is asked on Django's connection."""
    before = _blocks(superuser)
    answer = ask()
    return answer, _blocks(superuser) - before


def _blocks(superuser: Any) -> Counter[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    return Counter(dict(superuser.execute(BLOCKS).fetchall()))


def measure(people: list[int], sets: int) -> Found:
    """Question -> blocks by table, at each size."""
    found: Found = {}
    with engines(durable=False, DB_POOL="0") as running:
        from django.test.utils import override_settings
        from django.utils import timezone

        from bench.sizes.large import PEOPLE, Large, home, keys_from_the_middle

        superuser = running.postgres.connect(dbname="crs")
        keys_from_the_middle(superuser)
        here = home(sets=sets, at=timezone.now() - timedelta(minutes=10))
        superuser.execute("GRANT EXECUTE ON FUNCTION pg_stat_force_next_flush() TO PUBLIC")
        database = Large(superuser)
        static = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        with override_settings(STORAGES=static):
            questions = [*pages(here), *saves(here), *ticks()]
            for _, ask in questions[:1]:
                ask()  # what a process asks once
            for many in people:
                database.grow(many // PEOPLE)
                print(f"{many} participants", flush=True)
                for name, ask in questions:
                    answer, blocks = touched(ask, superuser)
                    if getattr(answer, "status_code", 200) != 200:
                        print(f"{name}: {answer.status_code}")
                    found.setdefault(name, []).append(blocks)
    return found


def ratios(found: Found) -> list[tuple[float, str, str]]:
    """The largest first: by how much it grew, the question, and where."""
    rows = []
    for name, (few, *_, many) in found.items():
        grown = sorted(many, key=lambda table: few[table] - many[table])[:4]
        where = ", ".join(f"{table} {few[table]} > {many[table]}" for table in grown if many[table] > few[table])
        before, after = few.total(), many.total()
        rows.append((after / max(before, 1), name, f"{before} > {after} blocks: {where}"))
    return sorted(rows, reverse=True)


def figures() -> list[Figure]:
    rows = ratios(measure([2000, 20000], 6))
    above = [name for ratio, name, _ in rows if ratio > MOST]
    worst, which, _ = rows[0]
    return [
        Figure(
            measure="what a bedside, an alert or a sweep asks: 20,000 participants beside 2,000, blocks touched",
            floor="the same site asks", peer="", target=f"{MOST}x", ok=not above,
            now=f"{len(rows) - len(above)} of {len(rows)} questions; the worst, {which}: {worst:.1f}x",
        )
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench growth")
    parser.add_argument("--people", type=int, nargs=2, default=[2000, 20000], help="participants, small and large")
    parser.add_argument("--sets", type=int, default=6, help="of a participant")
    arguments = parser.parse_args()
    for ratio, name, where in ratios(measure(arguments.people, arguments.sets)):
        print(f"{ratio:7.2f}x  {name:40} {where}")


if __name__ == "__main__":
    main()
