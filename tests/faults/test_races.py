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

from grading import course
from grading.models import Alert, AlertMove, Attribution, Delivery, NeuroAssessment, Treatment, VitalSigns
from grading.services.alerts import due
from tests.builders import build_world, dose, hour, kept, stay, vitals

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 8
OF_THIS_PROCESS = ("PYTEST", "COV", "CRS_TEST")
KINDS = {m.__name__: m for m in (VitalSigns, NeuroAssessment, Treatment, Attribution)}
# One process: sets in order and late, treatments, attributions, and corrections of sets that all of them correct.
WORK = """
import copy, json, random, sys, uuid
import django
django.setup()
from crsmonitor.accounts.models import User
from crsmonitor.errors import AlreadyCorrected
from grading.models import Attribution, VitalSigns
from grading.services.facts import record
from regimens.models import Participant
from tests.builders import World, draft, hour, neuro, treatment, vitals

seed, participant, nurse, investigator, shared = json.loads(sys.argv[1])
dice = random.Random(seed)
world = World(*[None] * len(World.__dataclass_fields__))
world.participant = Participant.objects.get(pk=participant)
nurse, investigator = User.objects.get(pk=nurse), User.objects.get(pk=investigator)
print("ready", flush=True)
sys.stdin.readline()
done, too_late = [], 0
for turn in range(8):
    h = 10 + dice.randrange(200) / 4
    what = dice.choice(["set", "set", "set", "neuro", "treatment", "attribution", "correction", "correction"])
    by = nurse
    if what == "neuro":
        fact = neuro(world, h, consciousness=dice.choice(["awake", "voice"]))
    elif what == "treatment":
        fact = treatment(world, h, "paracetamol", "antipyretic", dice.choice(["crs", "premedication"]))
    elif what == "attribution":
        fact = draft(Attribution, world, h, sign="hypotension", cause="bleeding", because="seen", until=hour(h + 6))
        by = investigator
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
print(json.dumps([done, too_late]), flush=True)
"""


def test_eight_processes_record_and_correct_facts_of_one_participant(capsys):
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    shared = [str(kept(vitals(world, 5 + n / 10, temperature_c=38.6), world).fact.pk) for n in range(6)]
    who = [world.participant.pk, world.nurse.pk, world.investigator.pk]
    url = os.environ["CRS_TEST_DATABASE_URL"].replace("/crs?", f"/{settings.DATABASES['default']['NAME']}?")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PROCESS)}
    environment = inherited | {
        "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "CRS_MODE": "demo", "DATABASE_URL": url, "DB_POOL": "0",
        "REDIS_URL": "redis://127.0.0.1:1/0", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, json.dumps([seed, *who, shared])], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for seed in range(PROCESSES)
    ]  # fmt: skip
    try:
        for racer in racers:
            assert racer.stdout.readline() == "ready\n", racer.stderr.read()
        for racer in racers:  # all have started: off
            racer.stdin.write("\n")
            racer.stdin.flush()
        told = [racer.communicate(timeout=60) for racer in racers]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert [racer.returncode for racer in racers] == [0] * PROCESSES, told
    answers = [json.loads(out.splitlines()[-1]) for out, _errors in told]
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
    # No alert twice: what stands open is what the course calls for, each opened once more than it was withdrawn.
    derived = course.rederive(world.participant, at=hour(100))
    assert (lambda found: (found.missing, found.surplus))(due(derived, at=hour(100))) == ([], [])
    rises = {(rise.kind, uuid.UUID(rise.look_root), rise.grade) for rise in derived.rises}
    standing = Alert.objects.exclude(state="withdrawn")
    assert sorted(standing.values_list("kind", "fact_root", "grade")) == sorted(rises)
    for alert in Alert.objects.all():
        states = list(AlertMove.objects.filter(alert=alert).order_by("pk").values_list("state", flat=True))
        assert states == ["open", "withdrawn"] * (len(states) // 2) + ["open"] * (len(states) % 2)
    keys = list(Delivery.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    # And the tables say what the facts say.
    assert list(course.differences(course.unlike(derived))) == []
    with capsys.disabled():
        late = sum(too_late for _done, too_late in answers)
        print(f"\n{len(promised)} facts by {PROCESSES} processes, {late} corrections came second, {len(rises)} rises")
