"""From a downtime sheet back into the program: the square leads to the form, and both times and "paper" are kept."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.downtime.codes import LASTS, code_of
from grading.models import Alert, VitalSigns
from tests.bedside.posted import text_of, typed, url
from tests.builders import build_world

pytestmark = pytest.mark.django_db
TAIPEI = ZoneInfo("Asia/Taipei")


def square(world, *, kind="vitals", made_at=None) -> str:
    code = code_of(world.participant.pk, made_at=made_at or timezone.now())
    return reverse("from-sheet", args=[kind, code])


def from_paper(hours_ago: float, **changes):
    wall = (timezone.now() - timedelta(hours=hours_ago)).astimezone(TAIPEI)
    when = {"when": "other", "observed_on": f"{wall:%Y-%m-%d}", "observed_time": f"{wall:%H:%M}", "from_paper": "on"}
    return typed(**(when | changes))


# --- The square ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["vitals", "neuro", "treatment", "dose"])
def test_the_square_opens_the_form_of_that_participant_for_paper(nurse, dosed, kind):
    answer = nurse.get(square(dosed, kind=kind), follow=True)

    assert answer.redirect_chain == [(f"{url(dosed, kind)}?paper=1", 302)]
    assert 'name="from_paper"' in text_of(answer)
    assert [chip["value"] for chip in answer.context["form"].chips] == ["other"]  # the time on the sheet is typed


def test_the_square_carries_keys_and_nothing_of_a_person(dosed):
    address = square(dosed)

    assert not any(word in address for word in (dosed.participant.number, dosed.study.code, dosed.site.code))
    assert len(address) < 100


def test_who_is_not_signed_in_signs_in_first(client, dosed):
    answer = client.get(square(dosed))

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("login"))
    assert "next=/paper/" in answer["Location"]


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("sponsor", 403), ("data_manager", 403)])
def test_who_may_not_record_there_is_refused(client, dosed, who, status):
    client.force_login(getattr(dosed, who))

    assert client.get(square(dosed)).status_code == status


def test_people_of_another_study_find_nothing(client, dosed):
    client.force_login(build_world("OTHER").nurse)

    assert client.get(square(dosed)).status_code == 404


def test_a_code_that_was_not_printed_leads_nowhere(nurse, dosed):
    forged = square(dosed).replace(f"/{dosed.participant.pk:x}-", f"/{dosed.participant.pk + 1:x}-")

    assert forged != square(dosed)
    assert nurse.get(forged).status_code == 404
    assert nurse.get(square(dosed, kind="stay")).status_code == 404  # no rows for it on the sheet


def test_a_sheet_older_than_the_days_of_the_form_is_looked_at_first(nurse, dosed):
    just, over = (timezone.now() - LASTS + timedelta(minutes=less) for less in (1, -1))

    assert nurse.get(square(dosed, made_at=just)).status_code == 302
    answer = nurse.get(square(dosed, made_at=over))
    assert answer.status_code == 410
    assert url(dosed, "downtime-participant") in text_of(answer)


# --- What is kept ---------------------------------------------------------------------------------------------


@pytest.mark.req("R27")
def test_both_times_and_paper_are_kept_and_no_reason_is_asked(nurse, dosed):
    before = timezone.now()
    answer = nurse.post(f"{url(dosed, 'vitals')}?paper=1", from_paper(3), follow=True)

    one = VitalSigns.objects.get()
    assert (one.source, one.reason, one.recorded_by) == ("paper", "", dosed.nurse)
    assert before - timedelta(hours=3, minutes=1) <= one.observed_at <= before - timedelta(hours=3)
    assert one.recorded_at >= before
    assert "from paper, typed in" in " ".join(text_of(answer).split())


def test_the_same_late_set_that_was_on_no_paper_says_why(nurse, dosed):
    answer = nurse.post(url(dosed, "vitals"), from_paper(3, from_paper=None))

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["reason"]


def test_what_was_on_paper_was_not_seen_just_now(nurse, dosed):
    answer = nurse.post(url(dosed, "vitals"), typed(when="0", from_paper="on"))

    assert answer.status_code == 400
    assert "when" in answer.context["form"].errors
    assert 'name="from_paper"' in text_of(answer)  # it comes back as what it was


def test_values_nobody_has_are_refused_from_paper_too(nurse, dosed):
    assert nurse.post(url(dosed, "vitals"), from_paper(3, temperature_c="61")).status_code == 400
    assert not VitalSigns.objects.exists()


def test_a_grade_on_paper_is_told_where_it_still_holds(nurse, dosed):
    nurse.post(url(dosed, "vitals"), from_paper(3))

    assert Alert.objects.get(kind="crs").grade == 2


def test_a_look_that_is_on_paper_calls_as_one_by_hand(nurse, dosed):
    """A second typing is asked of an unusual value: somebody is there to be asked."""
    nurse.post(url(dosed, "vitals"), from_paper(3, temperature_c="41.8"))

    assert VitalSigns.objects.get().unconfirmed == ["temperature_c"]


def test_a_correction_of_what_was_on_paper_is_of_the_page(nurse, dosed):
    nurse.post(url(dosed, "vitals"), from_paper(3))
    first = VitalSigns.objects.get()
    change = typed(when="same", temperature_c="38.4", reason="misread", from_paper="on")

    assert nurse.post(reverse("correct", args=["vitals", first.pk]), change).status_code == 302
    assert VitalSigns.objects.get(supersedes=first).source == "page"


def test_the_participants_page_leads_to_what_may_be_entered(nurse, client, dosed):
    assert url(dosed, "downtime-participant") in text_of(nurse.get(url(dosed, "participant")))
    page = text_of(nurse.get(url(dosed, "downtime-participant")))
    assert all(f"{url(dosed, kind)}?paper=1" in page for kind in ("vitals", "neuro", "treatment", "dose"))

    client.force_login(dosed.data_manager)  # sees the ward, and records nothing
    assert "?paper=1" not in text_of(client.get(url(dosed, "downtime-participant")))
