"""R18, the rows of docs/signatures.md that no fact makes: another cohort, another plan, and what the gate says then."""

import pytest
from django.test import Client
from django.urls import reverse

from crsmonitor.accounts.proof import Proof
from grading.recording.rederiving import under_another_plan
from grading.review.signatures.selectors import asking_again
from regimens.library import document_from
from regimens.models import DoseRelease, Signature
from regimens.services.clearances import clear_cohort, void_clearances
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, draft, hour, kept, vitals
from tests.dosing.test_cohort_change import TWO, allotted, changed  # noqa: F401
from tests.review.signatures.conftest import signed, voids  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.req("R18")]
MORE = TWO | {"id": "more", "cohorts": [{"name": "C1", "ladder": {"d1": 5}}, {"name": "C2", "ladder": {"d1": 3}}]}


def test_another_cohort_voids_the_release_and_a_third_the_change_before(allotted):  # noqa: F811
    release = draft(DoseRelease, allotted, 1, step=allotted.steps[0], dose_at=hour(3), override=True, because="Ready.")
    kept(release, allotted, by=allotted.investigator)
    assert voids(allotted) == {}

    changed(allotted, h=2)
    assert voids(allotted) == {"release": "replanned"}
    changed(allotted, to="C1", h=2.5)

    assert voids(allotted) == {"release": "replanned", "cohort": "changed_again"}
    kept_ = Signature.objects.filter(participant=allotted.participant)
    assert kept_.count() == 3  # void ones are kept, and the newest change holds
    assert {one.kind for one in asking_again(allotted.investigator)} == {"release"}


def test_a_moved_plan_voids_the_release_alone(signed):  # noqa: F811
    under_another_plan(signed.participant, by=signed.investigator, at=hour(31))

    assert voids(signed) == {"release": "replanned"}


def test_another_plan_of_its_cohort_voids_a_clearance_and_another_s_does_not(allotted):  # noqa: F811
    for cohort in ("C1", "C2"):
        clear_cohort(
            regimen=allotted.regimen, cohort=cohort, step="d1", because="meeting 3", by=allotted.investigator,
            at=hour(1), proof=Proof.PASSWORD,
        )  # fmt: skip
    void_clearances(allotted.study, by=allotted.investigator, at=hour(2))
    assert not Signature.objects.filter(kind="clearance", void__isnull=False).exists()  # nothing was changed

    adopt(study=allotted.study, document=document_from(MORE), variant="", by="t", reason="t", at=hour(2),
          looks=RISK_WINDOWS)  # fmt: skip
    void_clearances(allotted.study, by=allotted.investigator, at=hour(3))

    void = Signature.objects.filter(kind="clearance", void__isnull=False)
    assert [(one.content["record"]["cohort"], one.void.because) for one in void] == [("C1", "plan_changed")]


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "The signature of this release is void: sign it again before the dose."),
     ("zh-hant", "此放行的簽署已失效：給藥前請重新簽署。")],
)  # fmt: skip
def test_the_gate_says_that_the_signature_of_a_released_step_is_void(signed, language, says):  # noqa: F811
    client = Client()
    client.force_login(signed.nurse)
    client.cookies["django_language"] = language
    page = reverse("gate", args=[signed.participant.pk])
    assert says not in client.get(page).content.decode()

    kept(vitals(signed, 29.5, reason="forgotten"), signed, at=hour(31))  # after the release: it covers it no more
    assert says not in client.get(page).content.decode()
    kept(vitals(signed, 20, reason="forgotten"), signed, at=hour(31))

    text = client.get(page).content.decode()
    assert says in text
    assert Signature.objects.get(kind="release").hash[:12] in text  # kept, and visible
