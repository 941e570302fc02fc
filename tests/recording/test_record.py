"""Recording a fact: graded, projected, alerted, all in one."""

import pytest

from grading.models import Alert, CurrentState, DosePeriod, Episode, Grade
from tests.builders import dose, kept, stay, vitals

pytestmark = pytest.mark.django_db


def test_a_febrile_hypotensive_set_on_nasal_oxygen_is_grade_2(world):
    kept(stay(world), world)
    kept(dose(world), world)

    answer = kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True, oxygen_device="nasal_cannula",
                         oxygen_flow_l_min=2), world)  # fmt: skip

    assert (answer.grade.grade, [a.grade for a in answer.alerts]) == (2, [2])
    assert Grade.objects.count() == 1
    state = CurrentState.objects.get()
    assert (state.bed, state.dose_number, state.crs_grade) == ("12", 1, 2)
    episode = Episode.objects.get()
    assert (episode.max_grade, episode.ended_at) == (2, None)
    period = DosePeriod.objects.get()
    assert (period.crs_any, period.crs_max_grade, period.sbp_min) == (True, 2, 85)
    assert Alert.objects.get().thresholds == ["new_grade", "tocilizumab"]
