"""Entry of a neuro assessment."""

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import NeuroAssessment
from tests.bedside.posted import common, text_of, url
from tests.builders import kept, neuro

pytestmark = pytest.mark.django_db


CLEAR = {
    **{f"ice_{item}": "yes" for item in ("year", "month", "city", "hospital", "command", "writing", "attention")},
    "ice_naming": "3", "consciousness": "awake", "seizure": "none", "motor": "none", "icp_signs": ["none"],
}  # fmt: skip


def test_ice_is_entered_item_by_item(nurse, dosed):
    page = nurse.post(url(dosed, "neuro"), common(**CLEAR | {"ice_writing": "no", "ice_naming": "1"}), follow=True)
    assert "7/10" in text_of(page)
    assert "Grade 1" in text_of(page)


def test_an_item_not_attempted_never_counts_as_0(nurse, dosed):
    page = nurse.post(
        url(dosed, "neuro"), common(**CLEAR | {"ice_writing": "", "not_done_ice": "refused"}), follow=True
    )
    assert NeuroAssessment.objects.get().ice_writing is None
    assert "9/10" not in text_of(page)
    assert "ICE score 9" not in text_of(page)


def test_a_neuro_assessment_is_corrected(nurse, dosed):
    one = neuro(dosed, 0, observed_at=timezone.now(), icp_signs=[])
    kept(one, dosed)
    address = reverse("correct", args=["neuro", one.pk])
    assert nurse.get(address).context["form"]["icp_signs"].value() == ["none"]
    nurse.post(address, common(**CLEAR, when="same", reason="again") | {"consciousness": "voice"})
    assert NeuroAssessment.objects.standing().get().consciousness == "voice"
