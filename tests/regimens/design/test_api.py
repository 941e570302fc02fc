"""POST /api/v1/design/KIND/: the same answers and faults as `manage.py design`, for who may design."""

import json

import pytest
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.acting import acting
from crsmonitor.formats.jsonl_command import ENCODER
from regimens.api.design_examples import EXAMPLES
from regimens.design.contract.kinds import AT_ONCE, KINDS, check_small, read
from regimens.management.commands.design import answer_line
from tests.regimens.design.cases import CASES, HAZARD, TRIMER

pytestmark = pytest.mark.django_db


def ask(client, kind, body):
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"/api/v1/design/{kind}/", sent, content_type="application/json")


def of_command(kind, body):
    return answer_line(json.dumps({"id": "a", "kind": kind} | body).encode())[0]


@pytest.fixture
def designer(client, world):
    client.force_login(world.sponsor)
    return client


@pytest.mark.parametrize("kind", sorted(CASES.keys() - {"operating"}))
def test_the_answer_of_the_command_to_the_last_digit(designer, kind):
    answer = ask(designer, kind, CASES[kind])
    expected = of_command(kind, CASES[kind])
    del expected["id"]

    assert (answer.status_code, "error" in expected) == (200, False)
    assert ENCODER.encode(answer.json()) == ENCODER.encode(expected)


BAD = [
    ({}, "missing_field", "kd_target_pm"),
    (TRIMER | {"x": 1}, "unknown_field", "x"),
    (TRIMER | {"kd_target_pm": 0}, "out_of_range", "kd_target_pm"),
    (TRIMER | {"kd_target_pm": "30"}, "invalid_type", "kd_target_pm"),
    (TRIMER | {"free_pm": 1}, "contradictory", "trimers_per_target"),
    (TRIMER | {"id": "a"}, "unknown_field", "id"),
    (TRIMER | {"kind": "trimer"}, "unknown_field", "kind"),
]


@pytest.mark.parametrize(("body", "code", "field"), BAD)
def test_a_fault_has_the_code_and_field_of_the_command(designer, body, code, field):
    answer = ask(designer, "trimer", body)
    problem = answer.json()

    assert (answer.status_code, answer["content-type"]) == (400, "application/problem+json")
    assert (problem["code"], problem["title"], problem["field"]) == (code, code, field)
    assert problem["errors"] == {field: [problem["detail"]]}
    if not {"id", "kind"} & set(body):
        assert of_command("trimer", body)["error"] == {name: problem[name] for name in ("code", "detail", "field")}


@pytest.mark.parametrize(("body", "code", "field"), [
    (b"{", "invalid_json", "body"),
    (b'{"free_pm": NaN}', "invalid_json", "body"),
    (b'{"free_pm": 1, "free_pm": 2}', "duplicate_key", "free_pm"),
    (b'{"\xff": 1}', "invalid_utf8", "body"),
    (b"[" * 5000, "invalid_json", "body"),
    (b"[]", "invalid_type", None),
    (b"null", "invalid_type", None),
    (b'{"\\ud800": 1}', "invalid_text", "\\ud800"),
])  # fmt: skip
def test_a_body_that_is_no_case(designer, body, code, field):
    answer = ask(designer, "trimer", body)

    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)


def test_a_paste_of_10_mb_is_refused(designer):
    assert ask(designer, "trimer", b" " * 10_000_000).status_code == 413


def test_there_is_no_other_kind(designer):
    assert ask(designer, "dose", {}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [
    ("nurse", 403), ("charge_nurse", 403), ("investigator", 200), ("data_manager", 200), ("sponsor", 200)
])  # fmt: skip
def test_who_may_design(client, world, who, status):
    client.force_login(getattr(world, who))

    assert ask(client, "trimer", TRIMER).status_code == status


def test_a_key_that_reads_may_ask_since_nothing_is_kept(client, world):
    at = timezone.now()
    with acting(by="test", reason="a key for a test"):
        _, key = ApiToken.issue(user=world.sponsor, label="design", at=at, expires_at=at + timezone.timedelta(days=1))

    answer = client.post(
        "/api/v1/design/trimer/", json.dumps(TRIMER), content_type="application/json", HTTP_AUTHORIZATION=f"Token {key}"
    )

    assert answer.status_code == 200


def test_every_kind_has_a_case_here_and_an_example_that_is_answered_at_once():
    assert set(CASES) == set(EXAMPLES) == set(KINDS)
    for kind, body in EXAMPLES.items():
        case = read(kind, json.loads(json.dumps(body)))
        if kind != "operating":  # a run, whatever its size
            check_small(kind, case, "/api/v1/designs/")


WEEKLY = [{"t_d": 7 * week, "mg": 48} for week in range(24)]
INFUSED = {  # two beginnings of steps a dose
    "drug": "mosunetuzumab", "patient": None, "doses": [{"t_d": 10 * at, "mg": 30} for at in range(100)],
}  # fmt: skip
MANY = [{"name": str(at), "doses": [{"t_d": 0, "mg": at + 1}]} for at in range(12)]


@pytest.mark.parametrize(("kind", "changes", "field"), [
    ("trial", {"patients": 2501, "draws": 2}, "patients"),
    ("cytokine", {"patients": 2001}, "patients"),
    ("operating", {"trials": 1}, "trials"),
    ("exposure", INFUSED | {"windows": [[0, 1000]]}, "doses"),
    ("risk", INFUSED | {"periods": [[0, 1000]], "last_period_d": None, "hazard": HAZARD}, "doses"),
    ("cytokine", {"patients": 2000, "horizon_h": 24_000}, "horizon_h"),
    # Each of 20 people is solved again, over four dose periods of twelve regimens.
    ("trial", {"regimens": [one | {"doses": WEEKLY[:4]} for one in MANY], "patients": 20, "horizon_d": 28}, "regimens"),
    ("posterior", {"regimens": MANY, "data": [], "pk_patients": 100, "seed": 1}, "regimens"),
    ("escalation", {"pk_patients": 1000, "seed": 1}, "regimens"),
    ("pathways", {"pk_patients": 1000, "seed": 1}, "regimens"),
    # 2,500 people with a probability each, in two draws: 12.5 million steps of a sum.
    ("surprise", {"periods": [{"label": "1", "n": 2500, "events": 5, "p": [[0.01] * 2500] * 2}]}, "periods"),
])  # fmt: skip
def test_what_costs_more_is_refused_here_alone(designer, kind, changes, field):
    case = CASES[kind] | changes
    answer = ask(designer, kind, case)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "out_of_range", field)
    assert ("/api/v1/designs/" if kind in AT_ONCE else "manage.py design") in answer.json()["detail"]
    assert read(kind, case) is not None


@pytest.mark.parametrize(("kind", "size"), [
    ("trial", 5_000), ("cytokine", 2_000), ("pathways", 64), ("operating", 0)
])  # fmt: skip
def test_the_limits_of_the_contract(kind, size):
    assert AT_ONCE[kind].size == size


def test_the_contracts_limits_are_answered(designer):
    assert ask(designer, "cytokine", CASES["cytokine"] | {"patients": 2000}).status_code == 200
    three = [{"name": "high", "doses": [{"t_d": day, "mg": 24} for day in (0, 7, 14)]}]
    case = CASES["pathways"] | {
        "regimens": [CASES["pathways"]["regimens"][0], *three],
        "next": {"regimen": "high", "n": 3},
    }
    answer = ask(designer, "pathways", case)
    assert (answer.status_code, len(answer.json()["paths"])) == (200, 64)
    larger = ask(designer, "pathways", case | {"next": {"regimen": "high", "n": 4}})
    assert (larger.status_code, larger.json()["field"]) == (400, "next.n")


def test_a_trial_of_5000_is_answered(designer):
    assert ask(designer, "trial", CASES["trial"] | {"patients": 2500, "draws": 2}).status_code == 200
