"""The grader's door in the API gives the answers of `manage.py grade`."""

import json

import pytest

from grading.management.commands.grade import answer_line

pytestmark = pytest.mark.django_db

VALID = [
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": 38.0}}',
    '{"id": "2", "kind": "crs", "inputs": {"temperature_c": 37.999999999999999999999, "sbp": 120, "spo2": 97}}',
    (
        '{"id": "3", "kind": "crs", "inputs": {"temperature_c": 38.6, "sbp": 85, "hypotension": true,'
        ' "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 6.0000000001}}'
    ),
    '{"id": "4", "kind": "crs", "inputs": {"temperature_c": 3.86e1, "vasopressors": ["norepinephrine", "other"]}}',
    '{"id": "5", "kind": "crs", "inputs": {"prior_crs_fever_this_episode": null}}',
    '{"id": "6", "kind": "crs", "inputs": {"died_of_crs": true}}',
    (
        '{"id": "7", "kind": "icans", "inputs": {"ice": {"year": true, "month": true, "city": true, "hospital": true,'
        ' "naming": 2, "command": true, "writing": true, "attention": false}, "consciousness": "awake"}}'
    ),
    '{"id": "8", "kind": "icans_ped", "inputs": {"capd_score": 12, "consciousness": "voice"}}',
    '{"id": "\\u00e9\\u4e2d", "kind": "icans", "inputs": {}}',
]
NOT_VALID = [
    "[]x", "", "nothing", "null", "7", '"text"',
    '{"kind": "crs", "inputs": {}}',
    '{"id": 7, "kind": "crs", "inputs": {}}',
    '{"id": "1", "inputs": {}}',
    '{"id": "1", "kind": "crs"}',
    '{"id": "1", "kind": "nausea", "inputs": {}}',
    '{"id": "1", "kind": "crs", "temperature_c": 38, "inputs": {}}',
    '{"id": "1", "kind": "crs", "inputs": []}',
    '{"id": "1", "kind": "crs", "inputs": {"temp": 38}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": "38"}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": true}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": 72}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": 1e400}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": 1e9999999999999999999}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": NaN}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": -Infinity}}',
    '{"id": "1", "kind": "crs", "inputs": {"temperature_c": 38, "temperature_c": 36}}',
    '{"id": "1", "kind": "crs", "inputs": {"sbp": 70, "dbp": 90}}',
    '{"id": "1", "kind": "crs", "inputs": {"oxygen_device": "straw"}}',
    '{"id": "1", "kind": "crs", "inputs": {"vasopressors": ["none"]}}',
    '{"id": "1", "kind": "icans", "inputs": {"ice": {"naming": 4}}}',
    '{"id": "1", "kind": "icans", "inputs": {"ice": {"colour": true}}}',
    '{"id": "1", "kind": "icans", "inputs": {"icp_signs": "papilloedema"}}',
    "[" * 100_000,
    '{"id": "1", "n": ' + "9" * 10_000 + "}",
]  # fmt: skip


@pytest.mark.parametrize("case", VALID)
def test_a_case_gets_the_commands_answer(api, world, case):
    answer = api(world.nurse).post("grade/", case.encode())

    assert (answer.status_code, answer.json()) == (200, answer_line(case.encode())[0])


@pytest.mark.parametrize("case", NOT_VALID, ids=lambda case: case[:60])
def test_a_bad_case_is_a_problem_with_the_commands_code_and_field(api, world, case):
    error = answer_line(case.encode())[0]["error"]

    answer = api(world.nurse).post("grade/", case.encode())

    assert (answer.status_code, answer["content-type"]) == (400, "application/problem+json")
    code = error["code"] if case else "missing_field"  # DRF reads an empty body as an empty object
    assert answer.json()["code"] == code
    assert list(answer.json()["errors"]) == [error["field"] or ("body" if case else "id")]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b'{"id": "\\u0000"}', "id"), (b'{"id": "\\ud800"}', "id"), (b'{"a\\udfff": 1}', "a\\udfff"),
        (b'{"id": {"x": ["a", "\\u0000"]}}', "x"), (b'{"id": "\xff"}', "body"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "\\ud800"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_kept_or_told_again_is_refused(api, world, text, field):
    answer = api(world.nurse).post("grade/", text)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_whole_surrogate_pair_is_a_character(api, world):
    case = b'{"id": "\\ud83d\\ude00", "kind": "crs", "inputs": {}}'

    assert api(world.nurse).post("grade/", case).json()["id"] == "\U0001f600"


def test_a_list_is_answered_in_its_order_with_errors_in_place(api, world):
    cases = [json.loads(case) for case in VALID] + [{"id": "x", "kind": "nausea"}, 7]

    answer = api(world.nurse).post("grade/", cases)

    assert answer.json() == [answer_line(json.dumps(case).encode())[0] for case in cases]


def test_a_list_is_of_at_most_1000_cases(api, world):
    nurse = api(world.nurse)

    assert nurse.post("grade/", [{}] * 1000).status_code == 200
    assert nurse.post("grade/", [{}] * 1001).json()["code"] == "too_many"


def test_a_body_beyond_the_limit_is_413(api, world):
    assert api(world.nurse).post("grade/", b'{"id": "' + b"x" * 10_000_000 + b'"}').status_code == 413


def test_other_than_json_is_415(api, world):
    answer = api(world.nurse).client.post("/api/v1/grade/", b"id=1", content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 415


def test_a_stranger_is_not_answered(api):
    assert api(None).post("grade/", {"id": "1", "kind": "crs", "inputs": {}}).status_code == 401


def test_there_is_no_query_but_the_sign_in(api, world, django_assert_num_queries):
    nurse = api(world.nurse)

    with django_assert_num_queries(0):  # the sign-in goes through crsmonitor.database.rows
        nurse.post("grade/", {"id": "1", "kind": "crs", "inputs": {}})
