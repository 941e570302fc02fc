"""Rulings 2: every door that records what is signed, one row each. Without a signature, or with a wrong one, none does.

Keys for machines are refused at all of them before (tests/accounts/test_tokens.py).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.audit.acting import acting
from grading.bedside.kinds import AT_EDGE
from grading.models import (
    AlertPolicy,
    DataCut,
    Episode,
    EpisodeNarrative,
    Grade,
    GradeAssessment,
    IntakePolicy,
    ReviewAssignment,
    VitalSigns,
)
from grading.policies.forms import ApprovalForm as PolicyApprovalForm
from grading.recording.kinds import KINDS
from regimens.forms.approval import ApprovalForm
from regimens.library import document_from, read
from regimens.models import CohortClearance, DoseRelease, Regimen, Signature, WindowCompletion
from regimens.services.drafting import OwnPlan, draft
from regimens.services.signing import seal_of
from tests import builders
from tests.builders import World, dose, hour, kept, person, signature, stay, vitals
from tests.dosing.test_cohort_clearance import library_world  # noqa: F401
from tests.stages import stage

pytestmark = pytest.mark.django_db
Signed = dict[str, str]


@stage
def doors(library_world: World) -> World:  # noqa: F811
    """A fever after the first dose, a version of regimen and policy that wait, and a reviewer outside the ward."""
    world = library_world
    kept(stay(world, -2), world)
    kept(dose(world, 0, unit="mg/kg", route="SUBCUTANEOUS"), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    with acting(by="test", reason="a reviewer"):
        person("fih.central", world.study, Role.CENTRAL)
    about = {"kind": "crs", "about_root": Episode.objects.get().root}
    kept(builders.draft(ReviewAssignment, world, 5, why="sample", because="all", **about), world, by=world.data_manager)
    document = document_from(dict(read("elranatamab").data))
    own = OwnPlan(looks={"vitals_every_h": 4, "neuro_every_h": 8, "risk_window_h": 48}, untightened_because="test")
    draft(
        study=world.study, document=document, variant="US", by=world.data_manager, reason="test", at=hour(-50), own=own
    )
    with acting(by="test", reason="a draft"):
        AlertPolicy.objects.create(study=world.study, version=2, title="Next", thresholds=world.policy.thresholds)
    return world


def by_api(noun: str, **body: Any) -> Callable[[Client, World, Signed], Any]:
    def send(client: Client, world: World, signed: Signed) -> Any:
        values = {name: value(world) if callable(value) else value for name, value in body.items()}
        sent = {"id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat()} | values
        address = f"/api/v1/participants/{world.participant.pk}/{noun}/"
        return client.post(
            address, sent | ({"signature": signed} if signed else {}), content_type="application/json"
        )  # fmt: skip

    return send


def by_page(name: str, *args: Callable[[World], Any], **body: Any) -> Callable[[Client, World, Signed], Any]:
    def send(client: Client, world: World, signed: Signed) -> Any:
        address = reverse(name, args=[arg(world) for arg in args])
        values = {name: value(world) if callable(value) else value for name, value in body.items()}
        if name == "gate":
            values["seen"] = client.get(address).context["release"].answer_seen
        now = timezone.now().isoformat()
        return client.post(address, {"id": str(uuid.uuid4()), "opened_at": now, "dose_at": now} | values | signed)

    return send


@dataclass(frozen=True)
class Door:
    name: str
    send: Callable[[Client, World, Signed], Any]
    kept: Callable[[], int]
    who: str = "fih.investigator"


def pk(world: World) -> int:
    return world.participant.pk


def now(world: World) -> str:
    return timezone.now().isoformat()


def episode(world: World) -> str:
    return str(Episode.objects.get(kind="crs").root)


def fever(world: World) -> str:
    return str(Grade.objects.get(kind="crs").root)


def given(world: World) -> str:
    return str(world.participant.dose_facts.get().pk)


def step_2(world: World) -> int:
    return world.steps[1].pk


def waiting(world: World) -> int:
    return Regimen.objects.get(approved_at=None).pk


def next_policy(world: World) -> int:
    return AlertPolicy.objects.get(version=2).pk


def in_force(world: World) -> int:
    return world.policy.pk


OVER = {"override": True, "because": "The study says so."}
SAYS = {"agrees": False, "because": "Infection"}
FORM = {"agrees": "no", "because": "Infection", "grade": "2", "seen": 1}
ABOUT = {"kind": "crs"}
RELEASES, ASSESSED = DoseRelease.objects.count, GradeAssessment.objects.count
CLOSED, CLEARED = WindowCompletion.objects.count, CohortClearance.objects.count
ROWS = [
    Door("API: a release, by override", by_api("gate", step=2, dose_at=now, **OVER), RELEASES),
    Door("API: an investigator on an episode",
         by_api("grade-assessments", about="episode", about_root=episode, ledger="investigator", says_grade=2, **SAYS,
                **ABOUT), ASSESSED),
    Door("API: an investigator on a set",
         by_api("grade-assessments", about="set", about_root=fever, ledger="investigator", says_grade=2, **SAYS,
                **ABOUT), ASSESSED),
    Door("API: central review",
         by_api("grade-assessments", about="episode", about_root=episode, ledger="central", says_grade=2, **SAYS,
                **ABOUT), ASSESSED, "fih.central"),
    Door("API: how a window ended", by_api("window-closings", dose=given, complete=False, because="Left."), CLOSED),
    Door("page: a release, by override",
         by_page("gate", pk, form="release", how="override", step=step_2, because="The study says so."), RELEASES),
    Door("page: an investigator on an episode",
         by_page("judge", pk, lambda world: "episode", episode, **FORM), ASSESSED),
    Door("page: an investigator on a set", by_page("judge", pk, lambda world: "set", fever, **FORM), ASSESSED),
    Door("page: central review",
         by_page("judge", pk, lambda world: "episode", episode, **FORM), ASSESSED, "fih.central"),
    Door("page: how a window ended", by_page("window", pk, do="close", complete="no", because="Left."), CLOSED),
    Door("page: a cohort is cleared",
         by_page("regimen", lambda world: world.regimen.pk, cohort="A", step="step-up 2", because="DEM 3"), CLEARED),
    Door("page: a regimen is approved",
         by_page("regimen", waiting, do="approve", because="as the protocol says"),
         Regimen.objects.exclude(approved_at=None).count),
    Door("page: a threshold policy is approved",
         by_page("policy", next_policy, because="DSMB", against=in_force),
         AlertPolicy.objects.exclude(in_force_from=None).count),
    Door("page: a data cut",
         by_page("export-cuts", lambda world: world.study.code, label="dmc-1", because="safety committee"),
         DataCut.objects.count),
    Door("page: imports are let in without a person",
         by_page("intake-automatic", lambda world: world.study.code, automatic="fhir", because="pilot"),
         IntakePolicy.objects.count),
]  # fmt: skip


@pytest.mark.req("R16")
@pytest.mark.parametrize("door", ROWS, ids=lambda door: door.name)
def test_nothing_is_signed_without_the_signature_of_whoever_is_signed_in(doors, door):
    who = User.objects.get(username=door.who)
    client, before, is_api = Client(), door.kept(), door.name.startswith("API")
    client.force_login(who)

    unsigned = door.send(client, doors, {})
    assert (unsigned.status_code, door.kept()) == (400, before), unsigned.content
    if is_api:
        assert unsigned.json()["type"] == "urn:crsmonitor:signature_needed"
        assert list(unsigned.json()["errors"]) == ["signature"]
    for wrong in ({"password": "guess"}, {"name": "fih.nurse"}, signature(doors.nurse)):
        refused = door.send(client, doors, signature(who) | wrong)
        assert (refused.status_code, door.kept()) == (400, before), refused.content

    assert not Signature.objects.filter(by=who).exists()

    signed = door.send(client, doors, signature(who))
    assert (signed.status_code, door.kept()) == (201 if is_api else 302, before + 1), signed.content
    kept = Signature.objects.get(by=who)
    assert (kept.proof, kept.hash) == ("password", seal_of(kept))


@pytest.mark.req("R19")
def test_a_password_that_somebody_else_set_signs_nothing_by_api(doors):
    with acting(by="test", reason="set by an operator"):
        User.objects.filter(pk=doors.investigator.pk).update(must_change_password=True)
    client = Client()
    client.force_login(User.objects.get(pk=doors.investigator.pk))

    answer = ROWS[0].send(client, doors, signature(doors.investigator))

    assert (answer.status_code, DoseRelease.objects.count()) == (403, 0)


def test_guesses_by_api_wait_as_on_the_page_even_with_the_right_password(doors):
    client = Client()
    client.force_login(doors.investigator)
    for _ in range(5):
        ROWS[0].send(client, doors, signature(doors.investigator) | {"password": "guess"})

    answer = ROWS[0].send(client, doors, signature(doors.investigator))

    assert (answer.status_code, DoseRelease.objects.count()) == (400, 0)


def test_a_nurses_word_on_a_grade_is_no_signature_and_needs_none(doors):
    client = Client()
    client.force_login(doors.nurse)
    send = by_api("grade-assessments", about="set", about_root=fever, ledger="nurse", says_grade=2, **SAYS, **ABOUT)

    assert send(client, doors, {}).status_code == 201


# --- No door is left out ----------------------------------------------------------------------------------------------


def test_the_table_has_every_kind_that_is_signed_by_api():
    never = KINDS[VitalSigns].is_signed
    signed = {model for model, kind in KINDS.items() if kind.is_signed is not never}
    assert signed == {DoseRelease, EpisodeNarrative, GradeAssessment, WindowCompletion}
    paths = {one.path for one in AT_EDGE if one.kind.model in signed and one.path}
    assert paths | {"gate"} == {"grade-assessments", "window-closings", "gate"}
    for one in AT_EDGE:
        if one.shape is not None:
            assert ("signature" in one.shape.fields) == (one.kind.model in signed), one.path


def test_the_table_has_every_form_that_signs():
    forms = {f"{form.__module__}.{form.__name__}" for form in below(SignatureForm)}
    assert forms == {
        "grading.dosing.forms.gate.ReleaseForm",
        "grading.dosing.forms.window.ClosingForm",
        "grading.evidence.decide_form.DecideForm",  # tests/evidence/test_decide_page.py
        "grading.exports.cuts.forms.CutForm",
        "grading.intake.views.automatic.IntakePolicyForm",
        "grading.review.forms.episode.NarrativeForm",  # tests/review/test_episode_page.py
        "grading.review.signatures.forms.SignRecordForm",  # tests/review/signatures/test_pages.py
        "grading.review.forms.assessment.AssessmentForm",
        f"{PolicyApprovalForm.__module__}.ApprovalForm",
        f"{ApprovalForm.__module__}.ApprovalForm",
        "regimens.forms.clearance.ClearanceForm",
        "regimens.forms.cohort.CohortForm",  # its plan has cohorts: tests/dosing/test_cohort_change.py
    }


def below(form: type) -> set[type]:
    return {one for child in form.__subclasses__() for one in {child, *below(child)}}


def test_the_administration_signs_nothing():
    """None of what is signed is registered there, and a version's approval is no field of its form."""
    for model in (DoseRelease, GradeAssessment, WindowCompletion, CohortClearance, AlertPolicy):
        assert not admin.site.is_registered(model), model
    request = RequestFactory().get("/admin/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    fields = admin.site.get_model_admin(Regimen).get_form(request).base_fields
    assert not {name for name in fields if name.startswith("approved")}
