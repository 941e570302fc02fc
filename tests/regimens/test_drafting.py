"""A version is drafted by one person and approved by another, and only then is anybody enrolled under it."""

import pytest
from django.db import DatabaseError

from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import DomainError, Forbidden, InvalidInput, NotFound
from regimens.library import names, plan_named, read
from regimens.models import Membership, Participant, Regimen
from regimens.selectors import missing_for_enrolment
from regimens.services.drafting import approve, draft
from regimens.services.versions import OwnPlan, version_in_force
from tests.builders import RISK_WINDOWS, build_world, hour

pytestmark = pytest.mark.django_db
WHOLE = OwnPlan(
    looks={"vitals_every_h": 4, "neuro_every_h": 8, "risk_window_h": 168}, grace_minutes=20,
    untightened_because="protocol 6.3", source="protocol 6",
)  # fmt: skip


def drafted(world, *, by=None, own=WHOLE, variant="US", **more) -> Regimen:
    return draft(
        study=world.study, document=read("teclistamab"), variant=variant, by=by or world.data_manager,
        reason="protocol 2", at=hour(-100), own=own, **more,
    )  # fmt: skip


def approved(world, version, *, by=None, because="as the protocol says") -> Regimen:
    return approve(version.pk, because=because, by=by or world.investigator, at=hour(-50), proof=Proof.PASSWORD)


@pytest.mark.req("R28")
def test_a_draft_is_not_in_force_and_an_approved_one_is(world):
    version = drafted(world)
    assert (version.approved_at, version_in_force(world.study, "teclistamab")) == (None, None)

    approved(world, version)

    in_force = version_in_force(world.study, "teclistamab")
    assert (in_force, in_force.drafted_by, in_force.approved_by) == (version, world.data_manager, world.investigator)
    assert (in_force.grace_minutes, in_force.tightening, in_force.untightened_because) == (20, None, "protocol 6.3")
    assert missing_for_enrolment(in_force) == {}


@pytest.mark.req("R10")
@pytest.mark.req("R28")
def test_the_trail_keeps_who_drafted_and_who_approved_and_why(world):
    version = approved(world, drafted(world))

    events = AuditEvent.objects.filter(table_name="regimens_regimen", row_id=str(version.pk)).order_by("id")
    assert [(one.action, one.reason, one.actor.split(":")[-1]) for one in events] == [
        ("INSERT", "protocol 2", world.data_manager.username),
        ("UPDATE", "as the protocol says", world.investigator.username),
    ]


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "investigator", "sponsor"])
def test_only_a_data_manager_drafts(world, who):
    with pytest.raises(Forbidden):
        drafted(world, by=getattr(world, who))


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "data_manager", "sponsor"])
def test_only_an_investigator_approves(world, who):
    with pytest.raises(Forbidden):
        approved(world, drafted(world), by=getattr(world, who))


def test_who_drafted_it_does_not_approve_it_whatever_else_they_are(world):
    with acting(by="test", reason="two roles"):
        Membership.objects.create(user=world.investigator, study=world.study, role=Role.DATA_MANAGER.value)
    version = drafted(world, by=world.investigator)

    with pytest.raises(Forbidden, match="drafter_approves"):
        approved(world, version)
    past = acting(by="test", reason="past the service")
    with pytest.raises(DatabaseError, match="regimen_approved_by_another"), past:
        Regimen.objects.filter(pk=version.pk).update(
            approved_by=world.investigator, approved_at=hour(0), approved_because="x"
        )


def test_a_stranger_finds_no_draft(world):
    with pytest.raises(NotFound):
        approved(world, drafted(world), by=build_world("AWAY").investigator)


def test_what_does_not_say_everything_is_not_approved(world):
    for own in (
        OwnPlan(looks=RISK_WINDOWS), OwnPlan(looks=WHOLE.looks),
        OwnPlan(looks=RISK_WINDOWS, untightened_because="x"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match="draft_unfinished"):
            approved(world, drafted(world, own=own))


def test_a_draft_that_was_replaced_is_not_approved_any_more(world):
    first = drafted(world)
    second = drafted(world)

    with pytest.raises(InvalidInput, match="draft_replaced"):
        approved(world, first)
    assert approved(world, second).version == 2


def test_an_approval_is_given_once_and_says_why(world):
    version = drafted(world)
    with pytest.raises(InvalidInput, match="say_why_in_force"):
        approved(world, version, because="  ")
    approved(world, version)
    with pytest.raises(InvalidInput, match="approved_already"):
        approved(world, version)


def test_what_was_approved_is_frozen(world):
    version = approved(world, drafted(world))

    for change in (lambda: version.steps.update(vitals_every_h=1), lambda: version.save()):
        with pytest.raises(DatabaseError, match="it was approved as it stands"), acting(by="test", reason="x"):
            change()


@pytest.mark.req("R28")
def test_nobody_is_enrolled_under_a_draft(world):
    version = drafted(world)

    with pytest.raises(DatabaseError, match="is a draft"), acting(by="test", reason="x"):
        Participant.objects.create(study=world.study, site=world.site, number="X", regimen=version)


def test_an_amendment_leaves_participants_and_what_the_study_said_where_they_are(world):
    first = approved(world, drafted(world))
    with acting(by="test", reason="x"):
        someone = Participant.objects.create(study=world.study, site=world.site, number="X", regimen=first)

    second = drafted(world, own=OwnPlan(), amends=first)
    assert version_in_force(world.study, "teclistamab") == first
    approved(world, second)

    someone.refresh_from_db()
    assert (someone.regimen, version_in_force(world.study, "teclistamab"), second.amends) == (first, second, first)
    assert (second.grace_minutes, second.untightened_because) == (20, "protocol 6.3")
    assert {step.vitals_every_h for step in second.steps.all()} == {4}


def test_an_amendment_is_of_the_same_regimen(world):
    first = approved(world, drafted(world))
    with pytest.raises(DomainError, match="file_of_another"):
        draft(
            study=world.study, document=read("elranatamab"), variant="US", by=world.data_manager, reason="x",
            at=hour(0), own=WHOLE, amends=first,
        )  # fmt: skip


DIFFER = {  # docs/sources/regimens.yaml: labels of two regions that print other days, hours or, of mosunetuzumab, rules
    "epcoritamab_LBCL", "glofitamab", "linvoseltamab", "mosunetuzumab_IV", "talquetamab_biweekly", "talquetamab_weekly",
    "tebentafusp", "teclistamab",
}  # fmt: skip


def test_labels_differ_where_two_of_them_print_something_else():
    assert {name for name in names() if plan_named(name).labels_differ} == DIFFER


def test_a_draft_of_labels_that_differ_names_one(world):
    with pytest.raises(InvalidInput, match=r"label_needed.*CH, EU, US"):
        drafted(world, variant="")
