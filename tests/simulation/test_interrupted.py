"""Infusions that are stopped early: begun as whole ones, and corrected to what had run in."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from grading.simulation.trial import RECORDED_AFTER
from regimens.models import Dose, DoseEnd, DoseRelease, DoseStatus
from tests.simulation.test_story import story
from tests.simulation.test_trial import simulate


def test_a_stopped_infusion_ran_at_its_rate_for_a_part_of_its_time():
    """Mosunetuzumab IV: 1 mg over 4 h, so that 1 h is 0.25 mg; at most three quarters had run in."""
    first = story("mosunetuzumab_IV", percent=0, interrupted_percent=Decimal(100)).doses[0]

    assert first.infusion_min == 240
    assert 60 <= first.stopped_min <= 180
    assert first.had == (Decimal(first.stopped_min) / 240).quantize(Decimal("0.0001"))


def test_what_is_no_infusion_or_only_a_change_of_its_rate_is_not_stopped():
    first = story("mosunetuzumab_IV").doses[0]

    assert not any(dose.stopped_min for dose in story("teclistamab", interrupted_percent=Decimal(100)).doses)
    assert replace(first, step=replace(first.step, rate_segment=True)).infusion_min is None


def test_stopping_changes_nothing_else_of_the_story():
    whole, stopped = (story("tarlatamab", seed=4, interrupted_percent=Decimal(percent)) for percent in (0, 100))

    assert (whole.sets, whole.neuro, whole.drugs) == (stopped.sets, stopped.neuro, stopped.drugs)
    assert [dose.amount for dose in whole.doses] == [dose.amount for dose in stopped.doses]
    assert not any(dose.stopped_min for dose in whole.doses)


@pytest.mark.long
@pytest.mark.django_db
def test_the_bedside_keeps_what_was_begun_and_what_it_came_to():
    report = simulate("tarlatamab", "--variant", "US", "--rate", "*=30", "--participants", "1", "--interrupted", "100")

    standing = Dose.objects.filter(status=DoseStatus.INTERRUPTED.value).select_related("supersedes")
    ends = {end.dose.root: end.observed_at for end in DoseEnd.objects.select_related("dose")}
    assert len(standing) == len(ends) == 3  # the steps of which the library knows how long they run
    assert DoseRelease.objects.count() == Dose.objects.filter(supersedes=None).count() > 3
    for dose in standing:
        begun, hour = dose.supersedes, timedelta(hours=1)
        assert (begun.status, begun.amount) == (DoseStatus.GIVEN, begun.step.planned_dose)
        assert 0 < dose.amount < begun.amount
        assert begun.observed_at == dose.observed_at < ends[dose.root] < dose.observed_at + hour
        assert begun.recorded_at < dose.recorded_at == ends[dose.root] + RECORDED_AFTER
    assert f"infusions      {len(ends)} of {len(ends)} stopped early and given in part" in report
    assert "says exactly what the sets could show" in report
