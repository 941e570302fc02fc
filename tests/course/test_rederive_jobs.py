"""manage.py rederive --jobs: several processes, one answer."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from crsmonitor.audit.acting import acting
from grading.models import Grade
from regimens.models import Participant
from tests.builders import World, dose, kept, stay, vitals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")
PEOPLE = 7


@pytest.fixture
def ward(transactional_world) -> World:
    """Seven participants, each with a dose and four sets."""
    world = transactional_world
    for number in range(PEOPLE):
        with acting(by="test", reason="one more"):
            world.participant = Participant.objects.create(
                study=world.study, site=world.site, number=f"JOBS-{number:03}", regimen=world.regimen
            )
        kept(stay(world), world)
        kept(dose(world), world)
        for h in range(1, 5):
            kept(vitals(world, h, temperature_c=38.6), world)
    return world


def begun(*words: str) -> subprocess.Popen[str]:
    url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
    environment = inherited | {
        "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "0",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "manage.py", "rederive", *words], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def ended(running: subprocess.Popen[str]) -> tuple[int, list[str]]:
    out, errors = running.communicate(timeout=600)
    assert errors == ""
    return running.returncode, out.splitlines()


def here(*words: str) -> tuple[int, list[str]]:
    """The same in this process."""
    out, code = io.StringIO(), 0
    try:
        call_command("rederive", *words, jobs=1, stdout=out)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue().splitlines()


def test_two_processes_find_what_one_finds_in_the_same_order_and_set_it_right(ward):
    Grade.objects.filter(participant__number__in=["JOBS-001", "JOBS-005"]).update(at_most=4)

    code, lines = ended(begun("--check", "--jobs", "2"))

    assert (code, lines) == here("--check")
    assert code == 1
    assert [line[:8] for line in lines[:-1]] == ["JOBS-001"] * 4 + ["JOBS-005"] * 4
    assert lines[-1] == f"{PEOPLE + 1} participants, {PEOPLE * 4} sets: 8 values differ"

    code, lines = ended(begun("--jobs", "2"))
    assert (code, lines[-1].partition(": ")[2]) == (0, "8 values differed and were made to agree")
    assert here("--check")[0] == 0


def test_ctrl_c_on_the_terminal_leaves_each_participant_whole(ward, superuser):
    """Everybody in the terminal's group gets it; the first participant is held until it was pressed."""
    Grade.objects.update(at_most=4)
    first = Participant.objects.filter(number__startswith="JOBS").earliest("pk")
    with superuser.transaction():
        superuser.execute("SELECT FROM regimens_participant WHERE id = %s FOR UPDATE", [first.pk])
        running = begun("--jobs", "2")
        try:
            wait_until_one_is_held_up(superuser)
            os.killpg(running.pid, signal.SIGINT)
            time.sleep(0.2)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)
            raise

    code, lines = ended(running)

    assert code == 130
    assert f"of {PEOPLE + 1}: run the same command again." in lines[-1]
    wrong = list(Grade.objects.filter(at_most=4).values_list("participant", flat=True))
    assert 0 < len(set(wrong)) < PEOPLE
    assert {wrong.count(pk) for pk in wrong} == {4}  # of nobody a part
    assert here()[0] == 0
    assert here("--check")[0] == 0


# Of this very transaction: others of the server belong to tests that run beside it.
HELD_UP = "SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"


def wait_until_one_is_held_up(superuser) -> None:
    end = time.monotonic() + 60
    while not superuser.execute(HELD_UP).fetchone():
        assert time.monotonic() < end, "the command never came to the participant"
        time.sleep(0.05)
