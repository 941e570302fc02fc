"""Another cohort: an investigator says so, signs, and everything is derived of it; what holds before does not after."""

from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.course.compare import comparison_of
from grading.course.derive import rederive
from grading.dosing.selectors.gate import standing_release
from grading.treatment.selectors.drug_facts import planned_dose
from regimens.models import CohortChange, DoseRelease, Participant
from regimens.services.cohorts import change_cohort
from tests.bedside.posted import text_of
from tests.builders import build_world, dose, draft, hour, kept, signature, stay
from tests.exports.reading import picked, rows
from tests.stages import stage
from tests.treatment.conftest import FIH, adopted

pytestmark = pytest.mark.django_db

# At d1 C1 has 2 mg and C2 has 3 mg.
TWO = FIH | {"cohorts": [{"name": "C1", "ladder": {"d1": 2}}, {"name": "C2", "ladder": {"d1": 3}}]}
WHY = "allocated to C2 by the sponsor's letter of 1 March"


@stage(lasts_s=600)
def allotted():
    """In cohort C1, in a bed, not dosed yet."""
    world = adopted(build_world("FIH"), TWO, "C1")
    kept(stay(world, -2), world)
    return world


def changed(world, to="C2", h=1, *, by=None, was_wrong=False, because=WHY) -> CohortChange:
    return change_cohort(
        proof=Proof.PASSWORD,
        participant_id=world.participant.pk, to=to, because=because, was_wrong=was_wrong,
        by=by or world.investigator, at=hour(h),
    )  # fmt: skip


def now_of(world) -> Participant:
    return Participant.objects.get(pk=world.participant.pk)


def differences(world) -> int:
    return sum(
        len(one.added) + len(one.changed) + len(one.gone) for one in comparison_of(rederive(now_of(world), at=hour(99)))
    )


def page_of(world) -> str:
    return reverse("cohort", args=[world.participant.pk])


def test_it_is_signed_on_its_page_and_shown_wherever_the_participant_is(client, allotted):
    world = allotted
    client.force_login(world.investigator)
    typed = {"to": "C2", "because": WHY}

    unsigned = client.post(page_of(world), typed | {"name": world.investigator.username, "password": "not hers"})
    assert (unsigned.status_code, now_of(world).cohort) == (400, "C1")
    answer = client.post(page_of(world), typed | signature(world.investigator), follow=True)

    assert answer.redirect_chain == [(reverse("gate", args=[world.participant.pk]), 302)]
    assert "Cohort <strong>C2</strong>" in text_of(answer)  # the banner
    one = CohortChange.objects.get()
    assert (one.was, one.becomes, one.because, one.recorded_by) == ("C1", "C2", WHY, world.investigator)
    assert WHY in text_of(client.get(page_of(world))).replace("&#x27;", "'")
    (event,) = AuditEvent.objects.filter(table_name="regimens_participant", reason=WHY)
    assert (event.before["cohort"], event.after["cohort"]) == ("C1", "C2")
    assert planned_dose(now_of(world), world.steps[0], at=timezone.now()).amount == 3


def test_who_may(client, allotted):
    for who in ("nurse", "charge_nurse", "data_manager", "sponsor"):
        with pytest.raises(Forbidden):
            changed(allotted, by=getattr(allotted, who))
    with pytest.raises(NotFound):
        changed(allotted, by=build_world("AWAY").investigator)

    client.force_login(allotted.nurse)
    page = client.get(page_of(allotted))
    assert (page.status_code, "password" in text_of(page)) == (200, False)
    assert client.post(page_of(allotted), {"to": "C2"} | signature(allotted.nurse)).status_code == 403
    client.force_login(allotted.sponsor)
    assert client.get(page_of(allotted)).status_code == 403
    assert now_of(allotted).cohort == "C1"


REFUSED = [
    ("none of the plan's", {"to": "C3"}, "to"),
    ("the one it is", {"to": "C1"}, "to"),
    ("no reason", {"because": "  "}, "because"),
]


@pytest.mark.parametrize(("wrong", "field"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_is_refused(allotted, wrong, field):
    with pytest.raises(InvalidInput) as refused:
        changed(allotted, **wrong)

    assert (list(refused.value.fields), CohortChange.objects.count()) == ([field], 0)


def test_a_plan_without_cohorts_has_none_to_change(client, world):
    client.force_login(world.investigator)

    assert client.get(page_of(world)).status_code == 404
    with pytest.raises(NotFound):
        changed(world)


def test_after_a_dose_only_a_mistake_is_put_right_and_its_planned_dose_too(client, allotted):
    kept(dose(allotted, 2, amount=D(2), unit="mg", despite_gate="as ordered"), allotted)
    (before,) = rows(allotted, hour(20))
    with pytest.raises(InvalidInput) as refused:
        changed(allotted, h=3)
    assert list(refused.value.fields) == ["was_wrong"]
    client.force_login(allotted.investigator)
    assert "was recorded by mistake" in text_of(client.get(page_of(allotted)))

    changed(allotted, h=3, was_wrong=True)

    (after,) = rows(allotted, hour(20))
    assert (picked(before, "PDOSE", "ADOSE"), picked(after, "PDOSE", "ADOSE")) == (("2", "2"), ("3", "2"))
    assert after["LSTMODTM"] > before["LSTMODTM"]
    assert differences(allotted) == 0


def test_a_release_made_before_no_longer_holds(allotted):
    release = {"step": allotted.steps[0], "dose_at": hour(2), "override": True, "because": "nothing was cleared yet"}
    kept(draft(DoseRelease, allotted, 0, **release), allotted, by=allotted.investigator)
    assert standing_release(now_of(allotted), at=hour(0.5)) is not None

    changed(allotted, h=1)

    assert standing_release(now_of(allotted), at=hour(2)) is None
    kept(dose(allotted, 2, amount=D(3), unit="mg", despite_gate="as ordered"), allotted)
    assert [row["RELDEVC"] for row in rows(allotted, hour(20))] == ["OTHER COHORT"]
    assert differences(allotted) == 0


def test_the_database_asks_for_the_record_of_it(allotted):
    with pytest.raises(DatabaseError, match="by a record of its own alone"), transaction.atomic():  # noqa: SIM117
        with acting(by=allotted.data_manager, reason="quietly"):
            Participant.objects.filter(pk=allotted.participant.pk).update(cohort="C2")
    changed(allotted)
    with pytest.raises(DatabaseError), transaction.atomic():
        CohortChange.objects.update(because="another reason")
    with pytest.raises(DatabaseError, match="by a record of its own alone"), transaction.atomic():  # noqa: SIM117
        with acting(by=allotted.data_manager, reason="back again"):
            Participant.objects.filter(pk=allotted.participant.pk).update(cohort="C1")
