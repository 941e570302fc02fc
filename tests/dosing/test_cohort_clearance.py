"""Up to which step a study has cleared a cohort: said on the regimen's page, asked by the gate."""

import pytest
from django.urls import reverse

from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput
from grading.dosing.selectors.gate import gate_of
from regimens.library import document_from, read
from regimens.models import CohortClearance
from regimens.rules.gate.answer import Standing
from regimens.services.clearances import clear_cohort
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, build_world, hour, signature
from tests.dosing.conftest import NEXT, ready  # noqa: F401
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage(lasts_s=600)
def library_world():
    """As the one beside the other gate tests, in cohort A of a study's own ladder."""
    world = build_world("FIH")
    data = dict(read("teclistamab").data) | {"cohorts": [{"name": "A", "ladder": {"step-up 1": "0.06"}}]}
    regimen = adopt(
        study=world.study, document=document_from(data), variant="US", by="test", reason="test", at=hour(-99),
        looks=RISK_WINDOWS,
    )  # fmt: skip
    with acting(by="test", reason="a first-in-human cohort"):
        world.participant.regimen, world.participant.cohort = regimen, "A"
        world.participant.save()
    world.regimen, world.steps = regimen, list(regimen.steps.order_by("position"))
    return world


def clear(world, step, h=NEXT - 1, **other):
    options = {"regimen": world.regimen, "cohort": "A", "step": step, "because": "dose escalation meeting 3"} | other
    return clear_cohort(**{"by": world.investigator, "at": hour(h), "proof": Proof.PASSWORD} | options)


def cleared(world):
    """The criterion of the gate, and its decision."""
    answer = gate_of(world.participant, dose_at=hour(NEXT), at=hour(NEXT)).answer
    states = {one.code: one.state for one in answer.criteria}
    return states["highest_cleared_step"], answer.decision.value


def test_where_nobody_cleared_a_step_the_gate_holds(ready):  # noqa: F811
    assert cleared(ready) == (Standing.UNKNOWN, "hold")


@pytest.mark.parametrize(
    ("steps", "state", "decision"),
    [
        (["step-up 1"], Standing.NOT_MET, "hold"),
        (["step-up 2"], Standing.MET, "go"),
        (["step-up 1", "step-up 2"], Standing.MET, "go"),
        (["step-up 2", "step-up 1"], Standing.NOT_MET, "hold"),  # taken back
    ],
)
def test_the_newest_clearance_says_how_far(ready, steps, state, decision):  # noqa: F811
    for number, step in enumerate(steps):
        clear(ready, step, NEXT - 3 + number)

    assert cleared(ready) == (state, decision)


def test_a_clearance_is_not_of_before_it_was_made(ready):  # noqa: F811
    clear(ready, "step-up 2", NEXT + 1)

    assert cleared(ready)[0] is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("bad", "field"), [({"cohort": "B"}, "cohort"), ({"step": "step-up 9"}, "step"), ({"because": " "}, "because")]
)
def test_what_the_plan_does_not_have_is_refused_at_its_field(library_world, bad, field):
    with pytest.raises(InvalidInput) as refused:
        clear(library_world, **{"step": "step-up 1"} | bad)
    assert (list(refused.value.fields), CohortClearance.objects.count()) == ([field], 0)


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "data_manager", "sponsor", "outsider"])
def test_only_who_approves_clears(library_world, who):
    with pytest.raises(Forbidden):
        clear(library_world, "step-up 1", by=getattr(library_world, who))


@pytest.mark.long
def test_on_the_page_an_investigator_clears_and_everybody_reads(client, library_world):
    world, page = library_world, reverse("regimen", args=[library_world.regimen.pk])
    client.force_login(world.investigator)
    assert "nobody has cleared a step: the gate holds" in client.get(page).content.decode()

    wrong = client.post(page, {"cohort": "A", "step": "step-up 9", "because": "meeting\x00"})
    assert (wrong.status_code, set(wrong.context["clearing"].errors)) == (400, {"step", "because"})
    sent = {"cohort": "A", "step": "step-up 1", "because": "meeting 3"}
    assert set(client.post(page, sent).context["clearing"].errors) == {"password"}
    assert client.post(page, sent | signature(world.investigator)).status_code == 302

    client.force_login(world.sponsor)
    read_by_sponsor = client.get(page).content.decode()
    assert "meeting 3" in read_by_sponsor
    assert "Clear up to this step" not in read_by_sponsor
    assert client.post(page, {"cohort": "A", "step": "step-up 2", "because": "x"}).status_code == 403
    client.force_login(build_world("AWAY").investigator)
    assert client.post(page, {"cohort": "A", "step": "step-up 2", "because": "x"}).status_code == 404
    assert CohortClearance.objects.count() == 1
