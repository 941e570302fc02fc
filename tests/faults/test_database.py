"""The database dies in the middle of a record, or its disk is full: what was answered is kept, the rest comes again."""

import contextlib
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from crsmonitor import embedded
from grading.models import Alert, VitalSigns
from tests.faults.rig.clusters import a_database_of_its_own, kill
from tests.faults.rig.stack import all_arrived, blocked, nobody_is_called_again, unsent, until, ward
from tests.faults.rig.tablets import FEVERISH, NO_ANSWER, Tablet, a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

SMALL_MB = 200  # of a cluster of 60 that is about to write


def kept_ids() -> list[str]:
    return sorted(map(str, VitalSigns.objects.values_list("pk", flat=True)))


def test_the_database_is_killed_in_the_middle_of_a_record_and_comes_back(stack, hook):
    with a_database_of_its_own(stack, stack.folder) as postgres, ThreadPoolExecutor(1) as thread:
        server = stack.server()
        stack.worker(), stack.beat()
        stack.until_ready(1)
        (first, a), (second, b) = ((Tablet(server, ward(hook, code=c)), a_set(**FEVERISH)) for c in ("ONE", "TWO"))
        with contextlib.closing(psycopg.connect(postgres.url(embedded.SUPERUSER))) as holder:
            holder.execute("SELECT FROM regimens_participant WHERE number = 'TWO-001' FOR UPDATE")
            halfway = thread.submit(second.send, b)
            until(blocked, 20, "its transaction has begun")
            assert first.send(a) == 201
            kill(postgres)
        assert halfway.result() in (NO_ANSWER, 500, 503)
        assert first.send(a_set()) in (NO_ANSWER, 500, 503)

        postgres.start()
        assert kept_ids() == [a["id"]]  # all of what was answered, and nothing by halves
        assert Alert.objects.count() == 1
        assert (first.send_until_taken(a), second.send_until_taken(b)) == (200, 201)
        nobody_is_called_again()
        took = until(lambda: unsent() == 0, 20, "the workers have found the database again")

        assert kept_ids() == sorted([a["id"], b["id"]])
        assert Alert.objects.count() == 2
        assert set(all_arrived(stack, hook).values()) <= {1, 2}  # sent, and killed before it was written down
        print(f"delivered {took:.1f} s after the tablets were answered")


# --- A full disk ------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(state_folder):
    """A file system of SMALL_MB."""
    place = state_folder / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_MB}m,mode=755", "crs-test", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(65536))
        except OSError:
            return


def test_the_disk_of_the_database_is_full_and_loses_nothing_that_was_answered(small_disk, stack, hook):
    with a_database_of_its_own(stack, small_disk) as postgres:
        server = stack.server()
        stack.worker(), stack.beat()
        stack.until_ready(1)
        tablets = [Tablet(server, ward(hook, code=f"S{n}")) for n in range(4)]
        before = [a_set(**FEVERISH) for _ in range(2)]
        assert [tablet.send(body) for tablet, body in zip(tablets, before, strict=False)] == [201, 201]

        fill(small_disk / "ballast")
        with pytest.raises(psycopg.Error), psycopg.connect(postgres.url(embedded.SUPERUSER), autocommit=True) as busy:
            busy.execute("CREATE TABLE filler (what text)")
            for _ in range(40):  # what the log of the database has set aside is soon used up
                busy.execute("INSERT INTO filler SELECT repeat(md5(n::text), 50) FROM generate_series(1, 2000) n")
                busy.execute("SELECT pg_switch_wal()")
        during = [a_set(**FEVERISH) for _ in range(2)]
        answers = [tablet.send(body) for tablet, body in zip(tablets[2:], during, strict=True)]
        assert 400 not in answers

        (small_disk / "ballast").unlink()
        if not postgres.running or not postgres.answers(postgres.port):
            kill(postgres)
            postgres.start()
        again = [tablet.send_until_taken(body) for tablet, body in zip(tablets[2:], during, strict=True)]
        assert all(second == 200 for first, second in zip(answers, again, strict=True) if first == 201)
        nobody_is_called_again()
        until(lambda: unsent() == 0, 25, "the workers have found the database again")

        assert kept_ids() == sorted(body["id"] for body in before + during)
        assert Alert.objects.count() == 4
        assert set(all_arrived(stack, hook).values()) <= {1, 2}
