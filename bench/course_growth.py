"""Whether a long course makes the next fact dear: python3 dev.py bench course_growth [long] [short]

Records facts into a course of 20 earlier sets and into one of 2,000, in turns, through `record`, and prints the
ratio of the median times. Each kind has a short course of its own, so that it stays short. A correction or a late
entry is derived from the last checkpoint before it: near the end that costs the same in both; at the start of a
long course everything after it is derived again, so it stands in rows of its own.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.engines import engines
from bench.figures import Figure

TIMES = 20
FEW = 5  # where all of a long course is derived again

Make = Callable[[Any, float], Any]


def main() -> None:
    long = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    short = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with engines(DB_POOL="0"):
        whole, kinds = build("LONG", long), facts()
        for number, (what, times, make) in enumerate(kinds):
            few, many = measure([(build(f"S{number}", short), short), (whole, long)], times, make)
            figures = f"after {short}: {few:.2f} ms, after {long}: {many:.2f} ms, {many / few:.2f}x"
            print(f"{what:26} {figures}", flush=True)


def figures(sets: int = 2000) -> list[Figure]:
    """The CPU of a correction early in a long course beside that of one at its end, of ours and of the database."""
    with engines(DB_POOL="0"):
        by_name = {what: make for what, _times, make in facts()}
        whole = build("LONG", sets)
        late, early = in_turns(whole, [by_name["correction of the newest"], by_name["correction of the first"]], FEW)
    return [
        Figure(
            f"correction of the first of {sets:,} sets", f"of the newest: {late * 1000:.0f} ms of CPU", "", "5x",
            f"{early * 1000:.0f} ms of CPU, {early / late:.1f}x", ok=early <= 5 * late,
        )
    ]  # fmt: skip


def in_turns(world: Any, makes: list[Make], times: int) -> list[float]:
    """Seconds of CPU of each kind of fact, the median."""
    from tests.builders import hour, kept

    spent: list[list[float]] = [[] for _ in makes]
    world.hours = 10_000.0
    for _ in range(times):
        for place, make in enumerate(makes):
            world.hours += 0.1
            draft = make(world, world.hours)
            before = cpu()
            kept(draft, world, by=world.investigator, at=hour(world.hours))
            spent[place].append(cpu() - before)
    return [statistics.median(one) for one in spent]


def cpu() -> float:
    """Of this process and of its connection's in the database; the latter in hundredths of a second."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    *_, user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def build(code: str, sets: int) -> Any:
    """A dose, then so many sets, one every six minutes: a fever of two hours a day."""
    from tests.builders import build_world, dose, kept, stay, vitals

    world = build_world(code)
    kept(stay(world), world)
    kept(dose(world), world)
    for number in range(sets):
        kept(vitals(world, 1 + number / 10, temperature_c=38.5 if number % 200 < 20 else 36.8), world)
    return world


def facts() -> list[tuple[str, int, Make]]:
    """What is recorded, how often, and how it is made; `h`: later than anything recorded so far."""
    from tests.builders import dose, draft, hour, kept, neuro, treatment, vitals

    def corrected(world: Any, h: float, **to: Any) -> Any:
        wrong = kept(vitals(world, h), world).fact
        return vitals(world, h, temperature_c=37, supersedes=wrong, reason="typing error", **to)

    def first_corrected(world: Any, h: float) -> Any:
        wrong = world.participant.vitalsigns_facts.standing().earliest("observed_at")
        value = 36.9 if wrong.temperature_c == 37 else 37
        at = {"observed_at": wrong.observed_at, "temperature_c": value}
        return vitals(world, 0, supersedes=wrong, reason="typing error", **at)

    def late_by_an_hour(world: Any, h: float) -> Any:
        kept(vitals(world, h), world)
        return vitals(world, h - 1, **late)

    def stay_of(world: Any, h: float) -> Any:
        from regimens.models import Stay

        return draft(Stay, world, h, ward="7B", bed=f"{h:.2f}"[-5:])

    def attributed(world: Any, h: float) -> Any:
        from grading.models import Attribution

        return draft(
            Attribution, world, h, sign="hypotension", cause="bleeding", because="seen", until=hour(h + 1)
        )  # fmt: skip

    late = {"reason": "late", "source": "import"}
    return [
        ("set", TIMES, vitals),
        ("assessment", TIMES, neuro),
        ("treatment", TIMES, lambda w, h: treatment(w, h, "paracetamol", "antipyretic", "crs")),
        ("vasopressor", TIMES, lambda w, h: treatment(w, h, "norepinephrine", "vasopressor", "crs")),
        ("attribution", TIMES, attributed),
        ("correction of the newest", TIMES, corrected),
        ("withdrawal of the newest", TIMES, lambda w, h: corrected(w, h, withdrawn=True)),
        ("late by an hour", TIMES, late_by_an_hour),
        ("stay", TIMES, stay_of),
        ("dose", TIMES, lambda w, h: dose(w, h, step=1)),
        ("late, at the very start", FEW, lambda w, h: vitals(w, h / 1000, **late)),
        ("correction of the first", FEW, first_corrected),
    ]


def measure(worlds: list[tuple[Any, int]], times: int, make: Make) -> list[float]:
    """Milliseconds of each, the median; in turns, since the machine is shared."""
    from tests.builders import hour, kept

    taken: list[list[float]] = [[] for _ in worlds]
    for _ in range(times):
        for place, (world, sets) in enumerate(worlds):
            world.hours = max(getattr(world, "hours", 0.0), 2 + sets / 10) + 0.1  # as far apart as the sets before
            draft = make(world, world.hours)
            began = time.perf_counter()
            kept(draft, world, by=world.investigator, at=hour(world.hours))
            taken[place].append(time.perf_counter() - began)
    return [statistics.median(one) * 1000 for one in taken]


if __name__ == "__main__":
    main()
