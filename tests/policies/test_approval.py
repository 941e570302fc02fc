"""Threshold policies between draft and force: who may, what it says in the trail, and what the bedside is told by."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import Forbidden, InvalidInput, Message, NotFound
from grading.models import Alert, AlertPolicy
from grading.policies.library import parse_policy
from grading.policies.selectors import policy_in_force
from grading.policies.services import approve_policy, draft_policy
from regimens.models import Membership
from tests.builders import build_world, dose, hour, kept, stay, vitals

pytestmark = pytest.mark.django_db
TEXT = """\
title: Protocol 7, table 4
thresholds:
  - {code: new_grade, kind: crs, from_grade: 2, source: protocol 7.4}
"""


def drafted(world, *, text: str = TEXT, by=None, at=None) -> AlertPolicy:
    who = by or world.data_manager
    return draft_policy(parse_policy(text), study=world.study, by=who, reason="amendment 2", at=at or hour(0))


def approved(policy, world, *, by=None, against=None, because="discussed", at=None) -> AlertPolicy:
    against = world.policy.pk if against is None else against
    return approve_policy(
        policy.pk, against=against, because=because, by=by or world.investigator, at=at or hour(1), proof=Proof.PASSWORD
    )


def test_a_draft_tells_nobody_and_an_approved_one_does(world):
    kept(stay(world), world)
    kept(dose(world), world)
    draft = drafted(world)
    kept(vitals(world, 2, temperature_c=38.6), world)
    assert [one.policy.version for one in Alert.objects.all()] == [1]  # from grade 1 on

    approved(draft, world, at=hour(3))
    kept(vitals(world, 4), world)
    kept(vitals(world, 5, temperature_c=38.6), world)

    assert Alert.objects.count() == 1  # grade 1 is not told any more


@pytest.mark.req("R10")
def test_the_version_keeps_its_text_who_drafted_and_who_approved(world):
    made = approved(drafted(world), world, because="DSMB of May")

    made.refresh_from_db()
    assert (made.version, made.text, made.drafted_by, made.drafted_at, made.reason) == (
        2, TEXT, world.data_manager, hour(0), "amendment 2"
    )  # fmt: skip
    assert (made.approved_by, made.approved_because, made.in_force_from) == (
        world.investigator, "DSMB of May", hour(1)
    )  # fmt: skip
    insert, update = AuditEvent.objects.filter(table_name="grading_alertpolicy", row_id=str(made.pk)).order_by("id")
    assert (insert.action, insert.reason) == ("INSERT", "amendment 2")
    assert (update.action, update.reason) == ("UPDATE", "DSMB of May")
    assert f":{world.investigator.username}" in update.actor


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "investigator", "sponsor"])
def test_only_a_data_manager_drafts(world, who):
    with pytest.raises(Forbidden):
        drafted(world, by=getattr(world, who))
    assert AlertPolicy.objects.count() == 1


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "data_manager", "sponsor"])
def test_only_an_investigator_approves(world, who):
    draft = drafted(world)

    with pytest.raises(Forbidden):
        approved(draft, world, by=getattr(world, who))
    assert policy_in_force(world.study, at=hour(2)) == world.policy


def test_who_is_both_does_not_approve_what_she_drafted(world):
    with acting(by="test", reason="both roles"):
        Membership.objects.create(user=world.data_manager, study=world.study, role=Role.INVESTIGATOR.value)
    draft = drafted(world)

    with pytest.raises(Forbidden, match="drafter_approves"):
        approved(draft, world, by=world.data_manager)
    assert approved(draft, world).approved_by == world.investigator


def test_the_database_refuses_one_person_for_both_as_well(world):
    draft = drafted(world)

    with pytest.raises(IntegrityError, match="policy_two_people"), transaction.atomic(), acting(by="test", reason="x"):
        AlertPolicy.objects.filter(pk=draft.pk).update(
            approved_by=world.data_manager, approved_because="x", in_force_from=hour(1)
        )


def test_people_of_another_study_find_nothing(world):
    other = build_world("OTHER")
    draft = drafted(world)

    with pytest.raises(Forbidden):
        draft_policy(parse_policy(TEXT), study=world.study, by=other.data_manager, reason="x", at=hour(0))
    with pytest.raises(NotFound):
        approved(draft, world, by=other.investigator)


@pytest.mark.parametrize("because", ["", "  "])
def test_an_approval_says_why(world, because):
    with pytest.raises(InvalidInput) as refused:
        approved(drafted(world), world, because=because)
    assert refused.value.fields == {"because": [Message("say_why_in_force")]}


def test_an_approval_is_of_what_was_compared(world):
    one, two = drafted(world), drafted(world, text=TEXT.replace("from_grade: 2", "from_grade: 3"))
    approved(one, world)

    with pytest.raises(InvalidInput) as refused:
        approved(two, world, against=world.policy.pk)
    assert refused.value.fields["because"] == [Message("other_version_meanwhile")]
    assert approved(two, world, against=one.pk, at=hour(2)).in_force_from == hour(2)


def test_nothing_is_approved_twice(world):
    draft = drafted(world)
    approved(draft, world)

    with pytest.raises(InvalidInput) as refused:
        approved(draft, world, against=draft.pk, at=hour(2))
    assert refused.value.fields["because"] == [Message("approved_already")]
    draft.refresh_from_db()
    assert draft.in_force_from == hour(1)


def test_what_came_into_force_last_is_in_force_whatever_its_number(world):
    one, two = drafted(world), drafted(world, text=TEXT.replace("from_grade: 2", "from_grade: 3"))
    approved(two, world)
    approved(one, world, against=two.pk, at=hour(2))

    assert policy_in_force(world.study, at=hour(1.5)) == two
    assert policy_in_force(world.study, at=hour(3)) == one


def test_a_draft_that_says_the_same_is_none(world):
    draft = approved(drafted(world), world)

    with pytest.raises(InvalidInput) as refused:
        drafted(world, text=TEXT.replace("Protocol 7", "Protocol 8"), at=hour(2))
    assert refused.value.fields == {"text": [Message("policy_unchanged")]}
    assert AlertPolicy.objects.latest("version") == draft


def test_load_policy_drafts_and_approves_in_one(world, tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT)

    call_command("load_policy", "DEMO", str(path), reason="amendment 2")

    made = AlertPolicy.objects.get(version=2)
    assert made.in_force_from is not None
    assert (made.drafted_by, made.approved_by, made.approved_because, made.text) == (None, None, "amendment 2", TEXT)


def test_load_policy_with_draft_only_drafts(world, tmp_path, capsys):
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT)

    call_command("load_policy", "DEMO", str(path), draft=True)

    output = capsys.readouterr().out
    assert "~ crs new_grade from grade 1 -> 2" in output
    assert "v2 drafted, not in force" in output
    assert AlertPolicy.objects.get(version=2).in_force_from is None
    assert approved(AlertPolicy.objects.get(version=2), world).in_force_from == hour(1)


def test_load_policy_refuses_an_unknown_study(world):
    with pytest.raises(CommandError, match="no study 'NOPE'"):
        call_command("load_policy", "NOPE", draft=True)
