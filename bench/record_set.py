"""One set of vital signs through `record`, in this process, against one durable INSERT of the same connection.

Prints milliseconds (median) and CPU of this process per set; the ratio is the figure, the machine is shared.
"""

import statistics
import sys
import time

from bench.engines import engines


def main() -> None:
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with engines(DB_POOL="0"):
        from django.db import connection

        from tests.builders import build_world, dose, kept, stay, vitals

        world = build_world()
        kept(stay(world), world)
        kept(dose(world), world)
        cursor = connection.connection.cursor()
        floor, taken, cpu = [], [], 0.0
        for number in range(sets):
            began = time.perf_counter()
            cursor.execute("INSERT INTO django_session VALUES (%s, 'x', now())", [f"{number}"])
            floor.append(time.perf_counter() - began)
            draft = vitals(world, 1 + number / 100)
            began, used = time.perf_counter(), time.process_time()
            kept(draft, world)
            taken.append(time.perf_counter() - began)
            cpu += time.process_time() - used
        a, b = statistics.median(floor) * 1000, statistics.median(taken) * 1000
        print(f"durable INSERT {a:.2f} ms; record {b:.2f} ms, {b / a:.1f}x; CPU here {cpu / sets * 1000:.2f} ms a set")
        if "--profile" in sys.argv:
            import cProfile
            import pstats

            drafts = [vitals(world, 1 + (sets + n) / 100) for n in range(sets)]
            with cProfile.Profile() as profile:
                for draft in drafts:
                    kept(draft, world)
            pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
