"""A million readings of vital signs in each format against COPY of the same CSV: python3 bench/export_formats.py [rows]

Makes a database of its own and reads ADVS, the data set of readings, as a packet does. The floor is COPY of a flat
table that holds exactly its rows, read by the same reader. Prints seconds, ratios, and the memory of a fresh process at
a tenth of the rows and at all of them. `--floor`: the formats read the flat table too, so what is left is theirs alone.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
READINGS, SETS, DOSES = 8, 10, 10  # readings of a set, sets after a dose, doses of a participant
NAMES = ("csv", "dataset-json", "ndjson")
ROUNDS = 3

FILL_SETS = """
INSERT INTO grading_vitalsigns (id, participant_id, observed_at, recorded_at, recorded_by_id, source, root, withdrawn,
        reason, digest, temperature_c, sbp, dbp, mean_pressure, mean_pressure_computed, heart_rate, respiratory_rate,
        spo2, fio2_percent)
    SELECT made.id, participant_id, at, at, 1, 'import', made.id, false, '', '', trim_scale(36.5 + n % 40 / 10.0),
           85 + n % 40, 45 + n % 30, 60 + n % 30, false, 80 + n % 60, 16 + n % 12, 88 + n % 10, 21
      FROM (SELECT gen_random_uuid() AS id, participant_id, started_at + make_interval(hours => 4 * k) AS at,
                   row_number() OVER () AS n
              FROM grading_doseperiod, generate_series(1, {sets}) k) made
"""


def query(study: str) -> Any:
    from bench.export_csv import CUT
    from grading.exports.datasets.adam.advs import ADVS
    from grading.exports.datasets.statement import statement
    from regimens.blinding import Profile
    from regimens.models import Study

    if "--floor" in sys.argv:
        from psycopg import sql

        return sql.SQL("TABLE {}").format(sql.Identifier(f"flat_{study.lower()}"))
    return statement(ADVS, study=Study.objects.get(code=study), sites=None, cut=CUT, profile=Profile.DOSES)


def write(name: str, study: str) -> tuple[float, int]:
    """Seconds until the file is in /dev/null, and its bytes."""
    from django.db import connection

    from bench.export_csv import CUT
    from grading.exports.datasets.adam.advs import ADVS
    from grading.exports.formats.table import FORMATS, save

    class Count:
        size = 0

        def write(self, block: bytes) -> int:
            self.size += len(block)
            return out.write(block)

        def writelines(self, blocks: Any) -> None:
            for block in blocks:
                self.write(block)

    statement, count = query(study), Count()
    with connection.cursor() as cursor, open("/dev/null", "wb") as out:
        cursor.execute("SET statement_timeout = 0; SET jit = off")  # as the connection of an export has it, or longer
        began = time.perf_counter()
        save(FORMATS[name], ADVS, statement, cursor.cursor, count, made_at=CUT, study=study)  # type: ignore[arg-type]
        return time.perf_counter() - began, count.size


def floor(study: str) -> tuple[float, int]:
    from django.db import connection
    from psycopg import sql

    plain = sql.SQL("COPY (TABLE {}) TO STDOUT WITH (FORMAT csv, HEADER true)").format(
        sql.Identifier(f"flat_{study.lower()}")
    )
    began, size = time.perf_counter(), 0
    with connection.cursor() as cursor, cursor.cursor.copy(plain) as read, open("/dev/null", "wb") as out:
        for row in read:
            size += out.write(row)
    return time.perf_counter() - began, size


def memory(name: str, study: str) -> str:
    """Peak of a fresh process that writes one file, in MB."""
    options = [option for option in sys.argv if option == "--floor"]
    run = [sys.executable, __file__, *options, "--memory", name, study]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()


def measure_memory(name: str, study: str) -> None:
    import django

    django.setup()
    if name != "nothing":
        write(name, study)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) // 1024)  # what getrusage says may be that of who started us


def fill(postgres: Any, rows: int) -> None:
    from psycopg import sql

    from bench.export_csv import EMPTY, FILL

    people = rows // (READINGS * SETS * DOSES)
    with postgres.connect(dbname="crs") as connection:
        connection.execute(EMPTY)
        connection.execute(FILL.format(people=people, doses=DOSES))
        connection.execute(FILL_SETS.format(sets=SETS))
        connection.execute("ANALYZE")
        for study in ("BIG", "SMALL"):
            flat = sql.Identifier(f"flat_{study.lower()}")
            connection.execute(sql.SQL("CREATE TABLE {} AS {}").format(flat, query(study)))
            connection.execute(sql.SQL("GRANT SELECT ON {} TO crs_app").format(flat))
        connection.execute("VACUUM ANALYZE")


def compare(postgres: Any, rows: int) -> None:
    from django.core.management import call_command

    call_command("migrate", "--database=owner", verbosity=0)
    read_flat = "--floor" in sys.argv
    if read_flat:
        sys.argv.remove("--floor")
    fill(postgres, rows)
    if read_flat:
        sys.argv.append("--floor")
    taken: dict[str, list[float]] = {name: [] for name in ("floor", *NAMES)}
    size: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name in taken:
            seconds, size[name] = floor("BIG") if name == "floor" else write(name, "BIG")
            taken[name].append(seconds)
    for name, seconds in taken.items():
        ratio = statistics.median(own / least for own, least in zip(seconds, taken["floor"], strict=True))
        print(f"{name}: median {statistics.median(seconds):.2f} s, {size[name] / 1e6:.0f} MB, {ratio:.2f}x the floor")
    for name in NAMES:
        peaks = f"nothing {memory('nothing', 'BIG')}, a tenth {memory(name, 'SMALL')}, all {memory(name, 'BIG')}"
        print(f"{name}: peak memory of a fresh process, MB: {peaks}")


def main() -> None:
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    from crsmonitor import embedded

    with tempfile.TemporaryDirectory(prefix="crs-bench-") as folder:
        Path(folder).chmod(0o755)  # as root, postgres runs as `nobody`
        postgres = embedded.Postgres(Path(folder), durable=False).start()
        try:
            os.environ |= {
                "CRS_MODE": "demo", "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "LOG_LEVEL": "WARNING",
                "DATABASE_URL": postgres.url(embedded.APP), "DATABASE_OWNER_URL": postgres.url(embedded.OWNER),
                "CRS_STATE_DIR": folder, "DB_POOL": "0",
            }  # fmt: skip
            import django

            django.setup()
            compare(postgres, numbers[0] if numbers else 1_000_000)
        finally:
            postgres.stop()


if __name__ == "__main__":
    if "--memory" in sys.argv:
        measure_memory(*sys.argv[-2:])
    else:
        main()
