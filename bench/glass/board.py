"""The ward board of 500 participants as JSON against a json_agg of the same table, and its page, in this process.

Target: at most 4x. Queries are counted at 50 and at 500 participants: they must be as many.
"""

import statistics
import sys
import time
from datetime import timedelta

from bench.engines import engines

ADD = """
INSERT INTO regimens_participant (study_id, site_id, number, neuro_instrument, regimen_id, cohort)
SELECT study_id, site_id, 'P-' || n, neuro_instrument, regimen_id, '' FROM regimens_participant,
       generate_series(%(low)s::int, %(high)s::int) n WHERE id = %(of)s;
"""


# The sets behind their grades, which the page reads to say why.
OWN = """
CREATE TEMP TABLE other AS SELECT p.id AS participant, f.id AS fact, gen_random_uuid() AS copy
  FROM regimens_participant p, (SELECT id FROM {facts} WHERE participant_id = %(of)s) f
 WHERE p.id <> %(of)s AND NOT EXISTS (SELECT FROM {facts} x WHERE x.participant_id = p.id);
INSERT INTO {facts} (id, root, participant_id, {columns})
  SELECT o.copy, o.copy, o.participant, {columns} FROM {facts} f JOIN other o ON o.fact = f.id;
INSERT INTO grading_grade (fact_id, root, participant_id, {of_grade})
  SELECT o.copy, o.copy, o.participant, {of_grade} FROM grading_grade g JOIN other o ON o.fact = g.fact_id;
DROP TABLE other;
"""


def copies(participant: int, low: int, high: int) -> None:
    """More participants on the ward, each with the state, the sets and the grades of the first."""
    from django.db import connection

    from crsmonitor.audit.acting import acting
    from grading.models import CurrentState, Grade, NeuroAssessment, VitalSigns

    def besides(model: type, *names: str) -> str:
        return ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.column not in names)

    with acting(by="bench", reason="bench"), connection.cursor() as cursor:
        cursor.execute(ADD, {"low": low, "high": high, "of": participant})
        names = [f.column for f in CurrentState._meta.concrete_fields if f.column != "participant_id"]
        columns = ", ".join(names)
        cursor.execute(
            f"INSERT INTO grading_currentstate (participant_id, {columns}) SELECT p.id, {columns}"
            " FROM regimens_participant p, grading_currentstate c WHERE c.participant_id = %s"
            " AND NOT EXISTS (SELECT FROM grading_currentstate x WHERE x.participant_id = p.id)",
            [participant],
        )
        for model in (VitalSigns, NeuroAssessment):
            text = OWN.format(
                facts=model._meta.db_table,
                columns=besides(model, "id", "root", "participant_id"),
                of_grade=besides(Grade, "fact_id", "root", "participant_id"),
            )
            for command in text.split(";")[:-1]:
                cursor.execute(command, {"of": participant} if "%(of)s" in command else None)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with engines(DB_POOL="0"):
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext, override_settings
        from django.utils import timezone

        from grading.models import CurrentState
        from tests.builders import build_world, dose, hour, kept, neuro, stay, vitals

        world = build_world()
        moved = timezone.now() - hour(6)  # the board shows who is in a window now
        for fact in (stay(world), dose(world), vitals(world, 2, temperature_c=38.4), neuro(world, 3)):
            fact.observed_at += moved
            kept(fact, world, at=fact.observed_at + timedelta(minutes=1))
        client = Client(SERVER_NAME="localhost")
        client.force_login(world.investigator)
        queries = {}

        # All that a board may show: the fold is for the next fact only.
        shown = ", ".join(f.column for f in CurrentState._meta.concrete_fields if f.name != "fold")

        def floor() -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT json_agg(c) FROM (SELECT {shown} FROM grading_currentstate) c")
                cursor.fetchone()

        ways = {
            "json_agg": floor,
            "GET /api/v1/ward/": lambda: client.get("/api/v1/ward/"),
            "page /": lambda: client.get("/"),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        with override_settings(
            STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        ):
            for low, high in ((1, 49), (50, 499)):
                copies(world.participant.pk, low, high)
                with CaptureQueriesContext(connection) as seen:
                    assert client.get("/").status_code == 200
                queries[high + 1] = len(seen)
            for _ in range(rounds):
                for name, run in ways.items():
                    began = time.perf_counter()
                    run()
                    taken[name].append(time.perf_counter() - began)
        base = statistics.median(taken["json_agg"])
        for name, times in taken.items():
            print(f"{name}: p50 {statistics.median(times) * 1000:.1f} ms, {statistics.median(times) / base:.1f}x")
        print(
            "queries of the page:",
            ", ".join(f"{number} at {people} participants" for people, number in queries.items()),
        )


if __name__ == "__main__":
    main()
