"""An episode as an event: what is said of it is told in its narrative, and only what was said."""

import pytest
from django.utils import timezone, translation

from crsmonitor.errors import Forbidden, InvalidInput
from grading.models import Episode, EpisodeNarrative, EventReport, ReviewAssignment
from grading.serious.facts import facts_of
from grading.serious.narrative import narrative
from regimens.blinding import Profile
from regimens.models import Signature
from tests.builders import World, draft, kept

pytestmark = pytest.mark.django_db
BY_HAND = {
    "en": [
        "It was serious: hospitalisation, or prolongation of it, medically important.",
        "Outcome: recovered.",
        "Action taken with the study drug: drug interrupted.",
        "The next dose was delayed because of CRS.",
    ],
    "zh-hant": [
        "此為嚴重事件：住院或延長住院、醫學上重要事件。",
        "結果：已恢復。",
        "對試驗藥採取的措施：暫停用藥。",
        "下一劑因 CRS 延後。",
    ],
}


def episode_of(world: World) -> Episode:
    return Episode.objects.select_related("participant__site", "participant__study").get(participant=world.participant)


def report(world: World, h: float = 36, **columns) -> EventReport:
    values = {"serious": True, "criteria": ["hospitalisation", "important"], "outcome": "RECOVERED/RESOLVED",
              "action": "DRUG INTERRUPTED", "next_dose_delayed": True}  # fmt: skip
    return draft(EventReport, world, h, kind="crs", about_root=episode_of(world).root, **values | columns)


def reported(world: World) -> list[str]:
    episode = episode_of(world)
    facts = facts_of(episode.participant, episode, at=timezone.now())
    return [one.text for one in narrative(facts, Profile.OPEN) if facts.report and one.facts == [facts.report.pk]]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_what_was_said_of_it_is_told_as_written_by_hand(seen, language):
    kept(report(seen), seen, by=seen.investigator)

    with translation.override(language):
        assert reported(seen) == BY_HAND[language]


def test_what_nobody_said_is_not_told(seen):
    kept(report(seen, serious=None, criteria=[], outcome="", action="", next_dose_delayed=None), seen,
         by=seen.investigator)  # fmt: skip
    assert reported(seen) == []
    kept(report(seen, h=37, serious=False, criteria=[], outcome="", action="", next_dose_delayed=False), seen,
         by=seen.investigator)  # fmt: skip
    assert reported(seen) == ["It was not serious.", "The next dose was not delayed because of CRS."]


def test_serious_says_why_and_a_nurse_says_nothing(seen):
    for wrong in ({"criteria": []}, {"serious": False}, {"serious": None}):
        with pytest.raises(InvalidInput):
            kept(report(seen, **wrong), seen, by=seen.investigator)
    with pytest.raises(Forbidden):
        kept(report(seen), seen)


def test_a_narrative_is_signed_and_an_assignment_is_the_data_manager_s(seen):
    about = {"kind": "crs", "about_root": episode_of(seen).root}
    kept(draft(EpisodeNarrative, seen, 5, **about, language="en", text="x"), seen, by=seen.investigator)
    assert Signature.objects.get(kind="narrative").meaning == "responsible"

    sent = {"why": "sample", "because": "1 of 10"} | about
    kept(draft(ReviewAssignment, seen, 5, **sent), seen, by=seen.data_manager)
    with pytest.raises(Forbidden):
        kept(draft(ReviewAssignment, seen, 5, **sent), seen, by=seen.investigator)
