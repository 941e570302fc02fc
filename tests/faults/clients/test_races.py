"""Eight processes record and correct facts of one participant at once: nothing is lost, nothing is told twice."""

import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from grading.alerting.services.alert_differences import alert_differences
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.models import Alert, AlertEvent, Attribution, Delivery, NeuroAssessment, Treatment, VitalSigns
from tests.builders import build_world, dose, hour, kept, stay, vitals

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[3]
PROCESSES, TURNS = 8, 4
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")
KINDS = {m.__name__: m for m in (VitalSigns, NeuroAssessment, Treatment, Attribution)}
# Forked once everything is imported, and let go all at once. Each: sets in order and late, treatments, attributions,
# and corrections of sets that all of them correct.
WORK = """
import copy, json, multiprocessing, random, sys, uuid
import django
django.setup()
from django.db import connections, transaction
from crsmonitor.accounts.models import User
from crsmonitor.errors import AlreadyCorrected
from grading.models import Attribution, VitalSigns
from grading.recording.record import record
from regimens.models import Participant
from tests.builders import World, draft, hour, neuro, treatment, vitals

processes, turns, participant, nurse, investigator, shared = json.loads(sys.argv[1])
fork = multiprocessing.get_context("fork")
off = fork.Barrier(processes)

def race(seed):
    dice = random.Random(seed)
    world = World(*[None] * len(World.__dataclass_fields__))
    world.participant = Participant.objects.get(pk=participant)
    people = {pk: User.objects.get(pk=pk) for pk in (nurse, investigator)}
    with connections["default"].cursor() as cursor:  # of eight the last waits for seconds where the machine is slow
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    off.wait(300)
    done, too_late = [], 0
    for turn in range(turns):
        h = 10 + dice.randrange(200) / 4
        what = dice.choice(["set", "set", "set", "neuro", "treatment", "attribution", "correction", "correction"])
        by = people[nurse]
        if what == "neuro":
            fact = neuro(world, h, consciousness=dice.choice(["awake", "voice"]))
        elif what == "treatment":
            fact = treatment(world, h, "paracetamol", "antipyretic", dice.choice(["crs", "premedication"]))
        elif what == "attribution":
            fact = draft(Attribution, world, h, sign="hypotension", cause="bleeding", because="seen", until=hour(h + 6))
            by = people[investigator]
        else:
            fever, low = dice.random() < 0.5, dice.random() < 0.5
            fact = vitals(world, h, temperature_c=38.6 if fever else 36.8, hypotension=low, sbp=85 if low else 120)
            if what == "correction":
                fact.supersedes = VitalSigns.objects.get(pk=dice.choice(shared))
        fact.source, fact.reason = "import", "a race"
        again = copy.copy(fact)
        try:
            record(fact, by=by, at=hour(100))
            done.append([type(fact).__name__, str(fact.pk)])
            if what == "set" and dice.random() < 0.5:
                record(again, by=by, at=hour(100))  # sent again, as a tablet would
        except AlreadyCorrected:
            too_late += 1
    return done, too_late

def warm_up():  # what is made at the first call is made once, and nothing is kept of it
    world = World(*[None] * len(World.__dataclass_fields__))
    world.participant, by = Participant.objects.get(pk=participant), User.objects.get(pk=nurse)
    with transaction.atomic():
        for fact in (vitals(world, 9), vitals(world, 8), neuro(world, 9)):
            fact.source, fact.reason = "import", "warm"
            record(fact, by=by, at=hour(100))
        transaction.set_rollback(True)
    connections.close_all()

warm_up()
with fork.Pool(processes) as pool:  # each takes one, since all wait for each other
    print(json.dumps(pool.map(race, range(processes), chunksize=1)), flush=True)
"""


def test_eight_processes_record_and_correct_facts_of_one_participant(capsys):
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    shared = [str(kept(vitals(world, 5 + n / 10, temperature_c=38.6), world).fact.pk) for n in range(3)]
    who = [world.participant.pk, world.nurse.pk, world.investigator.pk]
    url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
    environment = inherited | {
        "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "0",
        "REDIS_URL": "redis://127.0.0.1:1/0", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", WORK, json.dumps([PROCESSES, TURNS, *who, shared])], cwd=ROOT, env=environment,
        text=True, capture_output=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    answers = json.loads(ran.stdout.splitlines()[-1])
    promised = [(kind, uuid.UUID(pk)) for done, _late in answers for kind, pk in done]

    # No fact that was answered for is lost, and none is there twice.
    for kind, model in KINDS.items():
        mine = {pk for name, pk in promised if name == kind}
        before = {uuid.UUID(pk) for pk in shared} if model is VitalSigns else set()
        assert set(model.objects.values_list("pk", flat=True)) == mine | before
    # Each shared set was corrected once at most; who came second was told so.
    corrected = Counter(VitalSigns.objects.exclude(supersedes=None).values_list("supersedes", flat=True))
    assert corrected
    assert set(corrected.values()) == {1}
    late = sum(too_late for _done, too_late in answers)
    assert late
    # No alert twice: what stands open is what the course calls for, each opened once more than it was withdrawn.
    derived = rederive(world.participant, at=hour(100))
    assert list(alert_differences(derived, at=hour(100))) == []
    rises = {(rise.kind, uuid.UUID(rise.observation_root), rise.grade) for rise in derived.rises}
    standing = Alert.objects.exclude(state="withdrawn")
    assert sorted(standing.values_list("kind", "fact_root", "grade")) == sorted(rises)
    for alert in Alert.objects.all():
        moves = AlertEvent.objects.filter(alert=alert, state__in=["open", "withdrawn"])  # not what was done about it
        states = list(moves.order_by("pk").values_list("state", flat=True))
        assert states == ["open", "withdrawn"] * (len(states) // 2) + ["open"] * (len(states) % 2)
    keys = list(Delivery.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    # And the tables say what the facts say.
    assert list(differences(comparison_of(derived))) == []
    with capsys.disabled():
        print(f"\n{len(promised)} facts by {PROCESSES} processes, {late} corrections came second, {len(rises)} rises")
