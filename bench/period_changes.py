"""What the notes of `grading_periodchange` cost a save: the same sets with their triggers and without, turn by turn.

A note says in which transaction rows of ADCRSP may have become others (grading 0023). Prints milliseconds (median), the
ratio of the turns, what the client sends (the triggers send nothing), and how many notes a save leaves.
"""

import statistics
import sys
import time

from bench.engines import engines

WARM, SAVES = 3, 8  # of a turn: the first read the changed tables anew
SWITCH = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tgrelid::regclass AS tbl FROM pg_trigger WHERE tgname = 'period_changed' LOOP
        EXECUTE format('ALTER TABLE %s {how} TRIGGER period_changed', one.tbl);
    END LOOP;
END $$
"""


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with engines(DB_POOL="0") as started, started.postgres.connect(dbname="crs") as owner:  # type: ignore[attr-defined]
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from grading.models import PeriodChange
        from tests.builders import build_world, dose, kept, stay, vitals

        owner.autocommit = True
        world = build_world()
        kept(stay(world), world)
        kept(dose(world), world)
        [tables] = owner.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'period_changed'").fetchone()

        def save(number: int) -> float:
            draft = vitals(world, 1 + number / 20)
            began = time.perf_counter()
            kept(draft, world)
            return time.perf_counter() - began

        taken: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
        notes, statements = {}, {}
        numbers = iter(range(10_000))
        for turn in range(turns):
            for how in ("ENABLE", "DISABLE") if turn % 2 else ("DISABLE", "ENABLE"):
                owner.execute(SWITCH.format(how=how))
                times = [save(next(numbers)) for _ in range(WARM + SAVES)]
                taken[how].append(statistics.median(times[WARM:]))
        for how in taken:
            owner.execute(SWITCH.format(how=how))
            before = PeriodChange.objects.count()
            with CaptureQueriesContext(connection) as sent:
                save(next(numbers))
            notes[how], statements[how] = PeriodChange.objects.count() - before, len(sent)
        on, off = (statistics.median(taken[how]) * 1000 for how in ("ENABLE", "DISABLE"))
        ratio = statistics.median(a / b for a, b in zip(taken["ENABLE"], taken["DISABLE"], strict=True))
        print(f"triggers on {tables} tables; with {on:.2f} ms a save, without {off:.2f} ms, {ratio:.3f}x")
        print(f"statements of a save: {statements['ENABLE']} with, {statements['DISABLE']} without")
        print(f"notes of a save: {notes['ENABLE']} with, {notes['DISABLE']} without")


if __name__ == "__main__":
    main()
