"""CPU in the web process of a design's pages against the ward board of 60 beds: python3 dev.py bench design_pages

Medians of rounds in turn, in one process, answers of the typical person kept as they are while the process lives, and
cold: six regimens of elranatamab, the slowest drug, of which nothing is kept. Targets: a page at most 3x the board,
1.5x aimed at; cold at most 0.3 s.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from bench.engines import engines

BEDS = 60
ROUNDS = 20


def cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def page_rows(rounds: int = ROUNDS) -> None:
    with engines(DB_POOL="0"):
        from django.test import Client
        from django.test.utils import override_settings
        from django.utils import timezone

        from bench.glass.board import copies
        from regimens.design_pages import answers, courses
        from tests.builders import build_world, dose, hour, kept, neuro, stay, vitals
        from tests.regimens.design_pages.builders import finished_trial, whole_design

        world = build_world()
        moved = timezone.now() - hour(6)  # the board shows who is in a window now
        for fact in (stay(world), dose(world), vitals(world, 2, temperature_c=38.4), neuro(world, 3)):
            fact.observed_at += moved
            kept(fact, world, at=fact.observed_at + timedelta(minutes=1))
        copies(world.participant.pk, 1, BEDS - 1)
        version = whole_design(world)
        run = finished_trial(version)
        client = Client(SERVER_NAME="localhost")
        client.force_login(world.investigator)

        def page(address: str) -> Callable[[], object]:
            def ask() -> None:
                assert client.get(address).status_code == 200

            return ask

        typed = {"drug": "elranatamab"} | {
            f"regimen-{place}-{name}": value
            for place in range(6)
            for name, value in (("days", "0 3 7 14"), ("doses", f"{12 + place} 32 76 76"), ("unit", "mg"))
        }

        def cold() -> None:
            answers._answered.cache_clear()
            courses._followed.cache_clear()
            answer = client.post(f"/design/{version.design_id}/compare/", typed, headers={"HX-Request": "true"})
            assert answer.status_code == 200

        ways = {
            f"board of {BEDS} beds": page("/"),
            "page of a finished run": page(f"/design/runs/{run.pk}/"),
            "page of a design: starting dose": page(f"/design/{version.design_id}/"),
            "page of a design: exposure": page(f"/design/{version.design_id}/exposure/"),
            "page of a design: compare, with its run": page(f"/design/{version.design_id}/compare/"),
            "six cold regimens of elranatamab": cold,
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        with override_settings(
            STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        ):
            for ask in ways.values():
                ask()  # templates and numpy are loaded once
            for _ in range(rounds):
                for name, ask in ways.items():
                    taken[name].append(cpu_s(ask))
        board = statistics.median(taken[f"board of {BEDS} beds"])
        for name, times in taken.items():
            middle = statistics.median(times)
            print(f"{name:42} {middle * 1e3:7.1f} ms of CPU {middle / board:6.2f} x the board")


if __name__ == "__main__":
    page_rows(*[int(word) for word in sys.argv[1:2]])
