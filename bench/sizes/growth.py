"""What a bedside, an alert and a sweep ask of a small and of a large database, by the blocks they touch.

    python3 dev.py bench growth [--people 2000 20000] [--past 400 4000] [--sets 6]

The same site asks at both sizes; what grows around it are other sites, ten to a study, or with `--past` those whom it
had in its care before. The server counts the blocks: no machine that is busy beside it changes them. Both columns are
kept: all blocks, and those without the inner pages of indexes (blocks.py); planning looks into the ends of an index,
too.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.engines import engines
from bench.figures import Figure
from bench.sizes.blocks import Counting, Touched

MOST = 1.3
AROUND = 2000  # participants of other sites, where the past of the site itself grows
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
Found = dict[str, list[Touched]]


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


def measure(sizes: list[int], *, sets: int, past: bool = False) -> Found:
    """Question -> what it touched at each size. `past`: of participants of the same site, who are over."""
    found: Found = {}
    with engines(durable=False, DB_POOL="0") as running:
        from django.test.utils import override_settings
        from django.utils import timezone

        from bench.sizes.large import PEOPLE, Large, home, keys_from_the_middle

        superuser = running.postgres.connect(dbname="crs")
        keys_from_the_middle(superuser)
        here = home(sets=sets, at=timezone.now() - timedelta(minutes=10))
        database = Large(superuser)
        if past:
            database.grow(AROUND // PEOPLE)
        static = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        with override_settings(STORAGES=static):
            questions = [*pages(here), *saves(here), *ticks()]
            for _, ask in questions[:1]:
                ask()  # what a process asks once
            for many in sizes:
                grow = database.grow_past if past else database.grow
                grow(many // PEOPLE)
                counting = Counting(superuser)
                print(f"{many} participants", flush=True)
                for name, ask in questions:
                    answer, touched = counting.touched(ask)
                    if getattr(answer, "status_code", 200) != 200:
                        print(f"{name}: {answer.status_code}")
                    found.setdefault(name, []).append(touched)
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """Of one question: by how much all its blocks grew, its heap and leaf pages alone, and where."""

    name: str
    all: float
    fetched: float
    where: str


def growths(found: Found) -> list[Growth]:
    """The largest first."""
    rows = []
    for name, (few, *_, many) in found.items():
        grown = sorted(many.blocks, key=lambda table: few.blocks[table] - many.blocks[table])[:4]
        where = ", ".join(
            f"{table} {few.blocks[table]} > {many.blocks[table]}"
            for table in grown
            if many.blocks[table] > few.blocks[table]
        )
        before, after = few.blocks.total(), many.blocks.total()
        fetched = f"{before} > {after} blocks, {few.fetched} > {many.fetched} of heap and leaves: {where}"
        rows.append(Growth(name, after / max(before, 1), many.fetched / max(few.fetched, 1), fetched))
    return sorted(rows, key=lambda row: row.all, reverse=True)


def figures() -> list[Figure]:
    rows = growths(measure([2000, 20000], sets=6))
    within, fetched = (sum(row.all <= MOST for row in rows), sum(row.fetched <= MOST for row in rows))
    worst = rows[0]
    return [
        Figure(
            measure="what a bedside, an alert or a sweep asks: 20,000 participants beside 2,000, blocks touched",
            floor="the same site asks", peer="", target=f"{MOST}x", ok=within == len(rows),
            now=f"{within} of {len(rows)} questions ({fetched} without inner pages of indexes); "
                f"the worst, {worst.name}: {worst.all:.1f}x",
        )
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench growth")
    parser.add_argument("--people", type=int, nargs=2, default=[2000, 20000], help="participants, small and large")
    parser.add_argument("--past", type=int, nargs=2, help="instead: of the site itself, who are over")
    parser.add_argument("--sets", type=int, default=6, help="of a participant")
    arguments = parser.parse_args()
    found = measure(arguments.past or arguments.people, sets=arguments.sets, past=bool(arguments.past))
    print("    all  fetched")
    for row in growths(found):
        print(f"{row.all:6.2f}x {row.fetched:6.2f}x  {row.name:40} {row.where}")


if __name__ == "__main__":
    main()
