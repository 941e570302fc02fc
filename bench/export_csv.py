"""ADCRSP as CSV, a tenth of the dose periods open, against COPY of the same bytes: bench/export_csv.py [rows] [rounds]

Makes a database of its own, prints seconds of CPU (of the server and of the reader), ratios, and the memory of a fresh
process at a tenth of the rows and at all of them. The floor is COPY of a table that holds exactly what is exported;
beside it the same export without lines that were written before, which makes every row.
"""

import hashlib
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.engines import engines  # noqa: E402
from bench.figures import Figure  # noqa: E402

DOSES = 10  # a participant
KEPT, CUT = datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
FLOOR, OURS = "COPY of the same bytes", "export"

# One dose period in four has CRS, with an episode and an alert; half of the doses are infusions with an end.
FILL = """
SET session_replication_role = replica;
INSERT INTO accounts_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name, email,
        date_joined)
    VALUES (1, 'bench.sponsor', '', false, false, true, '', '', '', now());
INSERT INTO regimens_site (id, code, name, country, time_zone) VALUES
    (1, 'TPE', 'Taipei', 'TWN', 'Asia/Taipei'), (2, 'PAR', 'Paris', 'FRA', 'Europe/Paris'),
    (3, 'NYC', 'New York', 'USA', 'America/New_York'), (4, 'CCU', 'Kolkata', 'IND', 'Asia/Kolkata');
INSERT INTO regimens_study (id, code, title, resolution_hours, concurrence_days, late_after_minutes)
    VALUES (1, 'BIG', 'Big', 24, 7, 30), (2, 'SMALL', 'Small', 24, 7, 30);
INSERT INTO regimens_membership (user_id, study_id, site_id, role) VALUES (1, 1, NULL, 'sponsor'), (1, 2, NULL,
        'sponsor');
INSERT INTO regimens_regimen (id, study_id, code, version, title, drug, resolution_hours, source)
    VALUES (1, 1, 'STEP', 1, 'Step-up', 'demo', 24, ''), (2, 2, 'STEP', 1, 'Step-up', 'demo', 24, '');
INSERT INTO regimens_step (id, regimen_id, position, label, kind, planned_dose, unit, inpatient_clock)
    SELECT (r - 1) * {doses} + k, r, k, CASE WHEN k <= 3 THEN 'STEP-UP ' || k ELSE 'FULL DOSE ' || k - 3 END,
           CASE WHEN k <= 3 THEN 'step_up' ELSE 'target' END, least(k, 4) * 10, 'mg', 'administration'
      FROM generate_series(1, 2) r, generate_series(1, {doses}) k;
INSERT INTO regimens_participant (id, study_id, site_id, number, neuro_instrument, regimen_id, cohort)
    SELECT n, CASE WHEN n <= {people} THEN 1 ELSE 2 END, 1 + n % 4, 'P' || lpad(n::text, 7, '0'), 'ice',
           CASE WHEN n <= {people} THEN 1 ELSE 2 END, '' FROM generate_series(1, {people} + {people} / 10) n;
CREATE UNLOGGED TABLE seed AS
    SELECT row_number() OVER (ORDER BY q.id, k) AS n, gen_random_uuid() AS id, q.id AS who, k,
           (q.regimen_id - 1) * {doses} + k AS step_id,
           timestamptz '2026-01-05 08:00Z' + make_interval(days => (q.id % 200)::int + 7 * (k - 1),
           secs => q.id % 3600) AS at
      FROM regimens_participant q, generate_series(1, {doses}) k;
INSERT INTO regimens_dose (id, participant_id, observed_at, recorded_at, recorded_by_id, source, root, withdrawn,
        reason,
                           digest, step_id, planned_at, status, amount, unit, route, checked_by, not_given_because)
    SELECT id, who, at, at, 1, 'import', id, false, '', '', step_id, at - interval '20 min', 'GIVEN', least(k,
            4) * 10, 'mg',
           CASE WHEN who % 2 = 0 THEN 'INTRAVENOUS' ELSE 'SUBCUTANEOUS' END, '', '' FROM seed;
INSERT INTO regimens_doseend (id, participant_id, observed_at, recorded_at, recorded_by_id, source, root,
        withdrawn, reason,
                              digest, dose_id)
    SELECT id, who, at + interval '4 h', at, 1, 'import', id, false, '', '', id FROM seed WHERE who % 2 = 0;
INSERT INTO regimens_stay (id, participant_id, observed_at, recorded_at, recorded_by_id, source, root, withdrawn,
        reason,
                           digest, kind, ward, bed)
    SELECT id, who, at - interval '1 h', at, 1, 'import', id, false, '', '', 'ward', 'A', '1' FROM seed WHERE k = 1;
INSERT INTO regimens_stayend (id, participant_id, observed_at, recorded_at, recorded_by_id, source, root,
        withdrawn, reason,
                              digest, stay_id)
    SELECT id, who, at + interval '72 h', at, 1, 'import', id, false, '', '', id FROM seed WHERE k = 1;
INSERT INTO grading_episode (participant_id, kind, root, provisional, started_at, ended_at, max_grade, at_most, max_at,
                             dose_root, flags, final_grade)
    SELECT who, 'crs', id, '', at + interval '27 h', at + interval '44 h', 1 + n % 3, 3, at + interval '30 h', id, '[]',
           1 + n % 3
      FROM seed WHERE n % 4 = 0;
INSERT INTO grading_alert (id, participant_id, kind, fact_root, grade, grade_before, at_most, thresholds, reasons,
        missing,
                           flags, policy_id, observed_at, raised_at, late, state, acknowledged_at, acknowledged_by_id,
                           occurrence, pages_sent)
    SELECT id, who, 'crs', id, 1 + n % 3, 0, 3, ARRAY['new_grade'], '[]', '[]', '[]', 1, at + interval '27 h',
           at + interval '27 h 1 min', false, 'acknowledged', at + interval '27 h 6 min', 1,
           1, 1 FROM seed WHERE n % 4 = 0;
INSERT INTO grading_alertevent (alert_id, state, at, by_id, note)
    SELECT id, 'acknowledged', at + interval '27 h 6 min', 1, '' FROM seed WHERE n % 4 = 0;
CREATE FUNCTION iso(timestamptz) RETURNS text LANGUAGE sql AS
    $$SELECT to_char($1, 'YYYY-MM-DD"T"HH24:MI:SS') || '+00:00'$$;
INSERT INTO grading_doseperiod (dose_id, participant_id, site_id, step_id, dose_number, started_at, ended_at, ended_by,
        vitals_recorded, neuro_recorded, crs_definite, icans_definite, longest_gap_h, last_vitals_at, crs_any,
                crs_carried,
        crs_episodes, crs_recurrent, crs_max_grade, crs_at_most, crs_onset_at, crs_max_at, crs_resolved_at,
                crs_duration_h,
        crs_first_duration_h, crs_ongoing, icans_any, icans_max_grade, temperature_max_c, temperature_max_at,
                sbp_min, dbp_min,
        heart_rate_max, respiratory_rate_max, spo2_min, oxygen_level_max, oxygen_flow_max_l_min, vasopressors_max,
        vasopressin_given, bolus_given, tocilizumab_doses, tocilizumab_mg, tocilizumab_first_at,
                tocilizumab_prophylaxis,
        steroid_premedication, other_anticytokine, ice_min, hospital_h, icu_h, changed_at,
        crs_final_any, crs_final_carried, crs_final_episodes, crs_final_recurrent, crs_final_grade, crs_final_peak,
        crs_adjusted, crs_unjudged, crs_final_onset_at, crs_final_max_at, crs_final_resolved_at, crs_final_duration_h,
        crs_final_first_duration_h, crs_final_ongoing, icans_final_any, icans_final_grade, vasopressor_ran,
        vasopressor_h, oxygen_ran, oxygen_h, dose_ended_at, started_local, ended_local,
        dose_ended_local, crs_onset_local, crs_resolved_local, study_day, length_h, delay_h,
        crs_onset_h, crs_max_h, tocilizumab_onset_h, temperature_max_h, oxygen_max, tocilizumab_flag, tocilizumab_n,
        tocilizumab_h, prophylaxis_flag, steroid_flag, premedication_flag, anticytokine_flag, dose_status, dose_amount,
        dose_unit, dose_route, planned_dose, phase, censored, vitals_counted, modified_utc, study_id, usubjid,
        subject_number, site_code, country, time_zone, regimen_code, regimen_version, step_label, by_ice)
    SELECT seed.id, who, 1 + who % 4, seed.step_id, k, at, CASE WHEN k < {doses} THEN at + interval '7 d' END,
            CASE WHEN k < {doses} THEN 'NEXT DOSE' ELSE '' END,
        12, 6, 12, 6, 4.02, at + interval '48 h', crs, false, crs::int, false, crs::int * (1 + n % 3), 3,
        CASE WHEN crs THEN at + interval '27 h' END, CASE WHEN crs THEN at + interval '30 h' END,
        CASE WHEN crs THEN at + interval '44 h' END, CASE WHEN crs THEN 17 END, CASE WHEN crs THEN 17 END,
        CASE WHEN crs THEN false END, false, 0, trim_scale(36.5 + n % 40 / 10.0), at + interval '29 h', 85 + n % 40,
        45 + n % 30, 80 + n % 60, 16 + n % 12, 88 + n % 10, n % 3, n % 3, 0, 'N', 'N', (crs AND n % 8 = 0)::int,
        CASE WHEN crs AND n % 8 = 0 THEN 480 END, CASE WHEN crs AND n % 8 = 0 THEN at + interval '31 h' END, false,
                true,
        false, 10 - n % 3, CASE WHEN k = 1 THEN 72 ELSE 0 END, 0, at + interval '48 h',
        flag.any_crs, 'N', crs::int, 'N', crs::int * (1 + n % 3), crs::int * (1 + n % 3), 'N', 'N',
        CASE WHEN crs THEN at + interval '27 h' END, CASE WHEN crs THEN at + interval '30 h' END,
        CASE WHEN crs THEN at + interval '44 h' END, CASE WHEN crs THEN 17 END, CASE WHEN crs THEN 17 END,
        CASE WHEN crs THEN 'N' END, 'N', 0, false, 0, false, CASE WHEN n % 3 = 0 THEN 0 END,
        CASE WHEN who % 2 = 0 THEN at + interval '4 h' END, local.start,
        CASE WHEN k < {doses} THEN local.next END, CASE WHEN who % 2 = 0 THEN local.stop ELSE local.start END,
        CASE WHEN crs THEN local.onset END, CASE WHEN crs THEN local.resolved END, 7 * k - 6,
        CASE WHEN k < {doses} THEN 168 END, 0.33,
        CASE WHEN crs THEN 27 END, CASE WHEN crs THEN 30 END, CASE WHEN crs AND n % 8 = 0 THEN 4 END, 29,
        (ARRAY['ROOM AIR', 'LOW-FLOW NASAL CANNULA OR BLOW-BY', 'SIMPLE FACE MASK'])[1 + n % 3],
        CASE WHEN crs AND n % 8 = 0 THEN 'Y' ELSE 'N' END, (crs AND n % 8 = 0)::int,
        CASE WHEN crs AND n % 8 = 0 THEN 31 END, 'N', 'N', 'Y', 'N', 'GIVEN', least(k, 4) * 10, 'mg',
        CASE WHEN who % 2 = 0 THEN 'INTRAVENOUS' ELSE 'SUBCUTANEOUS' END, least(k, 4) * 10,
        CASE WHEN k <= 3 THEN 'STEP-UP' ELSE 'TREATMENT' END, CASE WHEN k < {doses} THEN 'N' END, 12, local.seen,
        study.id, study.code || '-' || site.code || '-' || participant.number, participant.number, site.code,
        site.country, site.time_zone, regimen.code, regimen.version::text, step.label, true
      FROM (SELECT *, n % 4 = 0 AS crs FROM seed) seed
      JOIN regimens_participant participant ON participant.id = seed.who
      JOIN regimens_study study ON study.id = participant.study_id
      JOIN regimens_site site ON site.id = participant.site_id
      JOIN regimens_step step ON step.id = seed.step_id
      JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
      CROSS JOIN LATERAL (SELECT iso(at) AS start, iso(at + interval '7 d') AS next, iso(at + interval '4 h') AS stop,
                                 iso(at + interval '27 h') AS onset, iso(at + interval '44 h') AS resolved,
                                 iso(at + interval '48 h') AS seen) local
      CROSS JOIN LATERAL (SELECT CASE WHEN crs THEN 'Y' ELSE 'N' END AS any_crs) flag;
DROP FUNCTION iso;
DROP TABLE seed;
"""

# A column that came later is empty, as Django would have it: what is filled in below need not name every one.
EMPTY = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT table_name, column_name, CASE
               WHEN data_type IN ('character varying', 'text') THEN $e$''$e$ WHEN data_type = 'boolean' THEN 'false'
               WHEN data_type IN ('smallint', 'integer', 'bigint', 'numeric') THEN '0'
               WHEN data_type IN ('ARRAY', 'jsonb') THEN $e$'{}'$e$ END AS empty
               FROM information_schema.columns
              WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
                AND (table_name LIKE 'regimens%' OR table_name LIKE 'grading%' OR table_name LIKE 'accounts%')
    LOOP
        IF c.empty IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %s', c.table_name, c.column_name, c.empty);
        END IF;
    END LOOP;
END $$
"""


def rows_query(study: str):  # type: ignore[no-untyped-def]
    from crsmonitor.accounts.models import User
    from grading.exports.rows import rows_of, scope_for

    return rows_of(scope_for(User.objects.get(), study), CUT)


def every_row(study: str) -> Iterable[bytes]:
    """The whole path below the view: scope, query, a connection of its own, blocks. Each row is made."""
    from grading.exports.writers import Download

    return Download(rows_query(study), user_id=1)


def ours(study: str) -> Iterable[bytes]:
    """As the page has it: with lines."""
    from crsmonitor.accounts.models import User
    from grading.exports.lines.reading import download_with_lines
    from grading.exports.rows import scope_for

    download = download_with_lines(scope_for(User.objects.get(), study), CUT, user_id=1)
    assert download is not None
    return download


def plain(statement: str) -> Iterable[bytes]:
    """The same reader on a statement without any of our columns."""
    from psycopg import sql

    from grading.exports.writers import Download

    return Download(sql.SQL(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, HEADER true)"), user_id=2)


def drain(blocks: Iterable[bytes]) -> tuple[int, str]:
    """Bytes, which go to /dev/null, and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    with open("/dev/null", "wb") as out:
        for block in blocks:
            size += out.write(block)
            digest.update(block)
    return size, digest.hexdigest()


def spent_by_server(postgres: Any) -> float:
    """Seconds of CPU of all its processes, those that have ended too."""
    server, of_all = postgres.process.pid, 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = path.read_text().partition(" (")
            values = rest.rpartition(") ")[2].split()
            if int(number) == server:
                of_all += sum(map(int, values[11:15]))
            elif int(values[1]) == server:
                of_all += sum(map(int, values[11:13]))
    return of_all / os.sysconf("SC_CLK_TCK")


def memory(what: str) -> int:
    """Peak memory of a fresh process that does one export, in MB."""
    done = subprocess.run([sys.executable, __file__, "--memory", what], capture_output=True, text=True, check=True)
    return int(done.stdout)


def measure_memory(what: str) -> None:
    import django

    django.setup()
    if what != "nothing":
        drain(ours(what))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def filled(postgres: Any, rows: int) -> None:
    """Rows, their lines, and a table of exactly what is exported."""
    from psycopg import sql

    from grading.exports.lines.keeping import keep_all_lines

    with postgres.connect(dbname="crs") as connection:
        connection.execute(EMPTY)
        connection.execute(FILL.format(people=rows // DOSES, doses=DOSES))
        connection.execute("ANALYZE")
        before = spent_by_server(postgres)
        keep_all_lines(clock=lambda: KEPT)
        print(f"lines written in {spent_by_server(postgres) - before:.1f} s of CPU")
        query = rows_query("BIG").as_string().removeprefix("COPY (").rpartition(") TO STDOUT")[0]
        connection.execute(sql.SQL("CREATE TABLE bench_flat AS {}").format(sql.SQL(query)))
        connection.execute("GRANT SELECT ON bench_flat TO crs_app")
        connection.execute("VACUUM ANALYZE")


WAYS: dict[str, Callable[[], Iterable[bytes]]] = {
    FLOOR: lambda: plain("TABLE bench_flat"),
    "every row made": lambda: every_row("BIG"),
    OURS: lambda: ours("BIG"),
}


def compared(postgres: Any, rounds: int) -> dict[str, float]:
    """Seconds of CPU of server and reader together, in turn: the median of each way. All give the same bytes."""
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    bytes_of = {}
    for _ in range(rounds):
        for name, way in WAYS.items():
            began = spent_by_server(postgres) + time.process_time()
            bytes_of[name] = drain(way())
            time.sleep(0.2)  # until the server has ended the connection's process and counts it
            taken[name].append(spent_by_server(postgres) + time.process_time() - began)
    assert len(set(bytes_of.values())) == 1, bytes_of
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def figures() -> list[Figure]:
    """Of a tenth of a million: the ratio does not depend on how many."""
    rows = 100_000
    with engines(durable=False, DB_POOL="0") as started:
        filled(started.postgres, rows)
        seconds = compared(started.postgres, 3)
        few, many = memory("SMALL"), memory("BIG")
    ratio = seconds[OURS] / seconds[FLOOR]
    return [Figure(
        measure=f"export of {rows:,} dose periods as CSV, 10 % open",
        floor=f"{FLOOR}: {seconds[FLOOR]:.2f} s of CPU", peer=f"every row made: {seconds['every row made']:.2f} s",
        target="1.2 times, memory flat",
        now=f"{ratio:.2f} times, {many} MB of memory ({few} MB for a tenth)", ok=ratio <= 1.2 and many <= few + 5,
    )]  # fmt: skip


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with engines(durable=False, DB_POOL="0") as started:
        filled(started.postgres, rows)
        seconds = compared(started.postgres, rounds)
        print(f"{rows} dose periods of {rows // DOSES} participants, one in {DOSES} open; medians of {rounds} rounds")
        for name, one in seconds.items():
            print(f"{name}: {one:.2f} s of CPU, {one / seconds[FLOOR]:.2f} times")
        peaks = {what: memory(what) for what in ("nothing", "SMALL", "BIG")}
        print(f"peak memory of a fresh process, MB: {peaks} (SMALL has a tenth of the rows)")


if __name__ == "__main__":
    if "--memory" in sys.argv:
        measure_memory(sys.argv[-1])
    else:
        main()
