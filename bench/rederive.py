"""How quick `manage.py rederive` is, and whether its memory grows: dev.py bench rederive [participants] [sets] [jobs]

Writes the facts of so many participants straight into a throw-away database, then runs the command in processes of
their own at a tenth of them and at all: into empty tables, and with --check over full ones.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.engines import engines

ROOT = Path(__file__).resolve().parent.parent
# The command, and what it and the largest process that it began took of memory at most. Not getrusage for itself:
# that remembers the process which started it.
RUN = """
import json, re, resource, sys
from pathlib import Path
sys.argv = ["manage.py", *json.loads(sys.argv[1])]
from django.core.management import execute_from_command_line
code = 0
try:
    execute_from_command_line(sys.argv)
except SystemExit as stop:
    code = stop.code or 0
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps([code, peak, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]))
"""
# A fever of some hours with low pressure for each third participant, oxygen for each fifth, one set an hour.
FACTS = """
INSERT INTO grading_vitalsigns
    (id, participant_id, observed_at, recorded_at, recorded_by_id, source, root, withdrawn, reason, digest,
     temperature_c, temperature_site, sbp, dbp, heart_rate, spo2, oxygen_device, oxygen_indication,
     mean_pressure_computed, pressure_unrecordable, hypotension, fluid_bolus, fluid_bolus_reason, vasopressors,
     differential, infusion, not_done, retyped, unconfirmed, position, arm, dropped)
SELECT id, p, at, at, %(user)s, 'import', id, false, '', '', t, '', s, 60, 80, 97,
       CASE WHEN p %% 5 = 0 AND n %% 40 > 30 THEN 'face_mask' ELSE 'room_air' END, '', false, false, NULL, false, '',
       '{}', '{}', '', '{}', '{}', '{}', '', '', '{}'
  FROM (SELECT gen_random_uuid() AS id, p, n, %(start)s + n * interval '1 hour' AS at,
               CASE WHEN n %% 120 BETWEEN 30 AND 50 THEN 38.6 ELSE 36.8 END AS t,
               CASE WHEN p %% 3 = 0 AND n %% 120 BETWEEN 35 AND 45 THEN 84 ELSE 118 END AS s
          FROM unnest(%(people)s::bigint[]) AS p, generate_series(1, %(sets)s) AS n) AS made
"""


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 80
    sets = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    jobs = ["--jobs", sys.argv[3]] if len(sys.argv) > 3 else []
    with engines(DB_POOL="0") as running:
        some, everybody = build(people, sets)
        for study, count in (("PART", some), ("ALL", everybody)):
            measure(running.environment, study, count * sets, *jobs)
            measure(running.environment, study, count * sets, "--check", *jobs)


def build(people: int, sets: int) -> tuple[int, int]:
    """Two studies, one of a tenth of the people: each with a stay, three doses and so many sets."""
    from django.db import connection

    from crsmonitor.audit.acting import acting
    from regimens.models import Dose, Participant, Stay
    from tests.builders import build_world, dose, hour, stay

    counts = (max(people // 10, 1), people)
    for code, count in zip(("PART", "ALL"), counts, strict=True):
        world = build_world(code)
        with acting(by="bench", reason="a benchmark"):
            everybody = Participant.objects.bulk_create(
                Participant(study=world.study, site=world.site, number=f"{code}-{number:04x}", regimen=world.regimen)
                for number in range(count)
            )
        stays, doses = [], []
        for world.participant in everybody:
            stays.append(stay(world))
            doses += [dose(world, place * sets / 3, step=place) for place in range(3)]
        for fact in (*stays, *doses):
            fact.recorded_at, fact.recorded_by, fact.root = fact.observed_at, world.nurse, fact.pk
        Stay.objects.bulk_create(stays)
        Dose.objects.bulk_create(doses)
        values = {"people": [p.pk for p in everybody], "sets": sets, "user": world.nurse.pk, "start": hour(0)}
        with connection.cursor() as cursor:
            cursor.execute(FACTS, values)
            cursor.execute("ANALYZE")
    return counts


def measure(environment: dict[str, str], study: str, sets: int, *words: str) -> None:
    command = json.dumps(["rederive", "--study", study, *words])
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, command], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - began
    *_lines, last, figures = done.stdout.strip().splitlines()
    code, peak, largest = json.loads(figures)
    print(
        f"{study:8} {' '.join(words) or 'writing':8} {sets} sets in {seconds:.1f} s, {sets / seconds:,.0f} a second, "
        f"peak {peak} MB and {largest} MB in the largest process it began, exit {code}: {last}",
        flush=True,
    )


if __name__ == "__main__":
    main()
