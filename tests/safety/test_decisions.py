"""Cleared steps and releases on the safety review, and where its picture puts what."""

import csv
import dataclasses
import io

import pytest
from django.utils import timezone

from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from grading.rules.evidence.outcomes import PeriodOutcome
from grading.safety.lanes import EpisodeSpan, PeriodLine, SwimmerLane
from grading.safety.swimmer import swimmer_of
from grading.safety.tables import as_csv, content_of
from regimens.models import Participant
from regimens.services.clearances import clear_cohort
from regimens.services.cohorts import change_cohort
from tests.builders import build_world, dose, hour, kept
from tests.safety.test_review import page_of, review_for
from tests.stages import stage
from tests.treatment.conftest import FIH, adopted

COHORT, OTHER = "KAPPA7", "OMEGA2"
PLAN = FIH | {"cohorts": [{"name": COHORT, "ladder": {"d1": 2}}, {"name": OTHER, "ladder": {"d1": 3}}]}


@stage(lasts_s=600)
def cleared():
    """Cleared up to d1 at hour -3; the first dose was given without a release."""
    world = adopted(build_world("FIH"), PLAN, COHORT)
    clear_cohort(
        regimen=world.regimen, cohort=COHORT, step="d1", because="meeting 3", by=world.investigator, at=hour(-3),
        proof=Proof.PASSWORD,
    )  # fmt: skip
    kept(dose(world, 0, amount=2, unit="mg", despite_gate="as ordered"), world)
    return world


@pytest.mark.django_db
def test_a_clearance_stands_with_who_why_and_its_signature_and_not_before_it_was_made(cleared):
    review = review_for(cleared.investigator, "/safety/FIH/")

    (one,) = review.clearances
    assert (one.cohort, one.step, one.at, one.by, one.because, one.signature) == (
        COHORT, "d1", hour(-3), cleared.investigator.username, "meeting 3", "stands",
    )  # fmt: skip
    assert "meeting 3" in page_of(cleared.investigator, f"/safety/FIH/?cohort={COHORT}").content.decode()
    assert review_for(cleared.investigator, "/safety/FIH/?cut=2026-03-02T05:00:00Z").clearances == ()  # hour -4


@pytest.mark.django_db
def test_a_reason_that_looks_like_a_formula_is_a_text_in_the_file(cleared):
    review = review_for(cleared.investigator, "/safety/FIH/")
    typed = dataclasses.replace(review.clearances[0], because="=HYPERLINK(0)")
    content = content_of(dataclasses.replace(review, clearances=(typed,)))
    table = next(one for one in content.tables if one.name == "clearances")

    (row,) = csv.DictReader(io.StringIO(as_csv(table, content)))

    assert row["BECAUSE"] == '="=HYPERLINK(0)"'


@pytest.mark.django_db
def test_a_dose_without_a_release_is_counted_and_no_cohort_is_told_outside_the_ward(cleared):
    (releases,) = review_for(cleared.investigator, "/safety/FIH/").releases
    assert (releases.label, releases.as_proposed, releases.overridden, releases.without) == ("d1", 0, 0, 1)

    answer = page_of(cleared.sponsor, "/safety/FIH/")
    text = answer.content.decode().partition("<main")[2]
    assert [one for one in (COHORT, "meeting 3") if one in text] == []
    assert answer.context["review"].clearances == ()
    assert page_of(cleared.sponsor, f"/safety/FIH/?cohort={COHORT}").status_code == 404


def line(number, h, *, end=None, window=None):
    return PeriodLine(
        participant="X-1", number=number, step="", given=True, starts_at=hour(h),
        ends_at=None if end is None else hour(end), ended_by="",
        window_ends_at=None if window is None else hour(window),
        crs=PeriodOutcome.OPEN, crs_grade=0, crs_onset_h=None, crs_hours=None, icans=PeriodOutcome.OPEN, icans_grade=0,
        icans_onset_h=None, tocilizumab=None, tocilizumab_at=None, tocilizumab_h=None, tocilizumab_onset_h=None,
        steroid=None, steroid_at=None,
    )  # fmt: skip


def test_days_lie_on_one_scale_and_what_goes_on_ends_at_the_cut():
    """Ten days on 780 units from 150 on: 78 a day."""
    lane = SwimmerLane(
        participant="X-1", periods=(line(1, 0, end=168, window=24), line(2, 168)),
        episodes=(EpisodeSpan(kind="crs", grade=2, starts_at=hour(24), ends_at=hour(48)),
                  EpisodeSpan(kind="icans", grade=None, starts_at=hour(216), ends_at=None)),
    )  # fmt: skip
    swimmer = swimmer_of([lane], cut=hour(240))

    (drawn,) = swimmer.lanes
    assert [(mark.x, mark.label) for mark in drawn.marks] == [(150, "1"), (696, "2")]
    bands = [(one.kind, one.x, one.width, one.label, one.open) for one in drawn.bands]
    assert bands == [("window", 150, 78, "", False), ("crs", 228, 78, "2", False), ("unjudged", 852, 78, "?", True)]
    assert (drawn.end, drawn.goes_on) == (930, True)
    assert swimmer.days == tuple((150 + 78 * day, day) for day in range(11))  # at most ten steps: one a day
    assert swimmer_of([], cut=hour(0)).lanes == ()


@pytest.mark.django_db
def test_an_earlier_cut_has_the_cohorts_of_then(cleared):
    """The one participant turns out to be of OMEGA2; a second one, enrolled now, has no record yet."""
    other = f"/safety/FIH/?cohort={OTHER}"
    before = page_of(cleared.investigator, f"/safety/FIH/?cohort={COHORT}")
    assert page_of(cleared.investigator, other).status_code == 404
    change_cohort(
        participant_id=cleared.participant.pk, to=OTHER, because="typed wrongly", was_wrong=True,
        by=cleared.investigator, at=timezone.now(), proof=Proof.PASSWORD,
    )  # fmt: skip
    with acting(by="test", reason="enrolled later"):
        Participant.objects.create(
            study=cleared.study, site=cleared.site, number="FIH-002", regimen=cleared.participant.regimen, cohort=COHORT
        )

    again = page_of(cleared.investigator, f"/safety/FIH/?{before.context['same']}")
    assert again.context["content"].sha256 == before.context["content"].sha256
    assert again.context["scope"].participants == (cleared.participant.pk,)
    now = page_of(cleared.investigator, other)
    assert (now.context["scope"].participants, now.context["scope"].cohorts) == (
        (cleared.participant.pk,), (COHORT, OTHER),
    )  # fmt: skip
