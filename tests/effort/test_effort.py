"""What an entry cost is kept beside it, names nobody, decides nothing, and goes again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.alerting import metrics
from grading.bedside.kinds import PAGES
from grading.effort.keeping import keep_effort, let_go, person_shift
from grading.models import EntryEffort, VitalSigns
from tests.bedside.posted import common, text_of, typed, url
from tests.tablet.server.entries import entry, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(client, ward):
    client.force_login(ward.nurse)
    return client


def entered(seconds: int, **changes):
    return typed(opened_at=(timezone.now() - timedelta(seconds=seconds)).isoformat(), **changes)


def test_a_saved_set_is_measured_once_and_names_nobody(nurse, ward):
    once = entered(60, effort="26,2,1")
    for _tap in range(2):
        assert nurse.post(url(ward, "vitals"), once).status_code == 302

    kept = EntryEffort.objects.get()
    assert (kept.kind, kept.taps, kept.corrections, kept.retypes) == ("vitals", 26, 2, 1)
    assert 60 <= kept.seconds < 600
    assert (kept.study, kept.site) == (ward.study, ward.site)
    assert not {"participant", "person", "fact", "recorded_by"} & {field.name for field in kept._meta.fields}


def test_what_comes_by_the_outbox_is_measured_by_the_tablets_two_times_once(nurse, ward):
    one = entry(ward)
    one["fields"]["effort"] = ["26,0,0"]
    for _time in range(2):
        assert send(nurse, [one]).status_code == 200

    kept = EntryEffort.objects.get()
    assert (kept.seconds, kept.taps) == (60, 26)  # opened a minute before it was kept, and sent hours later


def test_what_the_page_says_changes_nothing_of_the_set(nurse, ward):
    nurse.post(url(ward, "vitals"), entered(60, effort="<script>"))

    assert EntryEffort.objects.get().taps is None  # not believed, and not 0
    assert VitalSigns.objects.count() == 1


def test_a_form_that_lay_open_for_long_measures_nothing(nurse, ward):
    nurse.post(url(ward, "vitals"), entered(1801, reason="called away"))

    assert not EntryEffort.objects.exists()
    assert VitalSigns.objects.count() == 1


@pytest.mark.parametrize("kind", PAGES)
def test_an_entry_of_every_kind_is_measured(ward, kind):
    """Their names are of up to 21 characters, and who took a second for the longest was answered with 500."""
    at = timezone.now()
    keep_effort(kind, ward.participant, by=ward.nurse.pk, opened_at=at - timedelta(seconds=60), at=at, text="")

    assert EntryEffort.objects.get().kind == kind


def test_an_entry_with_the_longest_name_is_saved_and_answered(client, world):
    client.force_login(world.nurse)
    slow = common(text="midodrine", opened_at=(timezone.now() - timedelta(seconds=60)).isoformat())

    assert client.post(url(world, "baseline-vasopressors"), slow).status_code == 302
    assert EntryEffort.objects.get().kind == "baseline-vasopressors"


def test_paper_is_no_measure_of_the_form(nurse, ward):
    wall = timezone.now().astimezone(timezone.get_fixed_timezone(8 * 60)) - timedelta(minutes=5)
    when = {"when": "other", "observed_on": f"{wall:%Y-%m-%d}", "observed_time": f"{wall:%H:%M}"}
    nurse.post(url(ward, "vitals"), entered(60, from_paper="on", **when))

    assert VitalSigns.objects.get().source == "paper"
    assert not EntryEffort.objects.exists()


def test_one_person_is_another_in_each_shift():
    assert person_shift(1, 3) == person_shift(1, 3)
    assert len({person_shift(1, 3), person_shift(1, 4), person_shift(2, 3)}) == 3


def test_the_page_shows_medians_against_the_bars_to_who_runs_the_site(client, nurse, ward):
    for taps in (20, 26, 40):
        nurse.post(url(ward, "vitals"), entered(60, effort=f"{taps},0,0"))
    client.force_login(ward.charge_nurse)

    page = " ".join(text_of(client.get(reverse("effort"))).split())

    assert "43 s (VitalPAC" in page
    assert "150 s (SEND" in page
    assert "26 (23–33)" in page  # quartiles of 20, 26, 40 by hand
    assert ward.nurse.username not in page


@pytest.mark.parametrize(("who", "status"), [("nurse", 404), ("sponsor", 404), ("investigator", 200)])
def test_who_sees_it(client, ward, who, status):
    client.force_login(getattr(ward, who))

    assert client.get(reverse("effort")).status_code == status
    leads_there = f'href="{reverse("effort")}"' in text_of(client.get(reverse("burden")))
    assert leads_there is (status == 200)


def test_what_is_older_than_is_kept_goes(nurse, ward, settings):
    nurse.post(url(ward, "vitals"), entered(60))
    settings.EFFORT_DAYS = 90

    assert let_go(at=timezone.now() + timedelta(days=89)) == 0
    assert let_go(at=timezone.now() + timedelta(days=92)) == 1


@pytest.mark.long
def test_the_metrics_have_a_histogram_of_it(nurse, ward):
    nurse.post(url(ward, "vitals"), entered(60))

    text = metrics.text(at=timezone.now()).decode()

    assert 'crs_entry_seconds_bucket{kind="vitals",le="43"} 0.0' in text
    assert 'crs_entry_seconds_count{kind="vitals"} 1.0' in text
