"""Queries and source data verification by API: what a page can do, with a key too, and nothing for strangers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.acting import acting
from grading.models import QueryStep, SourceCheck, VitalSigns
from grading.queries.verifying import plan_verification
from grading.rules.queries.sampling import SamplingRule
from tests.builders import hour, kept, vitals

pytestmark = pytest.mark.django_db
QUERIES = "/api/v1/queries/"


def key_of(user, *scopes):
    """A client with a key of this person."""
    at = timezone.now()
    with acting(by="test", reason="a key for a test"):
        _token, key = ApiToken.issue(user=user, label="t", at=at, expires_at=at + timedelta(days=1), scopes=scopes)
    return Client(headers={"authorization": f"Token {key}"})


def sent(client, address, **body):
    return client.post(address, body, content_type="application/json")


def question(world, **changes):
    fact = VitalSigns.objects.get(superseded_by=None)
    return {
        "id": str(uuid4()), "participant": world.participant.pk, "kind": "grading_vitalsigns",
        "record": str(fact.root), "field": "temperature_c", "text": "38.6 or 36.8?",
    } | changes  # fmt: skip


def steps(query):
    return f"{QUERIES}{query}/steps/"


def test_a_query_is_opened_answered_and_closed_by_key_and_each_step_says_so(seen):
    data, nurse = key_of(seen.data_manager, "read", "write"), key_of(seen.nurse, "read", "write")
    body = question(seen)

    opened = sent(data, QUERIES, **body)
    assert (opened.status_code, opened.json()["state"], opened.json()["id"]) == (201, "open", body["id"])
    assert sent(nurse, steps(body["id"]), id=str(uuid4()), move="answered", text="38.6").json()["state"] == "answered"
    closed = sent(data, steps(body["id"]), id=str(uuid4()), move="closed")

    assert [(one["move"], one["by"], one["source"]) for one in closed.json()["steps"]] == [
        ("opened", "demo.data", "api"), ("answered", "demo.nurse", "api"), ("closed", "demo.data", "api"),
    ]  # fmt: skip
    assert nurse.get(f"{QUERIES}{body['id']}/").json()["state"] == "closed"


def test_the_list_is_narrowed_by_study_participant_and_state(seen):
    data = key_of(seen.data_manager, "read", "write")
    first, second = (sent(data, QUERIES, **question(seen)).json()["id"] for _ in range(2))
    sent(data, steps(second), id=str(uuid4()), move="closed")
    here = {"study": "DEMO", "participant": seen.participant.pk}

    narrowed = {state: [one["id"] for one in data.get(QUERIES, here | {"state": state}).json()["results"]]
             for state in ("open", "answered", "closed")}  # fmt: skip

    assert narrowed == {"open": [first], "answered": [], "closed": [second]}
    assert [one["id"] for one in data.get(QUERIES, {"limit": 1}).json()["results"]] == [first]
    assert data.get(QUERIES, {"study": "OTHER"}).json()["count"] == 0
    assert data.get(QUERIES, {"state": "lost"}).status_code == 400


def test_the_same_id_is_one_query_and_with_another_body_refused(seen):
    data, body = key_of(seen.data_manager, "write"), question(seen)

    assert [sent(data, QUERIES, **one).status_code for one in (body, body, body | {"text": "other"})] == [201, 201, 409]
    step = {"id": str(uuid4()), "move": "closed"}
    assert [sent(data, steps(body["id"]), **one).status_code for one in (step, step, step | {"text": "x"})] == [
        201, 201, 409,
    ]  # fmt: skip
    assert QueryStep.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"field": "nonsense"}, 400), ({"text": ""}, 400), ({"record": str(uuid4())}, 404), ({"kind": "auth"}, 404),
     ({"participant": 0}, 400), ({"participant": 10**12}, 404)],
)  # fmt: skip
def test_what_is_wrong_with_a_question_is_said(seen, changes, status):
    assert sent(key_of(seen.data_manager, "write"), QUERIES, **question(seen, **changes)).status_code == status


def test_who_may_do_what_and_a_stranger_finds_nothing(seen):
    body = question(seen)
    query = sent(key_of(seen.data_manager, "write"), QUERIES, **body).json()["id"]
    record = f"/api/v1/participants/{seen.participant.pk}/source-verification/"
    people = ("nurse", "investigator", "data_manager", "sponsor", "outsider")
    clients = {who: key_of(getattr(seen, who), "read", "write") for who in people}

    readers = {who: client.get(f"{QUERIES}{query}/").status_code for who, client in clients.items()}
    questions = {who: sent(client, QUERIES, **question(seen)).status_code for who, client in clients.items()}
    answers = {"id": str(uuid4()), "move": "answered", "text": "x"}
    moves = {who: sent(client, steps(query), **answers | {"move": "reopened"}).status_code
                for who, client in clients.items()}  # fmt: skip
    verifies = {who: client.get(record).status_code for who, client in clients.items()}

    assert readers == {"nurse": 200, "investigator": 200, "data_manager": 200, "sponsor": 404, "outsider": 404}
    assert questions == {"nurse": 403, "investigator": 201, "data_manager": 201, "sponsor": 403, "outsider": 404}
    assert moves == {"nurse": 403, "investigator": 400, "data_manager": 400, "sponsor": 404, "outsider": 404}
    assert verifies == {"nurse": 403, "investigator": 403, "data_manager": 200, "sponsor": 403, "outsider": 404}
    assert clients["outsider"].get(QUERIES).json()["results"] == []
    assert clients["sponsor"].get(QUERIES).status_code == 404
    assert sent(key_of(seen.data_manager, "read"), QUERIES, **question(seen)).status_code == 403


def test_records_are_marked_by_the_version_that_was_looked_at(seen):
    plan_verification(
        seen.study, SamplingRule(grade_from=1), because="plan 1", by=seen.data_manager, at=hour(1)
    )  # fmt: skip
    data, fact = key_of(seen.data_manager, "read", "write"), VitalSigns.objects.get()
    below = f"/api/v1/participants/{seen.participant.pk}/source-verification/"
    body = {"kind": "grading_vitalsigns", "record": str(fact.root), "version": str(fact.pk)}

    assert [sent(data, below, **body).json()["changed"] for _ in range(2)] == [1, 0]
    [vital_signs] = [one for one in data.get(below).json() if one["kind"] == "grading_vitalsigns"]
    assert (vital_signs["sampled"], vital_signs["state"]) == (True, "verified")
    study = data.get("/api/v1/studies/DEMO/source-verification/").json()
    assert (study["plan"]["grade_from"], study["participants"][0]["verified"]) == (1, 1)
    assert sent(data, below, **body, holds=False).status_code == 400  # why?
    assert sent(data, below, **body, holds=False, because="another chart").json() == {"changed": 1}
    assert sent(data, below, **body, names=["nonsense"]).status_code == 400
    kept(vitals(seen, 4, temperature_c=38.4, supersedes=fact, reason="mistyped"), seen, at=hour(6))
    assert sent(data, below, **body).status_code == 409
    assert SourceCheck.objects.count() == 2
    assert key_of(seen.outsider, "read").get("/api/v1/studies/DEMO/source-verification/").status_code == 404
