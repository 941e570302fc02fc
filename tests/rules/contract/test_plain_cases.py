"""A plain case that is read and answered quickly has the contract's answer, to the byte; any other is left to it."""

import json
import random

import pytest

from crsmonitor.formats.jsonl_command import ENCODER
from grading.management.cases.telling import quick_answer
from grading.management.commands.grade import answer_line
from tests.rules.grades.oracle import cases
from tests.sizes import sized

LOOKS = sized(6_000, sample=700)
WRITTEN = (lambda value: value, str, bool, lambda value: None, lambda value: [value], lambda value: {"a": value})


def by_the_contract(line):
    return ENCODER.encode(answer_line(line)[0]) + "\n"


def line_of(kind, inputs, case_id="p-1"):
    return json.dumps({"id": case_id, "kind": kind, "inputs": inputs}, default=float).encode()


def drawn(rng, kind):
    if kind != "crs":
        return cases.icans(rng, child=kind == "icans_ped")
    look = cases.crs(rng)
    if rng.random() < 0.8:
        look.pop("running", None)  # which is nested, and left to the contract
    return look


@pytest.mark.parametrize("kind", ["crs", "icans", "icans_ped"])
def test_random_cases_are_answered_as_by_the_contract(kind):
    rng, quick = random.Random(f"plain {kind}"), 0
    for _ in range(LOOKS):
        line = line_of(kind, drawn(rng, kind))
        text = quick_answer(line)
        assert text in (None, by_the_contract(line)), line
        quick += text is not None

    assert quick > LOOKS // 3


@pytest.mark.parametrize("kind", ["crs", "icans", "icans_ped"])
def test_a_value_that_is_written_otherwise_is_never_taken_for_another(kind):
    rng = random.Random(f"otherwise {kind}")
    for _ in range(LOOKS):
        inputs = drawn(rng, kind)
        within = inputs["ice"] if isinstance(inputs.get("ice"), dict) and rng.random() < 0.5 else inputs
        name = rng.choice(sorted(within))
        line = line_of(kind, inputs | {name: rng.choice((*WRITTEN, int, float))(1)}) if within is inputs else None
        line = line or line_of(kind, inputs | {"ice": within | {name: rng.choice(WRITTEN)(1)}})

        assert quick_answer(line) in (None, by_the_contract(line)), line


SET = b'"temperature_c": 38.5, "sbp": 120, "dbp": 70, "hypotension": false, "fluid_bolus": false, "vasopressors": []'
PLAIN = b'{"id": "a", "kind": "crs", "inputs": {%s}}'
LEFT = {
    "a name twice": PLAIN % (SET + b', "sbp": 80'),
    "a name twice, first null": PLAIN % (b'"spo2": null, ' + SET + b', "spo2": 97'),
    "an id twice": b'{"id": "b", "id": "a", "kind": "crs", "inputs": {%s}}' % SET,
    "a kind twice": b'{"id": "a", "kind": "crs", "kind": "crs", "inputs": {%s}}' % SET,
    "inputs twice": b'{"id": "a", "kind": "crs", "inputs": {}, "inputs": {%s}}' % SET,
    "an item of ICE twice": b'{"id": "a", "kind": "icans", "inputs": {"ice": {"year": true, "year": false}}}',
    "a name that nobody knows": PLAIN % (SET + b', "spO2": 80'),
    "an input beside the inputs": b'{"id": "a", "kind": "crs", "sbp": 80, "inputs": {%s}}' % SET,
    "a series": b'{"id": "a", "kind": "series", "events": []}',
    "no kind": b'{"id": "a", "inputs": {%s}}' % SET,
    "no id": b'{"kind": "crs", "inputs": {%s}}' % SET,
    "an id that is a number": b'{"id": 1, "kind": "crs", "inputs": {%s}}' % SET,
    "an id with an escape": b'{"id": "a\\"b", "kind": "crs", "inputs": {%s}}' % SET,
    "an id beyond ASCII": '{"id": "å", "kind": "crs", "inputs": {}}'.encode(),
    "an id with a sign that nobody sees": b'{"id": "a\x7f", "kind": "crs", "inputs": {%s}}' % SET,
    "a value out of range": PLAIN % b'"sbp": 301',
    "a pressure below the lower one": PLAIN % b'"sbp": 60, "dbp": 80',
    "a value with more decimals than are kept": PLAIN % b'"temperature_c": 37.99999999',
    "what runs beside the set": PLAIN % (SET + b', "running": {"oxygen": true}'),
    "a number that is a text": PLAIN % b'"sbp": "90"',
    "a number that is a truth": PLAIN % b'"sbp": true',
    "a truth that is a number": PLAIN % b'"hypotension": 0',
    "a naming of more than three": b'{"id": "a", "kind": "icans", "inputs": {"ice": {"naming": 4}}}',
    "a score of a child for an adult": b'{"id": "a", "kind": "icans", "inputs": {"capd_score": 3}}',
    "no drug": PLAIN % b'"vasopressors": ["none"]',
    "more after it": PLAIN % SET + b" {}",
    "nothing": b"",
}


@pytest.mark.parametrize("why", LEFT)
def test_what_is_not_plain_is_left_to_the_contract(why):
    assert quick_answer(PLAIN % SET) is not None
    assert quick_answer(LEFT[why]) is None


@pytest.mark.parametrize("written", ["38", "38.0", "38.00", "3.8e1", "-0", "1", "0", "37.95"])
def test_a_number_is_told_as_it_was_written(written):
    line = PLAIN % f'"temperature_c": {written}, "sbp": {written}, "spo2": {written}'.encode()

    assert quick_answer(line) in (None, by_the_contract(line))


def test_an_id_may_have_colons_and_a_line_its_end():
    line = b' {"inputs": {%s}, "id": "site 1: bed 2", "kind": "crs"} \r' % SET

    assert quick_answer(line) == by_the_contract(line)
