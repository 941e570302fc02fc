"""Exports hold 40 characters of a step's label: a longer one has a short one beside it, on load as by hand."""

from copy import deepcopy

import pytest
from django.core.exceptions import ValidationError

from regimens.library import names, read
from regimens.library.checks import check
from regimens.models import Step
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, hour

LONG = "every 2 weeks, then every 4 weeks while it lasts"  # 48 characters


def with_first_step(**changes):
    data = deepcopy(dict(read("tarlatamab").data))
    data["steps"] = [data["steps"][-1] | changes]
    return {name: data[name] for name in ("id", "drug", "title", "route", "steps", "sources")}


def problems(**changes):
    return [str(one) for one in check(with_first_step(**changes)) if "steps[0]" in one.place]


def test_a_longer_label_is_refused_at_its_place_unless_there_is_a_short_one():
    message = "steps[0].label: 48 characters, and exports hold 40: give the step a `short` label too"

    assert problems(label=LONG) == [message]
    assert problems(label=LONG, short="every 2, then 4 weeks") == []
    assert problems(label=LONG[:40].strip()) == []


def test_a_short_label_that_is_too_long_is_refused():
    assert problems(label=LONG, short=LONG)[0].startswith("steps[0].short: 1 to 40 characters")


def test_a_pretreatment_has_no_row_in_an_export():
    assert problems(label=LONG, pretreatment=True, target=False) == []


@pytest.mark.django_db
def test_the_short_label_is_kept_with_the_step(world):
    made = adopt(study=world.study, document=read("epcoritamab_FL"), variant="US", by="test", reason="x", at=hour(0),
                 looks=RISK_WINDOWS)  # fmt: skip

    kept = {step.label: step.short_label for step in made.steps.all() if len(step.label) > 40}
    assert kept == {
        "mono: C2-3 weekly, C4-9 d1,15, C10+ d1; with R2: C2-3 weekly, C4-12 d1": "from C2 on, by regimen and cycle"
    }


def test_every_step_of_the_library_fits():
    for name in names():
        for step in read(name).data["steps"]:
            assert len(step.get("short", step["label"])) <= 40 or step.get("pretreatment"), step["label"]


def test_by_hand_it_is_refused_at_the_field_too():
    step = Step(label=LONG, position=1, planned_dose=1, unit="mg")

    with pytest.raises(ValidationError) as refused:
        step.clean()

    assert list(refused.value.message_dict) == ["short_label"]
