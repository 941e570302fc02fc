"""The narrative equals a text written by hand from the facts, in both languages; each sentence has its facts."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from grading.models import Episode, EventReport
from grading.review.narrative import narrative
from grading.review.narrative_words import narrative_text
from grading.review.selectors.episode_facts import episode_facts
from regimens.facts import Fact
from regimens.models import ClientId
from regimens.rules.wall_time import day_text
from tests.builders import World, draft, kept, treatment, vitals
from tests.review.drafts import otherwise
from tests.stages import stage

pytestmark = pytest.mark.django_db

# Dose 1 at hour 0, 17:00 in Taipei; a fever at hour 4, low pressure at hour 6, tocilizumab at hour 7, free of it from
# hour 10 and seen so at hour 34: over at hour 10.
BY_HAND = {
    "en": (
        "Participant DEMO-001 was given dose 1 (STEP-UP 1, 5 mg) at 2026-03-02 17:00. "
        "CRS began at 2026-03-02 21:00, 4 h 0 min after the start of this dose. "
        "The first set had grade 1: temperature 38.6 °C, systolic pressure 120 mmHg, saturation 97 %, "
        "oxygen: Room air. "
        "It rose to grade 2 at 2026-03-02 23:00: temperature 38.6 °C, systolic pressure 82 mmHg, saturation 97 %, "
        "oxygen: Room air. "
        "tocilizumab 480 mg was given at 2026-03-03 00:00, 3 h 0 min after CRS began. "
        "CRS was over at 2026-03-03 03:00, after 6 h 0 min. "
        "Investigator: grade 3 at 2026-03-03 05:00, because: bleeding. "
        "By the study's rule (grade 3 or above for 72 h) it is no dose-limiting toxicity. "
        "It was serious: hospitalisation, or prolongation of it, medically important. "
        "Outcome: recovered. "
        "Action taken with the study drug: drug interrupted. "
        "The next dose was delayed because of CRS."
    ),
    "zh-hant": (
        "受試者 DEMO-001 於 2026-03-02 17:00 接受第 1 劑（遞增劑 1，5 mg）。"
        "CRS 於 2026-03-02 21:00 開始，距此劑開始 4 小時 0 分。"
        "首次測量為 1 級：體溫 38.6 °C、收縮壓 120 mmHg、血氧飽和度 97 %、氧氣：室內空氣。"
        "於 2026-03-02 23:00 升至 2 級：體溫 38.6 °C、收縮壓 82 mmHg、血氧飽和度 97 %、氧氣：室內空氣。"
        "於 2026-03-03 00:00（CRS 開始後 3 小時 0 分）給予 tocilizumab 托珠單抗 480 mg。"
        "CRS 於 2026-03-03 03:00 結束，歷時 6 小時 0 分。"
        "主持人：於 2026-03-03 05:00 判讀為 3 級，原因：bleeding。"
        "依試驗規則（3 級以上持續 72 小時），此非劑量限制毒性（DLT）。"
        "此為嚴重事件：住院或延長住院、醫學上重要事件。"
        "結果：已恢復。"
        "對試驗藥採取的措施：暫停用藥。"
        "下一劑因 CRS 延後。"
    ),
}


@stage
def over(seen: World) -> World:
    kept(vitals(seen, 6, temperature_c=38.6, sbp=82, hypotension=True), seen)
    kept(treatment(seen, 7, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), seen)
    for h in (10, 22, 34):
        kept(vitals(seen, h), seen)
    kept(otherwise(seen, 3, h=12, about="episode", ledger="investigator"), seen, by=seen.investigator)
    return seen


def report(world: World, h: float = 36, **columns) -> EventReport:
    episode = Episode.objects.get(kind="crs", participant=world.participant)
    values = {"serious": True, "criteria": ["hospitalisation", "important"], "outcome": "RECOVERED/RESOLVED",
            "action": "DRUG INTERRUPTED", "next_dose_delayed": True}  # fmt: skip
    return draft(EventReport, world, h, kind="crs", about_root=episode.root, **values | columns)


def sentences():
    return narrative(episode_facts(Episode.objects.select_related("participant__study").get(kind="crs")))


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_it_is_the_text_written_by_hand(over, language):
    kept(report(over), over, by=over.investigator)

    with translation.override(language):
        text = narrative_text(sentences(), lambda at: day_text(at, ZoneInfo(over.site.time_zone)))
    assert text == BY_HAND[language]


def test_each_sentence_has_facts_that_are_on_record(over):
    kept(report(over), over, by=over.investigator)

    known = set(ClientId.objects.filter(participant=over.participant).values_list("pk", flat=True))
    assert all(one.facts and set(one.facts) <= known for one in sentences())
    assert issubclass(EventReport, Fact)


def test_what_nobody_said_is_left_out(over):
    kept(report(over, serious=None, criteria=[], outcome="", action="", next_dose_delayed=None), over,
         by=over.investigator)  # fmt: skip

    assert [one.code for one in sentences()] == [
        "dose", "onset_after_dose", "grade_first", "grade_rose", "treated_after", "over", "judged", "limits_not",
    ]  # fmt: skip
