"""Which rung is given next: decided by an investigator who did not draft the design, beside what was recommended."""

import uuid

import pytest
from django.db import DatabaseError, transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, Forbidden, InvalidInput, KeyReused
from regimens.library import document_from, read
from regimens.models import CohortClearance, EscalationDecision, Signature
from regimens.selectors.decided import decisions_for
from regimens.services.deciding import Advice, decide_rung
from regimens.services.designs import create_design
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, build_world, hour, person
from tests.regimens.designs.builders import CONTENTS
from tests.stages import stage

pytestmark = pytest.mark.django_db
LADDER = {"low": "A", "middle": "B", "high": "C"}


@stage
def study():
    """A regimen in force with three cohorts, and a design drafted by the data manager whose rungs they are."""
    world = build_world("CLIMB")
    cohorts = [
        {"name": name, "ladder": {"step-up 1": dose}} for name, dose in (("A", "0.03"), ("B", "0.06"), ("C", "0.12"))
    ]
    document = document_from(dict(read("teclistamab").data) | {"cohorts": cohorts})
    world.regimen = adopt(
        study=world.study, document=document, variant="US", by="test", reason="test", at=hour(-99), looks=RISK_WINDOWS
    )  # fmt: skip
    with acting(by="test", reason="a second investigator"):
        world.second = person("climb.second", world.study, Role.INVESTIGATOR)
    world.design = create_design(
        study=world.study, name="ladder", contents=CONTENTS, by=world.data_manager, at=hour(-98)
    )  # fmt: skip
    return world


def advice_of(world, **other):
    columns = {
        "version": world.design, "regimen": world.regimen, "ladder": LADDER, "current": "low",
        "recommended": "middle", "cut": hour(0), "facts_sha256": "f" * 64, "answer": {"over": 0.125},
        "engine": "test 1",
    }  # fmt: skip
    return Advice(**columns | other)


def decide(world, rung="middle", *, advice=None, **other):
    advice = advice or advice_of(world)
    options = {
        "rung": rung, "reason": "safety meeting of 3 March", "seen": advice.seen, "by": world.investigator,
        "at": hour(1), "proof": Proof.PASSWORD, "key": uuid.uuid4(),
    }  # fmt: skip
    return decide_rung(advice, **options | other)


def test_a_decision_keeps_what_was_recommended_on_which_facts_and_is_signed(study):
    made = decide(study)

    kept = EscalationDecision.objects.values(
        "current", "rung", "recommended", "reason", "cut", "facts_sha256", "engine", "decided_by", "at", "clearance"
    ).get()
    assert kept == {
        "current": "low", "rung": "middle", "recommended": "middle", "reason": "safety meeting of 3 March",
        "cut": hour(0), "facts_sha256": "f" * 64, "engine": "test 1", "decided_by": study.investigator.pk,
        "at": hour(1), "clearance": None,
    }  # fmt: skip
    signed = Signature.objects.get(kind="escalation")
    assert (signed.record, signed.meaning, signed.by, made.is_against) == (
        str(made.pk),
        "decided",
        study.investigator,
        False,
    )
    assert not CohortClearance.objects.exists()  # nothing is cleared unless it is asked for


@pytest.mark.parametrize("rung", ["low", "high", ""])
def test_a_decision_against_the_recommendation_shows_as_such(study, rung):
    made = decide(study, rung)

    assert (made.is_against, Signature.objects.get(kind="escalation").meaning) == (True, "overridden_rule")


def test_a_recommendation_to_stop_is_followed_by_no_rung(study):
    assert not decide(study, "", advice=advice_of(study, recommended="")).is_against


def test_to_climb_may_clear_the_step_that_the_gate_asks_for_in_the_same_act(study):
    made = decide(study, clear_up_to="step-up 2")

    cleared = CohortClearance.objects.get()
    assert (made.clearance, cleared.cohort, cleared.step, cleared.cleared_by) == (
        cleared,
        "B",
        "step-up 2",
        study.investigator,
    )
    assert sorted(Signature.objects.values_list("kind", flat=True)) == ["clearance", "escalation"]


@pytest.mark.parametrize(
    ("bad", "field", "code"),
    [
        ({"rung": "highest"}, "rung", "not_a_rung"),
        ({"reason": "  "}, "reason", "say_who_decided"),
        ({"reason": "x" * 2001}, "reason", "note_length"),
        ({"rung": "middle", "clear_up_to": "step-up 9"}, "clear_up_to", "not_a_step"),
        ({"rung": "low", "clear_up_to": "step-up 1"}, "clear_up_to", "clears_a_climb_alone"),
        ({"rung": "", "clear_up_to": "step-up 1"}, "clear_up_to", "clears_a_climb_alone"),
    ],
)
def test_what_cannot_be_decided_is_refused_at_its_field_and_nothing_is_kept(study, bad, field, code):
    with pytest.raises(InvalidInput) as refused:
        decide(study, **bad)
    assert [one.code for one in refused.value.fields[field]] == [code]
    assert (EscalationDecision.objects.count(), CohortClearance.objects.count(), Signature.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "data_manager", "sponsor", "outsider"])
def test_only_who_approves_decides(study, who):
    with pytest.raises(Forbidden):
        decide(study, by=getattr(study, who))
    assert not EscalationDecision.objects.exists()


def test_who_drafted_the_design_does_not_decide_on_it(study):
    study.design = create_design(study=study.study, name="mine", contents=CONTENTS, by=study.investigator, at=hour(-97))

    with pytest.raises(Forbidden) as refused:
        decide(study)
    assert refused.value.message.code == "drafter_decides"
    assert decide(study, by=study.second).decided_by == study.second


def test_a_decision_sent_twice_is_one_and_its_key_serves_for_nothing_else(study):
    key = uuid.uuid4()
    first = decide(study, key=key)

    assert (decide(study, key=key, at=hour(2)), EscalationDecision.objects.count()) == (first, 1)
    with pytest.raises(KeyReused):
        decide(study, "high", key=key)


def test_who_decides_has_seen_the_decision_before(study):
    first = decide(study)

    with pytest.raises(DomainError) as refused:
        decide(study, "high", by=study.second)  # decided while that page was open
    assert refused.value.message.code == "decided_since"
    decide(study, "high", by=study.second, after=first.pk, at=hour(2))
    assert [one.rung for one in decisions_for(study.nurse, study.study)] == ["high", "middle"]
    assert list(decisions_for(study.nurse, study.study, until=hour(1))) == [first]
    with acting(by="test", reason="somebody of no study"):
        stranger = User.objects.create_user("climb.stranger")
    assert not decisions_for(stranger, study.study).exists()


@pytest.mark.parametrize("change", [{"facts_sha256": "e" * 64}, {"answer": {"over": 0.5}}, {"recommended": "high"}])
def test_another_recommendation_than_the_page_showed_is_looked_at_first(study, change):
    shown = advice_of(study)

    with pytest.raises(DomainError) as refused:
        decide(study, advice=advice_of(study, **change), seen=shown.seen)
    assert refused.value.message.code == "advice_changed"


def test_a_decision_is_never_changed(study):
    made = decide(study)

    for sql in ("UPDATE regimens_escalationdecision SET rung = 'high'", "DELETE FROM regimens_escalationdecision"):
        with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
            cursor.execute(sql)
    assert EscalationDecision.objects.get() == made
