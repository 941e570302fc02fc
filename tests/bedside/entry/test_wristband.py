"""The second identifier at save: two participants of a site whose numbers end alike are told apart (R16)."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import VitalSigns
from regimens.models import Disposition, Participant
from tests.bedside.posted import text_of, typed, url
from tests.builders import draft, kept
from tests.setup.ready import make_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def alike(dosed) -> Participant:
    """Somebody else at the site: CRS-001 and DRS-001 end alike."""
    here = dosed.participant
    number = f"x{here.number[1:]}"
    with acting(by="test", reason="enrolled"):
        return Participant.objects.create(study=here.study, site=here.site, number=number, regimen=here.regimen)


def test_three_characters_do_where_they_are_enough(nurse, dosed):
    assert "last 3 on the wristband" in text_of(nurse.get(url(dosed, "vitals")))
    assert nurse.post(url(dosed, "vitals"), typed(confirm_number="001")).status_code == 302


@pytest.mark.long
def test_numbers_that_end_alike_take_as_many_as_it_takes(nurse, dosed, alike):
    number = dosed.participant.number
    page = nurse.get(url(dosed, "vitals"))
    refused = nurse.post(url(dosed, "vitals"), typed(confirm_number="001"))
    others = nurse.post(url(dosed, "vitals"), typed(confirm_number=alike.number))

    assert f"last {len(number)} on the wristband" in text_of(page)
    assert (refused.status_code, others.status_code, VitalSigns.objects.count()) == (400, 400, 0)
    assert "confirm_number" in refused.context["form"].errors
    assert nurse.post(url(dosed, "vitals"), typed(confirm_number=number.lower())).status_code == 302


def test_who_is_no_longer_observed_is_mixed_up_with_nobody(nurse, dosed, alike):
    gone = draft(Disposition, dosed, 0, participant=alike, kind="completed")
    kept(gone, dosed, by=dosed.investigator, at=gone.observed_at)

    assert nurse.post(url(dosed, "vitals"), typed(confirm_number="001")).status_code == 302


def test_enrolment_warns_of_who_ends_alike(client, world):
    make_ready(world)
    call_command("createsuperuser", username="root", email="root@example.org", interactive=False)
    client.force_login(User.objects.get(username="root"))
    here = world.participant
    values = {"study": here.study_id, "site": here.site_id, "number": f"y{here.number[1:]}", "neuro_instrument": "ice",
              "regimen": here.regimen_id, "cohort": "", "reason": "enrolled", "id": str(uuid4())}  # fmt: skip

    answer = client.post(reverse("admin:regimens_participant_add"), values, follow=True)

    assert f"At this site {here.number} ends alike" in text_of(answer)
