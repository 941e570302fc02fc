"""The checklist: one row for each thing that issue and rulings ask for before anybody is enrolled."""

from dataclasses import replace

import pytest

from crsmonitor.accounts.roles import Role
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.setup.readiness import (
    Item,
    RegimenFacts,
    RowStanding,
    SiteFacts,
    StudyFacts,
    checklist,
    missing_at,
)

NURSE, INVESTIGATOR = OnCallRole.ASSIGNED_NURSE, OnCallRole.ON_CALL_INVESTIGATOR
SITE = SiteFacts(
    code="TPE", zone_known=True, roles=frozenset({Role.NURSE, Role.INVESTIGATOR}), on_call=(NURSE, INVESTIGATOR),
    callable=frozenset({NURSE, INVESTIGATOR}), rota_gaps=frozenset(), has_phone_tree=True,
)  # fmt: skip
REGIMEN = RegimenFacts(name="tec v1", missing={}, tightening_decided=True)
READY = StudyFacts(
    sites=(SITE,), has_data_manager=True, regimens=(REGIMEN,), drafts=(), policy_in_force=True, policy_drafted=False,
    tokens=0,
)  # fmt: skip
EMPTY = StudyFacts(
    sites=(), has_data_manager=False, regimens=(), drafts=(), policy_in_force=False, policy_drafted=False, tokens=0
)


def codes(facts: StudyFacts, item: Item) -> list[str]:
    (row,) = [one for one in checklist(facts) if one.item is item]
    return [one.code for one in row.shortfalls]


def missing(facts: StudyFacts) -> set[Item]:
    return {row.item for row in checklist(facts) if row.standing is RowStanding.MISSING}


def test_there_is_a_row_for_each_item_in_order():
    assert [row.item for row in checklist(READY)] == list(Item)


def test_a_study_with_everything_is_ready():
    assert missing(READY) == set()
    assert missing_at(checklist(READY), "TPE") == ()


def test_of_an_empty_study_everything_is_missing():
    """Nobody looked is never normal: a study without a site has no row of its sites done."""
    assert [row.item for row in checklist(EMPTY) if row.standing is RowStanding.DONE] == []
    assert missing(EMPTY) == set(Item) - {Item.ROTA, Item.TOKENS}


AT_SITE = [
    ("an unknown zone", {"zone_known": False}, Item.SITES, ["zone_unknown"]),
    ("no nurse", {"roles": frozenset({Role.INVESTIGATOR})}, Item.PEOPLE, ["no_nurse"]),
    ("a sponsor is no nurse", {"roles": frozenset({Role.INVESTIGATOR, Role.SPONSOR})}, Item.PEOPLE, ["no_nurse"]),
    ("no investigator", {"roles": frozenset({Role.NURSE})}, Item.PEOPLE, ["no_investigator"]),
    ("nobody by turns", {"on_call": ()}, Item.ESCALATION, ["no_escalation"]),
    ("no tested channel", {"callable": frozenset({NURSE})}, Item.CHANNELS, ["nobody_callable"]),
    ("no phone tree", {"has_phone_tree": False}, Item.PHONE_TREE, ["no_phone_tree"]),
]


@pytest.mark.parametrize(("what", "changes", "item", "expected"), AT_SITE, ids=[row[0] for row in AT_SITE])
def test_what_a_site_lacks(what, changes, item, expected):
    facts = replace(READY, sites=(replace(SITE, **changes), replace(SITE, code="PAR")))

    assert codes(facts, item) == expected
    assert item in missing(facts)
    assert expected[0] in {one.code for one in missing_at(checklist(facts), "TPE")}


@pytest.mark.parametrize(("what", "changes", "item", "expected"), AT_SITE[:-3] + AT_SITE[-2:], ids=lambda one: "")
def test_what_one_site_lacks_keeps_no_other_from_enrolling(what, changes, item, expected):
    facts = replace(READY, sites=(replace(SITE, **changes), replace(SITE, code="PAR")))

    assert missing_at(checklist(facts), "PAR") == ()


def test_a_charge_nurse_counts_as_nurse():
    facts = replace(READY, sites=(replace(SITE, roles=frozenset({Role.CHARGE_NURSE, Role.INVESTIGATOR})),))

    assert missing(facts) == set()


OF_STUDY = [
    ("no data manager", {"has_data_manager": False}, Item.PEOPLE, ["no_data_manager"]),
    ("no regimen", {"regimens": ()}, Item.REGIMEN, ["no_regimen"]),
    ("only a draft", {"regimens": (), "drafts": ("tec v1",)}, Item.REGIMEN, ["regimen_waits"]),
    ("no plan", {"regimens": (replace(REGIMEN, missing={"vitals_every_h": ["1"]}),)}, Item.OBSERVATION, ["steps_lack"]),
    ("undecided", {"regimens": (replace(REGIMEN, tightening_decided=False),)}, Item.TIGHTENING,
     ["tightening_undecided"]),
    ("no policy", {"policy_in_force": False}, Item.POLICY, ["no_policy"]),
    ("a drafted policy", {"policy_in_force": False, "policy_drafted": True}, Item.POLICY, ["policy_waits"]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "item", "expected"), OF_STUDY, ids=[row[0] for row in OF_STUDY])
def test_what_a_study_lacks_holds_at_every_site(what, changes, item, expected):
    facts = replace(READY, **changes)

    assert codes(facts, item) == expected
    assert expected[0] in {one.code for one in missing_at(checklist(facts), "TPE")}


def test_one_regimen_that_is_whole_is_enough():
    unfinished = replace(REGIMEN, name="tal v1", missing={"risk_window_h": ["1"]}, tightening_decided=False)

    assert missing(replace(READY, regimens=(unfinished, REGIMEN))) == set()


def test_a_gap_in_the_rota_is_advice_and_keeps_nobody_from_enrolling():
    facts = replace(READY, sites=(replace(SITE, rota_gaps=frozenset({NURSE})),))

    assert codes(facts, Item.ROTA) == ["hours_without"]
    assert missing(facts) == set()
    assert missing_at(checklist(facts), "TPE") == ()


def test_the_number_of_keys_is_told_and_asks_for_nothing():
    (row,) = [one for one in checklist(replace(READY, tokens=3)) if one.item is Item.TOKENS]

    assert (row.standing, row.shortfalls[0].values) == (RowStanding.INFORMATION, {"count": "3"})
