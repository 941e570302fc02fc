"""The ward board of 500 as a page, and a course of 2,000 sets against one of 50: python3 dev.py bench ward_pages

CPU of this process and of its database session, from the kernel: wall clocks of a shared machine say nothing. The board
is asked for by one who finds nothing drawn (after a restart), by one after a change of one participant, and by one who
finds it drawn. Floor: the rows of the board as one statement of the database, fetched. The course: everything since one
dose, with a set every four hours (2,000 are 11 months) and one every six minutes (2,000 are 8 days).
"""

import gzip
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.engines import engines
from bench.figures import Figure

PEOPLE, LONG, SHORT = 500, 2000, 50


def cpu_ms(session: int) -> float:
    """Of this process and of that of the database."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    database = int(Path(f"/proc/{session}/schedstat").read_text().split()[0]) / 1e9
    return (used.ru_utime + used.ru_stime + database) * 1000


def median_of(run: Callable[[], Any], times: int, before: Callable[[], Any] = lambda: None) -> float:
    """ms of CPU, the median of so many."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [session] = cursor.fetchone()
    spent = []
    for _ in range(times):
        before()
        began = cpu_ms(session)
        run()
        spent.append(cpu_ms(session) - began)
    return statistics.median(spent)


def ward_of(people: int) -> Any:
    """So many on one ward under observation, no two alike."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from bench.glass.board import copies
    from tests.builders import build_world, dose, hour, kept, neuro, stay, vitals

    world = build_world()
    moved = timezone.now() - hour(6)
    for fact in (stay(world), dose(world), vitals(world, 2, temperature_c=38.4), neuro(world, 3)):
        fact.observed_at += moved
        kept(fact, world, at=fact.observed_at + timedelta(minutes=1))
    copies(world.participant.pk, 2, people)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grading_currentstate SET bed = (participant_id % 90)::text, ward = (participant_id % 7)::text,"
            " dose_at = dose_at + participant_id * interval '37 s', vitals_due_at = vitals_due_at + participant_id *"
            " interval '71 s', neuro_due_at = neuro_due_at + participant_id * interval '53 s', vitals = vitals ||"
            " jsonb_build_object('sbp', 90 + participant_id % 50, 'spo2', 88 + participant_id % 12)"
        )
        cursor.execute("ANALYZE")
    return world


def board(times: int) -> dict[str, float]:
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from grading.models import CurrentState

    world = ward_of(PEOPLE)
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.investigator)
    shown = ", ".join(f.column for f in CurrentState._meta.concrete_fields if f.name != "fold")

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {shown} FROM grading_currentstate")
            cursor.fetchall()

    from grading.bedside import drawn_board

    client.get("/")
    page = client.get("/").content

    def forget() -> None:
        drawn_board.shelf = type(drawn_board.shelf)(drawn_board.KEPT)

    def change() -> None:
        CurrentState.objects.filter(participant=world.participant).update(changed_at=timezone.now())

    return {
        "floor": median_of(floor, times),
        "page, nothing drawn": median_of(partial(client.get, "/"), times, forget),
        "page, one changed": median_of(partial(client.get, "/"), times, change),
        "page, none changed": median_of(partial(client.get, "/"), times),
        "kB": len(page) / 1000,
        "kB compressed": len(gzip.compress(page, 6)) / 1000,
        "compressing": median_of(lambda: gzip.compress(page, 6), times),
    }


def course_of(sets: int, hours: float) -> tuple[Any, str]:
    """A client, and the page of one participant: a dose, then so many sets, one every so many hours, up to now."""
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone

    from tests.builders import build_world, dose, hour, kept, neuro, stay, vitals

    world = build_world(f"C{sets % 97}{'S' if hours < 1 else 'L'}")
    moved = timezone.now() - hour(sets * hours + 1)
    facts = [stay(world), dose(world)]
    for number in range(sets):
        facts.append(vitals(world, 1 + number * hours, temperature_c=38.5 if number % 200 < 20 else 36.8))
        if number % 8 == 0:
            facts.append(neuro(world, 1.02 + number * hours))
    for fact in facts:
        fact.observed_at += moved
        kept(fact, world, at=fact.observed_at + timedelta(minutes=1))
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.investigator)
    return client, f"/participants/{world.participant.pk}/"


COURSES = ((SHORT, 4.0), (LONG, 4.0), (LONG, 0.1))


def course(times: int, courses: Sequence[tuple[int, float]]) -> dict[str, float]:
    taken = {}
    for sets, hours in courses:
        client, address = course_of(sets, hours)
        page = client.get(address).content
        name = f"{sets} sets, every {hours} h"
        taken[name] = median_of(partial(client.get, address), times)
        taken[f"{name}, kB"] = len(page) / 1000
        taken[f"{name}, kB compressed"] = len(gzip.compress(page, 6)) / 1000
    return taken


def figures() -> list[Figure]:
    """What is asked of them, and what was seen."""
    found = measured(3, (COURSES[0], COURSES[-1]))  # the dense one is the dearer of the long
    of_board, of_course = found["board"], found["course"]
    floor, changed, size = of_board["floor"], of_board["page, one changed"], of_board["kB compressed"]
    short = of_course[f"{SHORT} sets, every 4.0 h"]
    long = of_course[f"{LONG} sets, every 0.1 h"]
    return [
        Figure(
            f"page of {PEOPLE} on the ward board, one changed", f"its rows' statement: {floor:.1f} ms CPU", "",
            "10x, 60 kB compressed", f"{changed / floor:.1f}x, {size:.0f} kB", changed <= 10 * floor and size <= 60,
        ),
        Figure(
            f"course page of {LONG} sets", f"of {SHORT} sets: {short:.0f} ms CPU", "", "3x", f"{long / short:.1f}x",
            long <= 3 * short,
        ),
    ]  # fmt: skip


def measured(times: int, courses: Sequence[tuple[int, float]] = COURSES) -> dict[str, dict[str, float]]:
    with engines(durable=False, DB_POOL="0"):
        from django.test.utils import override_settings

        plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        with override_settings(STORAGES=plain):
            return {"board": board(times), "course": course(times, courses)}


def main() -> None:
    for what, found in measured(int(sys.argv[1]) if len(sys.argv) > 1 else 5).items():
        for name, figure in found.items():
            print(f"{what}: {name}: {figure:.1f}")


if __name__ == "__main__":
    main()
