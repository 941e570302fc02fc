"""A stop lies after its start, whichever of the two is entered or corrected last."""

import pytest

from crsmonitor.errors import InvalidInput
from grading.models import TreatmentEnd
from regimens.models import DoseEnd, StayEnd
from tests.builders import dose, draft, hour, kept, stay, treatment

pytestmark = pytest.mark.django_db


def refused(fact, world) -> str:
    with pytest.raises(InvalidInput) as error:
        kept(fact, world, at=hour(20))
    [message] = error.value.fields["observed_at"]
    return message.code


def pressor(world, h, **columns):
    return treatment(world, h, "norepinephrine", "vasopressor", "crs", **columns)


STARTS = [("treatment", pressor, TreatmentEnd), ("dose", dose, DoseEnd), ("stay", stay, StayEnd)]


@pytest.mark.parametrize(("name", "start", "end"), STARTS)
def test_a_start_is_not_moved_past_its_stop(world, name, start, end):
    """Its stop would end nothing, and what was stopped would run for ever."""
    first = kept(start(world, 4), world).fact
    stop = kept(draft(end, world, 6, **{name: first}), world).fact

    moved = {"supersedes": first, "reason": "typing error"}
    assert refused(start(world, 7, **moved), world) == "starts_after_its_stop"

    kept(draft(end, world, 9, **{name: first}, supersedes=stop, reason="typing error"), world, at=hour(20))
    kept(start(world, 7, **moved), world, at=hour(20))


@pytest.mark.parametrize(("name", "start", "end"), STARTS)
def test_a_stop_is_after_the_start_as_it_stands(world, name, start, end):
    first = kept(start(world, 4), world).fact
    kept(start(world, 7, supersedes=first, reason="typing error"), world, at=hour(20))

    late = {name: first, "reason": "entered late"}
    assert refused(draft(end, world, 6, **late), world) == "stopped_before_it_began"
    kept(draft(end, world, 7, **late), world, at=hour(20))
