"""Judging on the pages: who sees which button, and what comes of a tap."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.errors import InvalidInput
from grading.models import Episode, Grade, GradeAssessment
from grading.recording.record import record
from tests.builders import World, hour, kept, neuro, signature
from tests.review.drafts import assessment, final_of, otherwise

pytestmark = pytest.mark.django_db


def address(world: World, about: str = "set") -> str:
    of = Grade if about == "set" else Episode
    return reverse("judge", args=[world.participant.pk, about, of.objects.get(kind="crs").root])


def answer(**changes) -> dict[str, object]:
    fields = {"id": str(uuid4()), "opened_at": timezone.now().isoformat(), "seen": "1", "agrees": "yes"}
    return fields | changes


def text_of(page) -> str:
    return page.content.decode()


def test_the_participant_page_shows_four_ledgers_and_the_nurse_s_own_buttons(client, seen):
    client.force_login(seen.nurse)

    text = text_of(client.get(reverse("participant", args=[seen.participant.pk])))

    for phrase in ("Derived", "Nurse", "Investigator", "Central review", "Agree", "Say otherwise"):
        assert phrase in text
    assert "Override" not in text
    assert address(seen) in text
    assert address(seen, "episode") in text


def test_an_investigator_confirms_or_overrides(client, seen):
    client.force_login(seen.investigator)

    text = text_of(client.get(reverse("participant", args=[seen.participant.pk])))

    assert "Confirm" in text
    assert "Override" in text
    assert "Say otherwise" not in text


def test_who_only_reads_has_no_buttons(client, seen):
    client.force_login(seen.data_manager)

    text = text_of(client.get(reverse("participant", args=[seen.participant.pk])))

    assert "Derived" in text
    assert 'name="agrees"' not in text


@pytest.mark.parametrize("about", ["set", "episode"])
def test_a_nurse_agrees_with_one_tap(client, seen, about):
    client.force_login(seen.nurse)

    done = client.post(address(seen, about), answer())

    assert done["Location"] == reverse("participant", args=[seen.participant.pk])
    one = GradeAssessment.objects.get()
    assert (one.about, one.ledger, one.agrees, one.recorded_by, one.source) == (
        about,
        "nurse",
        True,
        seen.nurse,
        "page",
    )
    assert "agrees" in text_of(client.get(done["Location"]))


def test_two_taps_are_one_judgement(client, seen):
    client.force_login(seen.nurse)
    once = answer()

    assert [client.post(address(seen), once).status_code for _ in range(2)] == [302, 302]
    assert GradeAssessment.objects.count() == 1


def test_an_investigator_overrides_with_grade_and_reason(client, seen):
    client.force_login(seen.investigator)

    sent = answer(agrees="no", grade="0", because="Sepsis")
    assert set(client.post(address(seen, "episode"), sent).context["form"].errors) == {"password"}
    page = client.post(address(seen, "episode"), sent | signature(seen.investigator), follow=True)

    text = text_of(page)
    for phrase in ("Disagreement", "final: Grade 0", "Sepsis"):
        assert phrase in text
    assert (GradeAssessment.objects.get().ledger, final_of(seen)) == ("investigator", 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agrees": "no", "because": "x"}, "grade"),
        ({"agrees": "no", "grade": "2"}, "because"),
        ({"agrees": "no", "grade": "6", "because": "x"}, "grade"),
        ({"agrees": "maybe"}, "agrees"),
        ({"seen": "3"}, "seen"),
        ({"opened_at": "2026-03-02T09:00:00Z"}, "opened_at"),
    ],
)
def test_an_unclear_answer_comes_back_with_what_is_wrong(client, seen, changes, field):
    client.force_login(seen.nurse)

    page = client.post(address(seen), answer(**changes))

    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert "Not saved yet" in text_of(page)
    assert not GradeAssessment.objects.exists()


@pytest.mark.parametrize("name", ["judge", "participant"])
def test_a_stranger_finds_no_page(client, seen, name):
    client.force_login(seen.outsider)
    page = address(seen) if name == "judge" else reverse(name, args=[seen.participant.pk])

    assert client.get(page).status_code == 404
    assert client.post(address(seen), answer()).status_code == 404
    assert seen.participant.number not in text_of(client.get(reverse("disagreements")))


@pytest.mark.parametrize("who", ["sponsor", "data_manager"])
def test_who_may_not_judge_is_refused(client, seen, who):
    client.force_login(getattr(seen, who))

    assert client.get(address(seen)).status_code == 403
    assert client.post(address(seen), answer()).status_code == 403
    assert client.get(reverse("disagreements")).status_code == (403 if who == "sponsor" else 200)
    assert not GradeAssessment.objects.exists()


def test_nobody_signed_out_judges(client, seen):
    assert client.get(address(seen)).status_code == client.get(reverse("disagreements")).status_code == 302


def test_there_is_nothing_else_to_judge(client, seen):
    client.force_login(seen.nurse)

    assert client.get(reverse("judge", args=[seen.participant.pk, "dose", uuid4()])).status_code == 404
    assert client.get(reverse("judge", args=[seen.participant.pk, "set", uuid4()])).status_code == 404


def test_the_central_reviewer_judges_without_seeing_the_ward(client, seen, central):
    client.force_login(central)
    kept(otherwise(seen, 3, ledger="investigator"), seen, by=seen.investigator)

    assert client.get(reverse("board"))["Location"] == reverse("disagreements")
    assert client.get(reverse("participant", args=[seen.participant.pk])).status_code == 403
    page = client.get(address(seen))
    assert page.status_code == 200
    shown = re.sub(r"<[^>]+>", " ", text_of(page))  # a token in a hidden field may hold any two letters
    assert "Bed 12" not in shown
    assert "7B" not in shown
    listed = text_of(client.get(reverse("disagreements")))
    assert "DEMO-001" in listed
    done = client.post(address(seen), answer(agrees="no", grade="2", because="Read again") | signature(central))
    assert done["Location"] == address(seen)
    assert GradeAssessment.objects.get(ledger="central").recorded_by == central


def test_the_list_page_tells_both_grades_and_that_kappa_is_not_defined(client, seen):
    kept(otherwise(seen, 3), seen)
    client.force_login(seen.charge_nurse)

    text = text_of(client.get(reverse("disagreements")))

    for phrase in ("DEMO-001", "Grade 1", "Nurse: Grade 3", "bleeding", "not defined"):
        assert phrase in text


def test_a_neuro_assessment_is_judged_too(client, seen):
    kept(neuro(seen, 5, ice_writing=False), seen)
    client.force_login(seen.nurse)
    root = Grade.objects.get(kind="icans").root

    assert client.post(reverse("judge", args=[seen.participant.pk, "set", root]), answer()).status_code == 302
    assert GradeAssessment.objects.get().kind == "icans"


def test_it_is_recorded_at_the_moment_it_was_made(seen):
    with pytest.raises(InvalidInput):  # late, and nobody says why
        record(assessment(seen, h=5), by=seen.nurse, at=hour(5) + timedelta(hours=2))


@pytest.mark.parametrize(
    ("who", "shown"),
    [("nurse", True), ("charge_nurse", True), ("investigator", True), ("data_manager", True), ("sponsor", False),
     ("outsider", True)],  # a ward that has enrolled nobody yet
)  # fmt: skip
def test_the_menu_names_the_page_to_those_who_may_open_it(client, seen, who, shown):
    client.force_login(getattr(seen, who))

    assert (client.get(reverse("disagreements")).status_code == 200) is shown
    page = client.get(reverse("exports" if who == "sponsor" else "board"))
    assert (f'href="{reverse("disagreements")}"' in text_of(page)) is shown


def test_the_menu_names_it_to_the_central_reviewer(client, seen, central):
    client.force_login(central)

    assert f'href="{reverse("disagreements")}"' in text_of(client.get(reverse("disagreements")))
