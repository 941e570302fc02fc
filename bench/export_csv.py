"""ADCRSP of a million dose periods as CSV against plain COPY: python3 bench/export_csv.py [rows] [rounds]

Makes a database of its own, prints seconds, ratios and the memory of a fresh process at a tenth of the rows and
at all of them. The floors: COPY of the projection table's columns as they are, and COPY of a table that holds
exactly what our export writes.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DOSES = 10  # a participant
CUT = datetime(2027, 6, 1, tzinfo=UTC)

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


def ours(study: str) -> Iterable[bytes]:
    """The whole path below the view: scope, query, a connection of its own, blocks."""
    from grading.exports.writers import Download

    return Download(rows_query(study), user_id=1)


def plain(statement: str) -> Iterable[bytes]:
    """The same reader on a statement without any of our columns."""
    from psycopg import sql

    from grading.exports.writers import Download

    return Download(sql.SQL(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, HEADER true)"), user_id=2)


def drain(blocks: Iterable[bytes]) -> tuple[float, int]:
    """Seconds until everything is in /dev/null, and the bytes."""
    began, size = time.perf_counter(), 0
    with open("/dev/null", "wb") as out:
        for block in blocks:
            size += out.write(block)
    return time.perf_counter() - began, size


def memory(what: str) -> str:
    """Peak memory of a fresh process that does one export, in MB."""
    done = subprocess.run([sys.executable, __file__, "--memory", what], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def measure_memory(what: str) -> None:
    import django

    django.setup()
    if what != "nothing":
        drain(ours(what))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
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
            compare(postgres, rows, rounds)
        finally:
            postgres.stop()


def compare(postgres, rows: int, rounds: int) -> None:  # type: ignore[no-untyped-def]
    from django.core.management import call_command
    from psycopg import sql

    from grading.models import DosePeriod

    call_command("migrate", "--database=owner", verbosity=0)
    began = time.perf_counter()
    with postgres.connect(dbname="crs") as connection:
        connection.execute(EMPTY)
        connection.execute(FILL.format(people=rows // DOSES, doses=DOSES))
        connection.execute("ANALYZE")
        query = rows_query("BIG").as_string().removeprefix("COPY (").rpartition(") TO STDOUT")[0]
        connection.execute(sql.SQL("CREATE TABLE bench_flat AS {}").format(sql.SQL(query)))
        connection.execute("GRANT SELECT ON bench_flat TO crs_app")
        connection.execute("VACUUM ANALYZE")
        if "--explain" in sys.argv:
            plan = connection.execute("EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) " + query)
            print("\n".join(line for (line,) in plan))
    print(f"{rows} dose periods of {rows // DOSES} participants, made in {time.perf_counter() - began:.0f} s")
    names = ", ".join(f"p.{f.column}" for f in DosePeriod._meta.concrete_fields)
    of_study = "JOIN regimens_participant q ON q.id = p.participant_id WHERE q.study_id = 1"
    table = f"SELECT {names} FROM grading_doseperiod p {of_study}"
    ways: dict[str, Callable[[], tuple[float, int]]] = {
        "COPY of the table's columns": lambda: drain(plain(table)),
        "COPY of our bytes from a flat table": lambda: drain(plain("TABLE bench_flat")),
        "export": lambda: drain(ours("BIG")),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    size = dict.fromkeys(ways, 0)
    for _ in range(rounds):
        for name, run in ways.items():
            seconds, size[name] = run()
            taken[name].append(seconds)
    floors = list(ways)[:2]
    for name, seconds in taken.items():
        ratios = ", ".join(
            f"{statistics.median(s / f for s, f in zip(seconds, taken[floor], strict=True)):.2f}x" for floor in floors
        )
        took = f"median {statistics.median(seconds):.2f} s of {rounds}, {size[name] / 1e6:.0f} MB"
        print(f"{name}: {took}; to the floors: {ratios}")
    peaks = f"nothing {memory('nothing')}, {rows // 10} rows {memory('SMALL')}, {rows} rows {memory('BIG')}"
    print(f"peak memory of a fresh process, MB: {peaks}")


if __name__ == "__main__":
    if "--memory" in sys.argv:
        measure_memory(sys.argv[-1])
    else:
        main()
