"""The rules beside a page, in a worker: ready under one more word of the policy, and failed without it."""

import json

import pytest

from grading.tablet.asked import answer
from tests.tablet.conftest import BESIDE, FILES, POLICY, a_page

QUESTION = {"ask": "grade", "kind": "crs", "seen": {"temperature_c": "38.5", "vasopressors": ["norepinephrine"]}}

pytestmark = pytest.mark.browser


def test_a_worker_answers_as_the_rules_do(browser, rules):
    with a_page(browser, rules, POLICY) as page:
        beside = page.evaluate(BESIDE, [*FILES, QUESTION])

    assert beside == {"state": "ready", "digest": json.loads(rules)["digest"], "answer": answer(QUESTION)}


def test_an_answer_stays_the_same_whenever_what_others_left_is_collected(node):
    """300 answers leave far more than is left to lie about; a collection between two changes nothing."""
    with node("{}") as ask:
        answers = {ask(QUESTION) for _ in range(300)}
        tidied = ask("tidy")
        answers.add(ask(QUESTION))

    assert (tidied, len(answers)) == ("null", 1)
    assert json.loads(answers.pop()) == answer(QUESTION)


@pytest.mark.parametrize("fault", ["policy", "engine", "rules"])
def test_what_cannot_start_says_so(fault, browser, rules):
    policy = POLICY.replace(" 'wasm-unsafe-eval'", "") if fault == "policy" else POLICY
    module, wasm, bundle = FILES
    files = ["/none.mjs" if fault == "engine" else module, wasm, "/none" if fault == "rules" else bundle]
    with a_page(browser, rules, policy) as page:
        beside = page.evaluate(BESIDE, [*files, QUESTION])

    assert beside == {"state": "failed", "digest": "", "answer": None}
