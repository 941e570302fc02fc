"""No regimen is adopted without a risk window of every dose step: RISKWCFL and CENSFL are decidable of each period."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from crsmonitor.audit.acting import acting
from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import InvalidInput
from regimens.library import document_from, names, plan_of, read
from regimens.library.protocol import sections_of
from regimens.models import Regimen, Step
from regimens.services.drafting import draft
from regimens.services.versions import OwnPlan, adopt, amend, looks_by_step
from tests.builders import RISK_WINDOWS, hour

ASKED = "say the risk window in hours."


def said_without(document, **own):
    with pytest.raises(InvalidInput) as refused:
        looks_by_step(document, before=None, own=OwnPlan(**own))
    return fields_of(refused.value)


@pytest.mark.parametrize("regimen_id", names())
def test_the_library_invents_none_and_asks_for_that_of_each_dose_step(regimen_id):
    """regimens.yaml: no source that was read names a risk window; a pretreatment opens no period."""
    document = read(regimen_id)
    doses = [step for step in plan_of(document).steps if step.opens_period]

    assert said_without(document) == {
        f"steps[{one.position - 1}].risk_window_h": [f"Step {one.position}, {one.label}: {ASKED}"] for one in doses
    }
    [row] = [row for section in sections_of(document) if section.title == "Looks" for row in section.rows]
    assert row == (", ".join(one.label for one in doses), "", "",
                   "not found: the study that adopts the regimen gives it")  # fmt: skip
    looks = looks_by_step(document, before=None, own=OwnPlan(looks=RISK_WINDOWS))
    assert {looks[one.label]["risk_window_h"] for one in doses} == {168}


def test_a_pretreatment_alone_is_not_asked():
    """glofitamab: obinutuzumab on day 1 is step 1, and opens no dose period."""
    assert "steps[0].risk_window_h" not in said_without(read("glofitamab"))


def test_only_the_steps_that_lack_it_are_named():
    own = {"step-up 1": {"risk_window_h": 48}, "weekly": {"risk_window_h": 24}}
    data = dict(read("teclistamab").data)
    data["steps"] = [step | ({"risk_window_h": 72} if step["label"] == "step-up 2" else {}) for step in data["steps"]]

    assert said_without(document_from(data), looks_of=own) == {
        "steps[2].risk_window_h": [f"Step 3, first treatment dose: {ASKED}"],
        "steps[4].risk_window_h": [f"Step 5, every 2 weeks: {ASKED}"],
    }


@pytest.mark.django_db
def test_adopting_and_drafting_without_one_keep_nothing(world):
    values = {"study": world.study, "document": read("teclistamab"), "variant": "US", "by": world.data_manager,
              "reason": "protocol 2", "at": hour(0)}  # fmt: skip

    for door, own in ((adopt, {}), (draft, {"own": OwnPlan()})):
        with pytest.raises(InvalidInput) as refused:
            door(**values, **own)
        assert detail_of(refused.value).endswith(
            "It lacks at step 1 (step-up 1), 2 (step-up 2), 3 (first treatment dose), 4 (weekly), 5 (every 2 weeks)."
        )
    assert not Regimen.objects.filter(code="teclistamab").exists()


@pytest.mark.django_db
def test_one_in_force_from_before_it_was_asked_for_gives_it_with_its_next_version(world):
    values = {"document": read("teclistamab"), "variant": "US", "by": "test", "at": hour(0)}
    first = adopt(study=world.study, reason="", looks=RISK_WINDOWS, **values)
    with acting(by="test", reason="as versions were adopted before"):
        first.steps.update(risk_window_h=None)

    with pytest.raises(InvalidInput, match="risk_windows_lacking"):
        amend(regimen=first, reason="amendment 1", **values)
    second = amend(regimen=first, reason="amendment 1", looks=RISK_WINDOWS, **values)
    third = amend(regimen=second, reason="amendment 2", **values)

    assert {step.risk_window_h for step in third.steps.all()} == {168}
    assert {step.risk_window_h for step in first.steps.all()} == {None}  # and it works on as it is


@pytest.mark.django_db
@pytest.mark.parametrize("check", [[], ["--check"]])
def test_the_command_says_which_steps_and_how_to_give_it(world, check):
    with pytest.raises(CommandError, match=r"at step 1 \(step-up 1\), .*\(--risk-window-h, or in the file\)"):
        call_command("load_regimen", "teclistamab", "--study", "DEMO", "--variant", "US", *check)


def test_a_step_set_up_by_hand_is_asked_too():
    with pytest.raises(ValidationError) as refused:
        Step(label="step-up 1", position=1, planned_dose=1, unit="mg").clean()
    assert list(refused.value.message_dict) == ["risk_window_h"]

    Step(label="premedication", position=1, planned_dose=1, unit="mg", opens_period=False).clean()
