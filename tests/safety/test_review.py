"""The safety review of the small trial of tests/exports/datasets: what it says is counted by hand from its facts."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.models import GradeAssessment, ReviewAssignment
from grading.rules.evidence.outcomes import PeriodOutcome
from grading.safety.concordance import CENTRAL_DERIVED, INVESTIGATOR_CENTRAL, INVESTIGATOR_DERIVED
from tests.builders import build_world, draft, hour, kept, person, vitals
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.stages import stage

pytestmark = pytest.mark.django_db
PAGE = "/safety/DEMO/"


@stage(lasts_s=600)
def reviewed(trial):  # noqa: F811
    """With a central reviewer, who says grade 3 to the CRS of 001."""
    with acting(by="test", reason="a reviewer"):
        person("demo.central", trial.study, Role.CENTRAL)
    about = {"kind": "crs", "about_root": GradeAssessment.objects.get().about_root}
    sent = draft(ReviewAssignment, trial, 199, why="sample", because="1 of 1", **about)
    kept(sent, trial, by=trial.data_manager)
    word = {"about": "episode", "ledger": "central", "agrees": False, "grade": 3, "because": "pressor"}
    reviewer = trial.study.memberships.get(role=Role.CENTRAL.value).user
    kept(draft(GradeAssessment, trial, 200, **word, **about), trial, by=reviewer)
    return trial


def page_of(user, address=PAGE):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.get(address)


def review_for(user, address=PAGE):
    answer = page_of(user, address)
    assert answer.status_code == 200
    return answer.context["review"]


def counts_of(review, step, kind, grade):
    figures = next(one for one in review.steps[step].endpoints if (one.kind, one.from_grade) == (kind, grade))
    return {str(one): getattr(figures.counts, one) for one in PeriodOutcome if getattr(figures.counts, one)}


def test_an_open_period_and_one_that_nobody_looked_at_are_never_without_crs(reviewed):
    """001: CRS grade 2 after dose 1, by central review 3, ICANS grade 1; dose 2, then nobody looked.

    002: a fever that has another cause in a period that goes on, since the next dose was not given.
    """
    review = review_for(reviewed.investigator)

    assert counts_of(review, 0, "crs", 1) == {"event": 1, "open": 1}
    assert counts_of(review, 0, "crs", 3) == {"event": 1, "open": 1}
    assert counts_of(review, 0, "icans", 1) == {"event": 1, "unknown": 1}  # nobody assessed 002
    assert counts_of(review, 0, "icans", 3) == {"no_event": 1, "unknown": 1}  # grade 1, over by the next dose
    assert counts_of(review, 1, "crs", 1) == {"unknown": 1}
    first = review.steps[0].endpoints[0]
    assert (first.counts.received, first.counts.known, first.with_syndrome) == (2, 1, 1)
    assert review.steps[1].endpoints[0].counts.proportion is None  # of nobody is it known


def test_tocilizumab_is_counted_from_onset_and_from_the_dose(reviewed):
    """Onset at hour 27, tocilizumab at 29.5."""
    care = review_for(reviewed.investigator).steps[0].care

    assert (care.doses, care.with_crs, care.tocilizumab, care.steroid) == (2, 1, 1, 0)
    assert [(one.n, str(one.median), str(one.least), str(one.most)) for one in (care.from_onset, care.from_dose)] == [
        (1, "2.50", "2.50", "2.50"), (1, "29.50", "29.50", "29.50"),
    ]  # fmt: skip
    assert review_for(reviewed.investigator).steps[1].care.not_given == 1


def test_concordance_has_a_row_for_each_site_and_pair_and_no_kappa_of_one_episode(reviewed):
    review = review_for(reviewed.investigator)

    rows = {(one.site, one.between): (one.pairs, one.same, one.higher, one.lower) for one in review.concordances}
    assert rows == {
        (site, between): figures
        for site in ("DEMO-TPE", "")
        for between, figures in {
            INVESTIGATOR_DERIVED: (1, 1, 0, 0), CENTRAL_DERIVED: (1, 0, 1, 0), INVESTIGATOR_CENTRAL: (1, 0, 0, 1),
        }.items()
    }  # fmt: skip
    assert {(one.kappa, one.weighted) for one in review.concordances} == {(None, None)}
    judged = {one.kind: (one.episodes, one.by_investigator, one.by_central) for one in review.judged}
    assert judged == {"crs": (1, 1, 1), "icans": (1, 0, 0)}


def test_the_swimmer_has_a_lane_a_participant_and_the_table_says_the_same(reviewed):
    answer = page_of(reviewed.investigator)
    swimmer, text = answer.context["swimmer"], answer.content.decode()

    assert [(lane.participant, lane.goes_on) for lane in swimmer.lanes] == [("DEMO-001", False), ("DEMO-002", True)]
    first = swimmer.lanes[0]
    assert [(band.kind, band.label) for band in first.bands if band.kind != "window"] == [("crs", "3"), ("icans", "1")]
    assert [(mark.kind, mark.label) for mark in first.marks] == [("dose", "1"), ("dose", "2"), ("tocilizumab", "T")]
    assert [mark.kind for mark in swimmer.lanes[1].marks] == ["dose", "not_given"]
    for words in ("<desc", "swimmer-hatch", "none so far, still open", "29.50 h", "dose not given"):
        assert words in text


@pytest.mark.long
def test_the_print_and_each_csv_have_the_hash_and_the_cut_of_the_page(reviewed):
    page = page_of(reviewed.investigator)
    same, sha256 = page.context["same"], page.context["content"].sha256
    marks = {(sha256, f"{page.context['review'].cut:%Y-%m-%dT%H:%M:%S}")}

    sheets = page_of(reviewed.investigator, f"{PAGE}print/?{same}").content.decode()
    assert sheets.count(sha256) == sheets.count('<section class="sheet"') + 1  # on each, and at the foot of the paper
    for name, _words in page.context["tables"]:
        answer = page_of(reviewed.investigator, f"{PAGE}tables/{name}.csv?{same}")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
        assert answer["X-Content-SHA256"] == sha256
        assert {(row["SHA256"], row["CUTTM"][:19]) for row in rows} <= marks
    taken = AuditEvent.objects.filter(table_name="safety_review_taken")
    assert {one.after["sha256"] for one in taken} == {sha256}
    assert "print" in {one.after["what"] for one in taken}


@pytest.mark.long
def test_what_is_recorded_later_changes_nothing_of_an_earlier_cut(reviewed):
    """A cut is as it was known then: the same hash again after a correction, and another one now."""
    before = page_of(reviewed.investigator)
    wrong = reviewed.participant.vitalsigns_facts.get(observed_at=hour(27))
    right = vitals(reviewed, 27, temperature_c=37, supersedes=wrong, reason="read again")
    kept(right, reviewed, at=timezone.now())

    again = page_of(reviewed.investigator, f"{PAGE}?{before.context['same']}")
    now = page_of(reviewed.investigator)

    assert again.context["content"].sha256 == before.context["content"].sha256
    assert counts_of(again.context["review"], 0, "crs", 1) == {"event": 1, "open": 1}
    assert now.context["content"].sha256 != before.context["content"].sha256
    assert counts_of(now.context["review"], 0, "crs", 1) != {"event": 1, "open": 1}


def test_a_cut_that_cannot_be_honoured_is_refused_at_its_field(reviewed):
    for cut in ("2999-01-01T00:00:00Z", "2026-03-02T09:00:00", "yesterday"):
        assert page_of(reviewed.investigator, f"{PAGE}?cut={cut}").status_code == 400


# --- Who sees what ------------------------------------------------------------------------------------------------


def test_a_sponsor_is_given_counts_and_nobody_s_course_or_judgement(reviewed):
    answer = page_of(reviewed.sponsor)
    review, text = answer.context["review"], answer.content.decode().partition("<main")[2]

    assert counts_of(review, 0, "crs", 1) == {"event": 1, "open": 1}
    assert (review.lanes, review.concordances, review.judged, review.clearances) == ((), (), (), ())
    assert [name for name, _words in answer.context["tables"]] == ["outcomes", "care", "releases"]
    assert [one for one in ("DEMO-001", "DEMO-TPE", "<svg", reviewed.nurse.username) if one in text] == []
    for name in ("periods", "concordance", "judged", "clearances"):
        assert page_of(reviewed.sponsor, f"{PAGE}tables/{name}.csv").status_code == 404


def test_a_nurse_reviews_her_site_and_is_shown_so(reviewed):
    answer = page_of(reviewed.nurse)

    assert [lane.participant for lane in answer.context["review"].lanes] == ["DEMO-001"]
    assert "Your participants only." in answer.content.decode()


def test_a_central_reviewer_is_told_neither_site_nor_staff(reviewed):
    reviewer = reviewed.study.memberships.get(role=Role.CENTRAL.value).user
    answer = page_of(reviewer)

    assert {one.site for one in answer.context["review"].concordances} == {""}
    assert [lane.participant for lane in answer.context["review"].lanes] == ["DEMO-001", "DEMO-002"]
    text = answer.content.decode().partition("<main")[2]
    assert [one for one in ("DEMO-TPE", reviewed.investigator.username) if one in text] == []


def test_who_is_blinded_is_told_dose_numbers_alone_and_no_cohort(reviewed):
    reviewer = reviewed.study.memberships.get(role=Role.CENTRAL.value).user
    with acting(by="test", reason="blinded"):
        reviewed.study.blinded = True
        reviewed.study.save()
    labels = set(reviewed.regimen.steps.values_list("label", flat=True))

    for who in (reviewed.sponsor, reviewer):
        for address in (PAGE, f"{PAGE}print/"):
            answer = page_of(who, address)
            text = answer.content.decode().partition("<main")[2]
            assert [one for one in labels if one in text] == []
            assert [(step.label, step.number) for step in answer.context["review"].steps] == [("", 1), ("", 2)]
    ward = page_of(reviewed.investigator)
    assert "not for blinded readers" in ward.content.decode()
    assert [step.label for step in ward.context["review"].steps] == ["STEP-UP 1", "STEP-UP 2"]


def test_strangers_and_cohorts_that_are_not_there_are_not_found(reviewed):
    other = build_world("OTHER")

    for address in (PAGE, f"{PAGE}print/", f"{PAGE}tables/outcomes.csv"):
        assert page_of(other.investigator, address).status_code == 404
    assert page_of(reviewed.investigator, f"{PAGE}?cohort=none").status_code == 404
    assert page_of(reviewed.investigator, f"{PAGE}tables/none.csv").status_code == 404
    assert PAGE in page_of(reviewed.nurse, "/safety/").content.decode()
    assert PAGE not in page_of(other.nurse, "/safety/").content.decode()
