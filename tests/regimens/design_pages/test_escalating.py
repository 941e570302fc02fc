"""The rule of a version on counts: the contract's own answers, and each reason in words with its numbers."""

import pytest

from crsmonitor.errors import DomainError, InvalidInput
from regimens.design.contract.kinds import answer
from regimens.design_pages.escalating import (
    endpoint_of,
    escalation_of,
    escalation_page,
    evidence_rule_of,
)
from regimens.models import DesignVersion
from regimens.services.designs import create_design
from tests.builders import hour
from tests.regimens.design_pages.ladders import COMPARISON, ESCALATION, counts, version_of

DEFAULT = {"any_below": 0.1, "any_confidence": 0.9, "grade2_below": 0.05, "grade2_confidence": 0.95}


def test_other_counts_than_those_typed_are_answered_as_the_contract_does():
    rows = counts("6 mg", 6, [0, 1, 0, 0])
    answered_now = escalation_of(version_of(), rows, {"events": 0, "of": 1}, "6 mg")
    whole = answer("escalation", ESCALATION | {"data": rows, "grade3": {"events": 0, "of": 1}})
    learning = {name: ESCALATION[name] for name in ("drug", "regimens", "horizon_d")}

    assert {name: answered_now[name] for name in whole} == whole
    assert answered_now["posterior"] == answer("posterior", learning | {"data": rows})
    assert answered_now["prior"] == answer("posterior", learning | {"data": []})


def test_a_version_without_a_rule_decides_nothing():
    with pytest.raises(DomainError, match="design_without_rule"):
        escalation_of(DesignVersion(contents={"comparison": COMPARISON}), [], {"events": 0, "of": 0}, None)


def test_the_evidence_rule_is_the_versions_or_the_contracts():
    """adaptive.md: any grade below 10 % with 0.9, grade 2 or more below 5 % with 0.95."""
    assert evidence_rule_of(version_of()) == DEFAULT
    assert evidence_rule_of(version_of(evidence_rule={"any_below": 0.2})) == DEFAULT | {"any_below": 0.2}


def test_probabilities_are_of_the_endpoint_that_the_hazard_has():
    assert endpoint_of({"comparison": COMPARISON}) == "grade2plus"
    assert endpoint_of({"comparison": {"drug": "tarlatamab"}}) == "any"
    assert endpoint_of({"comparison": {"drug": "mosunetuzumab"}}) == "given"
    assert endpoint_of({"comparison": COMPARISON | {"hazard": {"smax_per_d": 1, "s50_ug_ml": 1}}}) == "given"


def test_nobody_observed_allows_no_higher_rung_and_says_how_many_are_asked():
    page = escalation_page(escalation_of(version_of(), [], {"events": 0, "of": 0}, None), "grade2plus")

    assert page.rows[0].current
    assert page.rows[0].allowed
    assert page.rows[1].reasons[0] == "0 observed in every dose period of 6 mg: 3 are asked before a higher rung."
    assert page.rows[2].reasons[-1] == "2 rungs above 6 mg: at most 1 at a time."
    assert page.rows[2].reasons[0].startswith("That its worst dose period has CRS of grade 2 or more in more than 25 %")
    assert page.sentences == ("The rule recommends to stay on 6 mg.",)
    assert not page.learned.observed


def test_many_events_stop_and_the_sentence_says_why():
    """Of 6 in a first dose period all had an event: the lowest rung's probability is above stop_at."""
    page = escalation_page(escalation_of(version_of(), counts("6 mg", 6, [6, 6, 6, 6]), {"events": 0, "of": 24}, None))

    assert (page.decision, page.recommended, page.mark.letter) == ("stop", None, "X")
    assert page.sentences[1] == "The lowest rung is too likely to be too toxic: >99 %, and from 80 % on it stops."
    assert not any(row.allowed for row in page.rows)
    assert page.learned.regimens[0].rows[0].alone == (pytest.approx(0.6700, abs=0.001), 1.0)


def test_where_none_is_allowed_and_few_were_seen_it_is_said_that_the_lowest_is_what_is_left():
    page = escalation_page(escalation_of(version_of(), counts("6 mg", 3, [1, 1, 1, 0]), {"events": 3, "of": 3}, None))

    assert page.none_allowed
    assert page.recommended == "6 mg"
    assert page.sentences[1].startswith("NO RUNG IS ALLOWED. It falls back to the lowest since only 3 of 6")


@pytest.mark.django_db
def test_a_rule_of_other_regimens_than_those_compared_is_refused(world):
    other = ESCALATION | {"regimens": [*ESCALATION["regimens"][:2], {"name": "48 mg", "doses": [{"t_d": 0, "mg": 48}]}]}
    for escalation, field in ((other, "escalation.regimens"), (ESCALATION | {"horizon_d": 30}, "escalation.horizon_d")):
        with pytest.raises(InvalidInput) as refused:
            create_design(study=world.study, name="steps", by=world.data_manager, at=hour(-1),
                          contents={"comparison": COMPARISON, "escalation": escalation})  # fmt: skip
        assert {name: one[0].code for name, one in refused.value.fields.items()} == {field: "escalation_of_others"}


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "field"), [({"any_below": 1.5}, "any_below"), ({"below": 0.1}, "below")])
def test_a_rule_of_evidence_is_read_as_the_contracts(world, rule, field):
    with pytest.raises(InvalidInput) as refused:
        create_design(study=world.study, name="steps", by=world.data_manager, at=hour(-1),
                      contents={"evidence_rule": rule})  # fmt: skip
    assert list(refused.value.fields) == [f"evidence_rule.{field}"]
