"""Designs and runs for programs: the same as by page, for the same people, each refusal a problem at its field."""

from uuid import uuid4

import pytest
from django.test import Client

from regimens.models import DesignProgress, DesignRun
from regimens.runs import claims
from tests.builders import build_world, hour
from tests.regimens.designs.builders import BOIN, CONTENTS, TRIAL, design_of, run_row

pytestmark = pytest.mark.django_db
PEOPLE = {"nurse": 403, "charge_nurse": 403, "investigator": 201, "data_manager": 201, "sponsor": 201, "stranger": 404}


def client_of(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def post(client: Client, address: str, body: dict):
    return client.post(f"/api/v1/designs/{address}", body, content_type="application/json")


@pytest.mark.long
def test_who_may_do_what_to_designs_and_runs(world):
    """Role x route: of the ward's people and strangers none finds a design."""
    version = design_of(world)
    run = run_row(version)
    version_body = {"contents": {"comparator": BOIN | {"target": 0.3}}}
    statuses, stranger = {}, build_world("AWAY").data_manager

    for who in PEOPLE:
        user = stranger if who == "stranger" else getattr(world, who)
        client, design = client_of(user), version.design_id
        statuses[who] = (
            post(client, "", {"study": world.study.code, "name": f"of {who}", "contents": CONTENTS}).status_code,
            *(
                client.get(f"/api/v1/designs/{address}").status_code
                for address in (f"{design}/", f"{design}/versions/", f"{design}/versions/1/", f"{design}/runs/",
                                f"runs/{run.pk}/", f"runs/{run.pk}/result/")
            ),
            post(client, f"{design}/versions/", version_body).status_code,
            post(client, f"{design}/runs/", {"kind": "comparator", "input": BOIN}).status_code,
            post(client, f"runs/{run.pk}/cancel/", {}).status_code,
        )  # fmt: skip

    may = (201, 200, 200, 200, 200, 200, 404, 201, 202, 200)
    assert statuses == {who: may if code == 201 else (code, *[404] * 9) for who, code in PEOPLE.items()}


def test_the_list_holds_one_s_own_studies_alone(world):
    design_of(world)
    design_of(build_world("AWAY"), "theirs")
    client = client_of(world.sponsor)

    for query in ("", "?study=DEMO"):
        [design] = client.get(f"/api/v1/designs/{query}").json()
        assert (design["study"], design["name"], design["newest"]) == ("DEMO", "first in human", 1)
    assert client.get("/api/v1/designs/?study=AWAY").status_code == 404
    assert client_of(world.nurse).get("/api/v1/designs/").json() == []


def test_a_run_is_queued_watched_and_its_result_read(world):
    design, client, key = design_of(world).design_id, client_of(world.sponsor), str(uuid4())
    body = {"id": key, "kind": "comparator", "input": BOIN}

    first, again = (post(client, f"{design}/runs/", body) for _ in range(2))

    assert (first.status_code, again.json()) == (202, first.json())
    run = first.json()
    assert (run["id"], run["version"], run["input"], run["expected_s"]) == (key, 1, BOIN, 1)
    assert (run["progress"]["state"], run["progress"]["left_s"]) == ("queued", None)
    claim = claims.claim_next(engine=run["engine"], at=hour(0))
    claims.renew(claim, done=50, of=200, at=hour(0))
    progress = client.get(f"/api/v1/designs/runs/{key}/").json()["progress"]
    assert (progress["state"], progress["done"], progress["of"]) == ("running", 50, 200)
    assert progress["left_s"] > 0
    claims.finish(claim, '{"lambda_e":0.197}', cpu_s=1.5, done=200, at=hour(1))
    result = client.get(f"/api/v1/designs/runs/{key}/result/").json()
    assert (result["answer"], result["cpu_s"], len(result["sha256"])) == ({"lambda_e": 0.197}, 1.5, 64)
    [listed] = client.get(f"/api/v1/designs/{design}/runs/").json()
    assert listed["progress"]["state"] == "done"


def test_a_failed_run_says_why_in_words(world):
    run = run_row(design_of(world))
    claims.fail(
        claims.claim_next(engine="test", at=hour(0)),
        {"code": "not_verified", "field": None, "values": {"detail": "0.002"}}, at=hour(0),
    )  # fmt: skip

    problem = client_of(world.sponsor).get(f"/api/v1/designs/runs/{run.pk}/").json()["progress"]["problem"]

    assert (problem["code"], problem["field"]) == ("not_verified", None)
    assert "above 0.001" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"kind": "comparator", "input": {**BOIN, "target": -1}}, "out_of_range", "target"),
        ({"kind": "comparator", "input": {**BOIN, "n": [1, "2"]}}, "invalid_type", "n[1]"),
        ({"kind": "comparator", "input": {**BOIN, "x": 1}}, "unknown_field", "x"),
    ],
)
def test_what_the_contract_refuses_has_its_code_and_path(world, body, code, field):
    answer = post(client_of(world.sponsor), f"{design_of(world).design_id}/runs/", body)

    assert (answer.status_code, answer["content-type"]) == (400, "application/problem+json")
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    assert not DesignRun.objects.exists()


def test_the_size_and_the_time_of_what_is_too_large_are_said(world):
    body = {"kind": "trial", "input": TRIAL | {"patients": 100_000, "draws": 1_000}}

    answer = post(client_of(world.sponsor), f"{design_of(world).design_id}/runs/", body)

    assert answer.status_code == 400
    # 100,000,000 people at 65,000 a second are 1,538.5 s
    assert answer.json()["errors"]["patients"] == [
        "100,000,000 people to solve (people x regimens x draws), about 26 min of CPU: at most 20,000,000."
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"kind": "comparator", "input": {"design": "boin", "target": NaN, "n": [3]}}',
        b'{"kind": "comparator", "kind": "risk", "input": {}}',
        b'{"kind": "comparator", "input": []}',
        b"{",
        b'{"kind": "gone", "input": {}}',
        b'{"kind": "comparator", "input": {"design": "boin", "target": 1e999, "n": [3]}}',
        b'{"kind": "comparator", "input": {}, "version": 7}',
    ],
)
def test_a_bad_body_is_a_problem_and_leaves_nothing(world, raw):
    client = client_of(world.sponsor)

    answer = client.post(
        f"/api/v1/designs/{design_of(world).design_id}/runs/", raw, content_type="application/json"
    )  # fmt: skip

    assert answer.status_code in (400, 404)
    assert answer["content-type"] == "application/problem+json"
    assert not DesignProgress.objects.exists()


def test_a_version_that_somebody_saved_since_is_a_conflict(world):
    design, client = design_of(world).design_id, client_of(world.sponsor)
    contents = [{"comparator": BOIN | {"target": target}} for target in (0.2, 0.3)]

    first, second = (post(client, f"{design}/versions/", {"contents": one, "after": 1}) for one in contents)

    assert (first.status_code, first.json()["number"], second.status_code) == (201, 2, 409)
    assert "version 2" in second.json()["detail"]


def test_what_was_sent_before_its_answer_was_lost_makes_nothing_new(world):
    """The id is the sender's: the first answer again, also after another version; with another body 409."""
    client, key, other = client_of(world.sponsor), str(uuid4()), {"comparator": BOIN | {"target": 0.3}}
    new = {"id": key, "study": "DEMO", "name": "by program", "contents": CONTENTS}
    made = post(client, "", new)
    design = made.json()["id"]
    version = {"id": str(uuid4()), "contents": other, "after": 1, "note": "less"}

    saved = post(client, f"{design}/versions/", version)
    post(client, f"{design}/versions/", {"contents": {"comparator": BOIN | {"target": 0.2}}})

    assert (made.status_code, saved.json()["number"]) == (201, 2)
    assert (post(client, "", new).status_code, post(client, "", new).json()["id"]) == (201, design)
    again = post(client, f"{design}/versions/", version)
    assert (again.status_code, again.json()) == (201, saved.json())
    for address, body in (
        ("", new | {"name": "another"}),
        ("", new | {"contents": other}),
        (f"{design}/versions/", version | {"note": ""}),
        (f"{design}/versions/", {"id": key, "contents": CONTENTS}),
    ):  # fmt: skip
        assert post(client, address, body).status_code == 409
    assert post(client_of(world.data_manager), "", new).status_code == 409  # who has not made it
    assert [one["number"] for one in client.get(f"/api/v1/designs/{design}/versions/").json()] == [3, 2, 1]
