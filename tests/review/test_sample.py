"""Central review reads a random sample, drawn once; and a single set only where it was sent, or is disputed."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from crsmonitor.errors import NotFound
from grading.models import Episode, Grade, GradeAssessment, ReviewAssignment
from grading.review.selectors.sampling import to_draw
from grading.rules.grades.sampling import is_drawn
from regimens.models import Study
from tests.builders import World, draft, kept, signature, vitals
from tests.review.drafts import assessment, otherwise, send
from tests.review.test_episode_page import text_of

pytestmark = pytest.mark.django_db


def sampled(world: World, percent: int, seed: str = "4711") -> Study:
    with acting(by="test", reason="a sample"):
        Study.objects.filter(pk=world.study.pk).update(review_percent=percent, review_seed=seed)
    return Study.objects.get(pk=world.study.pk)


def over(world: World) -> Episode:
    """Free of it for 24 h."""
    for h in (6, 18, 30):
        kept(vitals(world, h), world)
    return Episode.objects.get()


def test_a_button_draws_what_ended_once_and_writes_it_down(client, seen):
    page = reverse("review-sample", args=[seen.study.code])
    client.force_login(seen.data_manager)
    assert to_draw(seen.data_manager, sampled(seen, 100)) == []  # it is not over
    episode = over(seen)
    assert "Drawn and not sent yet: 1" in text_of(client.get(page))
    checklist = reverse("setup-study", args=[seen.study.code])
    assert "Drawn and not sent yet: 1" in text_of(client.get(checklist))

    assert client.post(page).status_code == 302
    assert client.post(page).status_code == 302

    one = ReviewAssignment.objects.get()
    assert (one.why, one.because, one.about_root) == ("sample", "100 of 100, seed 4711", episode.root)
    assert one.recorded_by == seen.data_manager
    assert "Drawn and sent: 1. Drawn and not sent yet: 0." in text_of(client.get(page))
    assert "Drawn and not sent yet" not in text_of(client.get(checklist))
    values = {"kind": "crs", "about_root": episode.root, "why": "sample", "because": one.because}
    correction = {"supersedes": one, "withdrawn": True, "reason": "a mistake", "observed_at": timezone.now()}
    taken_back = draft(ReviewAssignment, seen, 0, **values, **correction)
    kept(taken_back, seen, by=seen.data_manager)
    assert to_draw(seen.data_manager, seen.study) == []  # never twice


def test_who_is_not_drawn_is_not_sent_and_no_study_draws_without_a_percentage(seen):
    episode = over(seen)
    assert to_draw(seen.data_manager, seen.study) == []
    seeds = {is_drawn(f"crs/{episode.root}", seed=str(n), percent=50): str(n) for n in range(64)}

    assert to_draw(seen.data_manager, sampled(seen, 50, seeds[False])) == []
    assert to_draw(seen.data_manager, sampled(seen, 50, seeds[True])) == [episode]


@pytest.mark.parametrize(("who", "status"), [("nurse", 403), ("investigator", 403), ("sponsor", 403),
                                             ("outsider", 403), ("data_manager", 200)])  # fmt: skip
def test_who_draws(client, seen, who, status):
    client.force_login(getattr(seen, who))

    assert client.get(reverse("review-sample", args=[seen.study.code])).status_code == status
    assert client.get(reverse("review-sample", args=["NONE"])).status_code == 404


def test_a_set_is_judged_by_central_review_only_where_it_is_for_it(client, seen, central):
    set_page = reverse("judge", args=[seen.participant.pk, "set", Grade.objects.get(kind="crs").root])
    client.force_login(central)
    assert client.get(set_page).status_code == 404
    with pytest.raises(NotFound):
        kept(assessment(seen, h=4.5, ledger="central"), seen, by=central)

    send(seen)  # its episode

    page = client.get(set_page)
    assert page.status_code == 200
    for hidden in ("DEMO-TPE", "Taipei", "+08:00", "7B"):
        assert hidden not in text_of(page), hidden
    answer = {"id": str(uuid4()), "opened_at": timezone.now().isoformat(), "seen": 1, "seen_most": 1, "agrees": "yes"}
    assert client.post(set_page, answer | signature(central)).status_code == 302
    assert GradeAssessment.objects.get().ledger == "central"


def test_a_set_that_an_investigator_disputes_is_for_central_review_and_a_nurse_s_word_is_not(client, seen, central):
    set_page = reverse("judge", args=[seen.participant.pk, "set", Grade.objects.get(kind="crs").root])
    client.force_login(central)
    kept(otherwise(seen, 3, h=4.5), seen)
    assert client.get(set_page).status_code == 404
    assert "DEMO-001" not in text_of(client.get(reverse("disagreements")))

    kept(otherwise(seen, 2, h=5, ledger="investigator"), seen, by=seen.investigator)

    page, listed = text_of(client.get(set_page)), text_of(client.get(reverse("disagreements")))
    assert "Investigator" in page
    assert "DEMO-001" in listed
    assert "DEMO-TPE" not in page
    for hidden in (seen.investigator.username, seen.nurse.username, "+08:00"):
        assert hidden not in page + listed, hidden
