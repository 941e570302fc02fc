"""CPU of the evidence page of 500 participants against the ward board of 60 beds: python3 dev.py bench evidence_page

Medians of rounds in turn, in one process, four dose periods a participant and nothing recorded in between. Target: at
most 3x the board, 1.5x aimed at.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from bench.engines import engines

BEDS, PEOPLE, ROUNDS = 60, 500, 15
DOSES = """
CREATE TEMP TABLE given AS SELECT p.id AS participant, p.number, d.id AS dose, gen_random_uuid() AS copy
  FROM regimens_participant p, (SELECT id FROM regimens_dose WHERE participant_id = %(of)s) d
 WHERE p.study_id = %(study)s AND p.id <> %(of)s;
INSERT INTO regimens_dose (id, root, participant_id, {dose})
SELECT g.copy, g.copy, g.participant, {dose} FROM given g JOIN regimens_dose d ON d.id = g.dose;
INSERT INTO grading_doseperiod (dose_id, participant_id, subject_number, {period})
SELECT g.copy, g.participant, g.number, {period} FROM given g JOIN grading_doseperiod d ON d.dose_id = g.dose;
"""


def copied_periods(of: int, study: int) -> None:
    """The doses of one participant, and what was derived of them, for everybody of the study."""
    from django.db import connection

    from crsmonitor.audit.acting import acting
    from grading.models import DosePeriod
    from regimens.models import Dose

    def besides(model: type, *names: str) -> str:
        return ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.column not in names)

    text = DOSES.format(
        dose=besides(Dose, "id", "root", "participant_id"),
        period=besides(DosePeriod, "dose_id", "participant_id", "subject_number"),
    )
    with acting(by="bench", reason="bench"), connection.cursor() as cursor:
        for command in text.split(";")[:-1]:
            cursor.execute(command, {"of": of, "study": study})


def cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with engines(DB_POOL="0"):
        from django.test import Client
        from django.test.utils import override_settings
        from django.utils import timezone

        from bench.glass.board import copies
        from tests.builders import build_world, dose, hour, kept, neuro, stay, vitals

        ward, trial = build_world(), build_world("TRIAL")
        moved = timezone.now() - hour(6)  # the board shows who is in a window now
        for fact in (stay(ward), dose(ward), vitals(ward, 2, temperature_c=38.4), neuro(ward, 3)):
            fact.observed_at += moved
            kept(fact, ward, at=fact.observed_at + timedelta(minutes=1))
        copies(ward.participant.pk, 1, BEDS - 1)
        for week in range(4):
            kept(dose(trial, 168 * week, step=min(week, 2)), trial)
            kept(vitals(trial, 168 * week + 4, temperature_c=38.4 if week < 2 else 36.8), trial)
        copies(trial.participant.pk, 1, PEOPLE - 1)
        copied_periods(trial.participant.pk, trial.study.pk)

        def page(who: object, address: str) -> Callable[[], object]:
            client = Client(SERVER_NAME="localhost")
            client.force_login(who)

            def ask() -> None:
                assert client.get(address).status_code == 200

            return ask

        ways = {
            f"board of {BEDS} beds": page(ward.investigator, "/"),
            f"evidence of {PEOPLE} participants": page(trial.investigator, "/evidence/TRIAL/"),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        with override_settings(
            STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        ):
            for ask in ways.values():
                ask()  # templates are loaded once
            for _ in range(rounds):
                for name, ask in ways.items():
                    taken[name].append(cpu_s(ask))
        board = statistics.median(taken[f"board of {BEDS} beds"])
        for name, times in taken.items():
            middle = statistics.median(times)
            print(f"{name:34} {middle * 1e3:7.1f} ms of CPU {middle / board:6.2f} x the board")


if __name__ == "__main__":
    main()
