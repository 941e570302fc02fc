"""AUDCFG: each change of what a study follows is a row for each value, with who (a number), when and why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.exports.keys.services import Binding, issue, revoke
from grading.models import AlertPolicy
from regimens.blinding import Profile
from regimens.models import Membership
from tests.builders import build_world, person
from tests.exports.datasets.reading import raw, rows

pytestmark = pytest.mark.django_db
NAMES = ("ROLE", "ACTION", "RECORD", "FIELD", "OLDVAL", "NEWVAL", "REASON")


def now():
    """The database keeps the trail by its own clock, which may be a moment ahead."""
    return timezone.now() + timedelta(minutes=1)


def since(world, before):
    return [tuple(row[name] for name in NAMES) for row in rows(world, "audcfg", now())[before:]]


@pytest.fixture
def before(world):
    return len(rows(world, "audcfg", now()))


def test_a_study_that_is_set_up_tells_each_value_once(world):
    trail = rows(world, "audcfg", now())

    assert {row["RECORD"] for row in trail} >= {"STUDY", "MEMBER", "POLICY", "REGIMEN", "REGIMEN STEP"}
    assert {(row["ROLE"], row["USERID"]) for row in trail} == {("COMMAND", "")}  # the test set it up
    assert [row["AUDSEQ"] for row in trail] == [str(n) for n in range(1, len(trail) + 1)]
    steps = [row for row in trail if (row["RECORD"], row["FIELD"]) == ("REGIMEN STEP", "PLANNED_DOSE")]
    assert [(row["ACTION"], row["NEWVAL"]) for row in steps] == [
        ("ADDED", "5.0000"), ("ADDED", "25.0000"), ("ADDED", "200.0000")]  # fmt: skip


def test_a_change_of_a_person_is_her_number_and_role_with_old_and_new_value_and_reason(world, before):
    with acting(by=world.investigator, reason="a late set is late sooner"):
        world.study.late_after_minutes = 20
        world.study.save()

    assert since(world, before) == [
        ("INVESTIGATOR", "CHANGED", "STUDY", "LATE_AFTER_MINUTES", "30", "20", "a late set is late sooner"),
    ]  # fmt: skip
    assert rows(world, "audcfg", now())[-1]["USERID"] == f"U{world.investigator.pk}"


def test_members_come_and_go_as_numbers(world, before):
    with acting(by=world.data_manager, reason="a new nurse"):
        nurse = person("new.nurse", world.study, Role.NURSE, world.site)
    with acting(by=world.data_manager, reason="left the ward"):
        Membership.objects.filter(user=nurse).update(ended_at=timezone.now())

    trail = since(world, before)
    assert ("DATA MANAGER", "ADDED", "MEMBER", "USER_ID", "", f"U{nurse.pk}", "a new nurse") in trail
    assert ("DATA MANAGER", "ADDED", "MEMBER", "ROLE", "", "nurse", "a new nurse") in trail
    assert [(row[1], row[3], row[6]) for row in trail if row[6] == "left the ward"] == [
        ("CHANGED", "ENDED_AT", "left the ward")]  # fmt: skip
    assert "new.nurse" not in raw(world, "audcfg", now()).decode()


def test_a_key_is_told_with_what_it_opens_and_neither_its_name_nor_its_hash(world, before):
    binding = Binding(sites=None, datasets=["adcrsp"], profile=Profile.DOSES, networks=["192.0.2.0/24"])
    with acting(by="test", reason="of the whole study"):
        manager = person("whole.data", world.study, Role.DATA_MANAGER)
    key = issue(world.study, name="acme-edc", binding=binding, days=30, by=manager, at=timezone.now())
    token = ApiToken.objects.latest("pk")
    revoke(world.study, token.pk, by=manager, at=timezone.now())

    values = {row["FIELD"]: row["NEWVAL"] for row in rows(world, "audcfg", now())[before:] if row["RECORD"] == "KEY"}
    assert (values["PROFILE"], values["DATASETS"], values["LABEL"], values["NETWORKS"]) == (
        "doses",
        '["adcrsp"]',
        "",
        "",
    )
    text = raw(world, "audcfg", now()).decode()
    assert [one for one in (key, token.digest, "acme-edc", "192.0.2") if one in text] == []


def test_a_revoked_key_has_a_row(world, before):
    binding = Binding(sites=None, datasets=["adcrsp"], profile=Profile.DOSES)
    with acting(by="test", reason="of the whole study"):
        manager = person("whole.data", world.study, Role.DATA_MANAGER)
    issue(world.study, name="edc", binding=binding, days=30, by=manager, at=timezone.now())
    made = len(rows(world, "audcfg", now()))
    revoke(world.study, ApiToken.objects.latest("pk").pk, by=manager, at=timezone.now())

    assert since(world, made) == [("DATA MANAGER", "REMOVED", "KEY", "", "", "", "")]


def test_another_study_and_what_came_after_the_cut_are_not_there(world):
    cut = timezone.now() - timedelta(days=1)
    build_world("OTHER")

    assert rows(world, "audcfg", cut) == []
    assert {row["STUDYID"] for row in rows(world, "audcfg", now())} == {"DEMO"}
    assert "OTHER" not in raw(world, "audcfg", now()).decode()


def test_who_is_blinded_is_told_no_value_of_a_regimen(world):
    text = raw(world, "audcfg", now(), profile=Profile.BLINDED).decode()

    assert [word for word in ("STEP-UP 1", ",STEP,", ",demo,", "a world for a test") if word in text] == []
    assert "REGIMEN STEP" in text  # that there is one


def test_free_texts_of_a_policy_are_not_told(world, before):
    with acting(by="test", reason="another version"):
        AlertPolicy.objects.create(
            study=world.study, version=2, title="Second", thresholds=[], text="thresholds: typed"
        )
    values = {row[3]: row[5] for row in since(world, before)}

    assert (values["VERSION"], values["TEXT"]) == ("2", "")
