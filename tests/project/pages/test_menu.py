"""The menu: the doors of a role's daily work first, every other that opens behind "More", by one question."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crsmonitor.accounts.roles import MAY, Act, Role
from grading.setup.selectors import LOOKS_AFTER
from grading.words.doors import DOORS, SETS_UP, menu_of

# The acts that each page itself asks for.
ACTS = {
    "alerts": {Act.SEE_WARD}, "inbox": {Act.JUDGE, Act.DRAFT, Act.ADJUDICATE},
    "handover": {Act.SEE_WARD}, "rotas": {Act.SEE_WARD}, "queries": {Act.SEE_WARD},
    "intake": {Act.SEE_WARD},
    "disagreements": {Act.SEE_WARD, Act.ADJUDICATE},
    "regimens": {Act.SEE_STUDY}, "designs": {Act.DESIGN}, "safety-reviews": {Act.SEE_STUDY},
    "evidence-list": {Act.SEE_STUDY},
    "setups": set(LOOKS_AFTER), "tablets": {Act.RUN_WARD}, "exports": {Act.EXPORT},
}  # fmt: skip


def addresses(doors) -> list[str]:
    return [door.address for door in doors]


@pytest.mark.parametrize("role", Role)
def test_whoever_may_open_a_page_finds_its_door_once(role):
    menu = menu_of(frozenset({role}), operates=False)

    assert sorted(addresses([*menu.daily, *menu.more])) == sorted(
        name for name, acts in ACTS.items() if acts & MAY[role]
    )


@pytest.mark.parametrize(
    ("role", "daily"),
    [
        (Role.NURSE, ["alerts", "handover", "rotas"]),
        (Role.CHARGE_NURSE, ["alerts", "handover", "rotas", "tablets"]),
        (Role.INVESTIGATOR, ["alerts", "inbox", "handover", "rotas", "disagreements", "regimens"]),
        (Role.DATA_MANAGER, ["inbox", "queries", "disagreements", "regimens", "setups", "exports"]),
        (Role.SPONSOR, ["regimens", "designs", "exports"]),
        (Role.CENTRAL, ["inbox", "disagreements", "regimens"]),
    ],
)
def test_the_daily_work_of_a_role_comes_first(role, daily):
    assert addresses(menu_of(frozenset({role}), operates=False).daily) == daily


def test_an_operator_finds_setup_and_tablets_and_somebody_of_no_study_nothing():
    assert addresses(menu_of(frozenset(), operates=True).daily) == ["setups", "tablets"]
    assert menu_of(frozenset(), operates=False).daily == menu_of(frozenset(), operates=False).more == ()


def test_two_roles_have_the_doors_of_both():
    both = menu_of(frozenset({Role.NURSE, Role.SPONSOR}), operates=False)

    assert addresses(both.daily) == ["alerts", "handover", "rotas", "regimens", "designs", "exports"]


def test_the_table_of_doors_knows_what_the_checklist_knows():
    assert set(LOOKS_AFTER) == SETS_UP
    assert len(set(addresses(DOORS))) == len(DOORS)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nurse", "sponsor"])
def test_what_somebody_is_costs_a_page_one_question(client, world, who):
    client.force_login(getattr(world, who))
    client.get(reverse("account"))  # the first page of a session asks about second factors

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("account")).content.decode()

    assert len([one for one in queries if re.match(r"SELECT [^(]*FROM .regimens_membership", one["sql"])]) == 1
    assert f'href="{reverse("regimens")}"' in page
