"""One id of a client is one fact: of one kind, of one participant, through whichever door it comes."""

import random
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.models import Grade, NeuroAssessment, Treatment, VitalSigns
from regimens.models import ClientId, Dose
from tests.audit.test_audit import FACTS
from tests.bodies import ASSESSMENTS, BODIES, ENDS, NEURO, NOWHERE
from tests.builders import kept, signature, stay, vitals
from tests.course.test_rederive import run
from tests.recording.api.test_facts_api import at_once
from tests.sizes import sized

pytestmark = pytest.mark.django_db


def to(participant, path="vital-signs"):
    return f"participants/{participant.pk}/{path}/"


# --- Across kinds and participants --------------------------------------------------------------------------


def test_an_id_of_another_kind_is_refused(api, dosed, well, body):
    """Case D2: the grade row of the vital signs changed its owner."""
    nurse, sent = api(dosed.nurse), well(temperature_c=38.6)
    nurse.post(to(dosed.participant), sent)
    before = list(Grade.objects.values())

    answer = nurse.post(to(dosed.participant, "neuro-assessments"), body(**NEURO) | {"id": sent["id"]})

    assert answer.status_code == 409
    assert not NeuroAssessment.objects.exists()
    assert list(Grade.objects.values()) == before
    assert run("--check")[0] == 0


def test_an_id_of_another_participant_is_refused_whichever_the_kind(api, dosed, elsewhere, well, body):
    sent = well()
    api(dosed.nurse).post(to(dosed.participant), sent)

    for path, columns in (("vital-signs", sent), ("neuro-assessments", body(**NEURO))):
        answer = api(dosed.investigator).post(to(elsewhere, path), columns | {"id": sent["id"]})
        assert answer.status_code == 409


def test_the_same_again_is_still_the_first_answer(api, dosed, well):
    nurse, sent = api(dosed.nurse), well()

    assert [nurse.post(to(dosed.participant), sent).status_code for _ in range(2)] == [201, 200]
    assert ClientId.objects.get(pk=sent["id"]).kind == "grading_vitalsigns"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("apart", [False, True], ids=["one participant", "two participants"])
def test_of_two_at_once_one_wins(api, dosed, elsewhere, well, body, apart):
    """A set and a neuro assessment under one id, eight times at the same moment: one fact, and no answer of 500."""
    other = elsewhere if apart else dosed.participant
    sets = well()
    examinations = body(**NEURO) | {"id": sets["id"]}
    someone = [api(dosed.investigator) for _ in range(8)]
    actions = [
        lambda: someone[0].post(to(dosed.participant), sets).status_code,
        lambda: someone[1].post(to(other, "neuro-assessments"), examinations).status_code,
    ] * 4

    statuses = at_once(actions)

    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert VitalSigns.objects.count() + NeuroAssessment.objects.count() == 1


# --- What the database holds --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", FACTS, ids=lambda m: m.__name__)
def test_every_table_of_facts_registers_its_ids(model):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [model._meta.db_table])
        assert "registered_once" in {name for (name,) in cursor.fetchall()}


def test_the_tables_of_facts_are_those_of_the_models():
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact_tables()::text")
        assert {name for (name,) in cursor.fetchall()} == {model._meta.db_table for model in FACTS}


def test_the_database_refuses_the_second_fact_of_an_id_by_itself(world):
    first = kept(stay(world), world).fact
    second = vitals(world, 1)
    second.pk = second.root = first.pk
    second.recorded_by, second.recorded_at, second.digest = world.nurse, timezone.now(), "x"

    with pytest.raises(IntegrityError, match="regimens_clientid_pkey"), transaction.atomic():
        second.save()


# --- Anything under few ids ---------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("seed", range(sized(12, sample=2)))
def test_any_facts_under_few_ids_are_answered_and_leave_a_record_that_holds(api, dosed, elsewhere, seed, ago):
    dice = random.Random(seed)
    ids = [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(8)]
    clients = [api(dosed.investigator), api(dosed.nurse)]
    paths = [*BODIES, *ENDS, *ASSESSMENTS, "gate"]
    statuses = []
    for turn in range(60):
        path, participant = dice.choice(paths), dice.choice([dosed.participant, dosed.participant, elsewhere])
        answer = dice.choice(clients).post(
            to(participant, path), anything(path, dice, ids, dosed, at=ago(minutes=turn))
        )
        assert answer.status_code in (200, 201, 400, 403, 404, 409), (path, answer.content)
        statuses.append(answer.status_code)

    assert {201, 409} <= set(statuses)
    assert run("--check")[0] == 0
    rows = {(str(pk), table) for pk, table in ClientId.objects.values_list("pk", "kind")}
    assert rows == {(str(pk), m._meta.db_table) for m in FACTS for pk in m.objects.values_list("pk", flat=True)}


def anything(path, dice, ids, dosed, *, at):
    sent = dict(BODIES.get(path) or ASSESSMENTS.get(path) or {})
    if path in ENDS:
        field, model = ENDS[path]
        roots = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
        sent[f"{field}_id"] = dice.choice([*roots, dice.choice(ids)])
    if path == "window-closings":
        sent["dose_id"] = str(Dose.objects.values_list("pk", flat=True).first())
        sent.pop("dose")
    if path == "dose-checks":
        sent["dose"] = str(Dose.objects.values_list("pk", flat=True).first())
    if path == "treatment-checks":
        sent["treatment"] = dice.choice([*(str(pk) for pk in Treatment.objects.values_list("pk", flat=True)), NOWHERE])
    if path == "grade-assessments":
        sent["about_root"] = dice.choice(ids)
    if path in ("grade-assessments", "window-closings", "gate"):
        sent["signature"] = signature(dosed.investigator)
    if path == "gate":
        sent = {"step": 2, "dose_at": (timezone.now() + timedelta(hours=1)).isoformat(), "override": True,
                "because": "The study says so."}  # fmt: skip
    if path == "vital-signs":
        sent["temperature_c"] = dice.choice([36.8, 38.6])
    if dice.random() < 0.2:
        sent |= {"supersedes": dice.choice(ids)}
    return {"id": dice.choice(ids), "observed_at": at.isoformat(), "reason": "Entered by a test."} | sent
