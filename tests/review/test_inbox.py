"""The inbox: what waits for whom, the most urgent first, and how many questions it asks."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, NotFound
from grading.alerting.services.answers import acknowledge
from grading.dosing.selectors.waiting import gates_waiting
from grading.models import Episode, Grade, GradeAssessment, GradeDifference, ReviewAssignment
from grading.review.selectors.inbox import disputes, dosed_and_watched
from grading.review.views.inbox import PARTS, Filters, picture_for
from grading.review.views.inbox_items import InboxKind, items_of
from regimens.models import Participant
from tests.builders import World, dose, draft, hour, kept, stay, treatment, vitals
from tests.review.drafts import assessment, otherwise

pytestmark = pytest.mark.django_db
GRADE_2 = {"temperature_c": 38.6, "sbp": 82, "hypotension": True}


def inbox(world: World, *, by=None, at=None) -> list:
    return items_of(PARTS, by or world.investigator, at=at or hour(6))


def kinds(items) -> list[str]:
    return [item.kind.value for item in items]


def another(world: World, n: int) -> World:
    """The same world with another participant, dosed too."""
    with acting(by="test", reason="another"):
        one = Participant.objects.create(
            study=world.study, site=world.site, number=f"DEMO-{n:03}", regimen=world.regimen
        )
    world.participant = one
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def test_an_open_alert_comes_before_the_episode_that_nobody_has_judged(seen):
    items = inbox(seen)

    assert kinds(items) == ["alert", "unjudged"]
    assert [key.does for key in items[0].keys] == ["bedside", "decline"]
    assert items[1].headline == "CRS episode: Grade 1"


def test_an_answered_alert_waits_until_something_is_recorded(seen):
    acknowledge(str(seen.participant.alerts.get().pk), by=seen.investigator, at=hour(5))

    assert kinds(inbox(seen)) == ["to_record", "unjudged"]


def test_what_a_drug_closed_waits_for_review(seen):
    kept(vitals(seen, 4.2, **GRADE_2), seen)
    kept(treatment(seen, 4.5, "tocilizumab", "anticytokine", "crs"), seen)

    [review] = [item for item in inbox(seen) if item.kind is InboxKind.REVIEW]
    assert [key.does for key in review.keys] == ["review"]


def test_a_judgement_waits_no_more_until_the_derived_grade_rises_above_it(seen):
    kept(assessment(seen, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    assert "unjudged" not in kinds(inbox(seen))
    kept(vitals(seen, 5.5, **GRADE_2), seen)

    items = inbox(seen)
    assert kinds(items)[:2] == ["alert", "again"]
    assert items[1].headline == "CRS, episode, final: Grade 2"


def test_a_judgement_that_was_overtaken_is_told_who_may_judge_and_no_ward_to_central_review(client, seen, central):
    kept(otherwise(seen, 0, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    kept(vitals(seen, 5.5, **GRADE_2), seen)
    assert "again" in kinds(inbox(seen))
    assert "again" not in kinds(inbox(seen, by=seen.data_manager))  # who may not judge, and is shown disagreements

    [again] = inbox(seen, by=central)
    client.force_login(central)
    page = client.get(reverse("inbox")).content.decode()
    for word in (seen.site.code, seen.participant.current_state.ward, "Asia/Taipei"):
        assert word not in page, word
    links = re.findall(r'href="(/participants/[^"]*)"', page)
    assert (again.kind.value, set(links)) == ("again", {again.keys[0].address})
    opened = client.get(links[0])
    assert opened.status_code == 200
    assert reverse("signatures") not in opened.content.decode()  # of a record that is not hers


def test_a_confirmed_grade_that_rose_is_not_told_to_central_review(seen, central):
    kept(assessment(seen, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    kept(vitals(seen, 5.5, **GRADE_2), seen)
    assert "again" in kinds(inbox(seen))
    assert inbox(seen, by=central) == []


@pytest.mark.long
def test_a_dispute_waits_for_whoever_spoke_first(seen, central):
    kept(assessment(seen, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    assert "dispute" not in kinds(inbox(seen))
    about = {"kind": "crs", "about_root": Episode.objects.get().root}
    kept(draft(ReviewAssignment, seen, 5.2, why="sample", because="all", **about), seen, by=seen.data_manager)
    kept(otherwise(seen, 3, h=5.5, about="episode", ledger="central"), seen, by=central)
    [one] = [item for item in inbox(seen) if item.kind is InboxKind.DISPUTE]
    assert one.lines == ("Investigator: confirmed at: Grade 1", "Central review: Grade 3")

    kept(otherwise(seen, 2, h=6, about="episode", ledger="investigator"), seen, by=seen.investigator)

    assert "dispute" not in kinds(inbox(seen))
    assert [one.episode for one in disputes(central, Act.ADJUDICATE)] == [Episode.objects.get()]


def test_a_window_that_is_over_waits_to_be_closed(seen):
    """The step is watched for 24 h."""
    assert "window" not in kinds(inbox(seen, at=hour(24) - timedelta(seconds=1)))
    [window] = [item for item in inbox(seen, at=hour(24)) if item.kind is InboxKind.WINDOW]

    assert window.headline == "Dose 1, STEP-UP 1: the window is over"


def test_a_tablet_that_showed_another_grade_is_the_data_manager_s(seen):
    fact = Grade.objects.get(kind="crs")
    shown = {"grade": 0, "at_least": 0, "at_most": 0, "flags": [], "version": "1"}
    derived = shown | {"grade": 1, "at_least": 1, "at_most": 1}
    with acting(by="test", reason="a difference"):
        GradeDifference.objects.create(
            id=fact.fact_id, participant=seen.participant, kind="crs", at=hour(4), shown=shown, derived=derived
        )

    assert kinds(inbox(seen, by=seen.data_manager)) == ["tablet"]
    assert "tablet" not in kinds(inbox(seen))


@pytest.mark.long
def test_more_participants_ask_no_more_questions(seen):
    kept(assessment(seen, h=4.5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    kept(vitals(seen, 5, **GRADE_2), seen)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            inbox(seen, at=hour(30))
        return len(captured)

    first, one = queries(), seen.participant
    for n in range(2, 6):
        another(seen, n)
        kept(vitals(seen, 4, temperature_c=38.6), seen)
        episode = Episode.objects.get(participant=seen.participant)
        kept(assessment_of(seen, episode), seen, by=seen.investigator)
        kept(vitals(seen, 5, **GRADE_2), seen)

    items = inbox(seen, at=hour(30))
    assert kinds(items).count("again") == 5 == kinds(items).count("alert") == kinds(items).count("window")
    assert queries() <= first + 1
    assert one.number in {item.participant.number for item in items}


def assessment_of(world: World, episode: Episode):
    about = {"about": "episode", "about_root": episode.root, "kind": "crs", "ledger": "investigator", "agrees": True}
    return draft(GradeAssessment, world, 4.5, **about)


def test_filters_are_study_kind_and_ward(seen):
    items = inbox(seen)

    for filters, n in (
        (Filters(), 2), (Filters(study="DEMO"), 2), (Filters(study="OTHER"), 0), (Filters(kind="alert"), 1),
        (Filters(ward="7B"), 2), (Filters(ward="8A"), 0), (Filters(study="DEMO", kind="unjudged", ward="7B"), 1),
    ):  # fmt: skip
        assert sum(filters.lets(item) for item in items) == n


def test_who_judges_nothing_has_no_inbox(client, seen):
    with pytest.raises(Forbidden):
        picture_for(seen.nurse, "en", Filters())
    client.force_login(seen.nurse)
    assert client.get(reverse("inbox")).status_code == 403
    assert inbox(seen, by=seen.outsider) == inbox(seen, by=seen.sponsor) == []
    nobody = seen.sponsor
    nobody.is_active = False
    with pytest.raises(NotFound):
        picture_for(nobody, "en", Filters())


@pytest.mark.long
@pytest.mark.parametrize(("language", "title"), [("en", "Waiting for you: 3"), ("zh-hant", "待您處理：3")])
def test_the_page_shows_study_and_zone_and_goes_without_scripts(client, seen, language, title):
    client.force_login(seen.investigator)
    client.cookies["django_language"] = language

    text = client.get(reverse("inbox")).content.decode()

    assert title in text
    for phrase in ("DEMO-001", "DEMO-TPE", "Asia/Taipei", 'name="what" value="at_bedside"'):
        assert phrase in text
    answer = reverse("answer_alert", args=[seen.participant.alerts.get().pk])
    assert client.post(answer, {"what": "at_bedside"}).status_code == 302
    assert kinds(inbox(seen, at=timezone.now())) != []
    assert "alert" not in kinds(inbox(seen))


def test_a_regimen_without_rules_releases_nothing(seen):
    assert gates_waiting(dosed_and_watched(seen.investigator), at=hour(24 * 30)) == []
