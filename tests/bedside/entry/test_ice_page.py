"""The ICE in the participant's language, by page: words, what is kept, what is refused, and the sentences."""

import json
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.models import NeuroAssessment
from regimens.models import Measured, Measurement, NeuroInstrument, Participant, Site
from regimens.rules.wall_time import on_wall
from tests.bedside.entry.test_neuro import CLEAR
from tests.bedside.posted import common, text_of, url
from tests.builders import draft, kept, neuro, stay
from tests.stages import stage

pytestmark = pytest.mark.django_db

SENTENCE = {"width": 400, "height": 120, "strokes": [[[10, 20, 0, 500], [14, 22, 16, 510]], [[40, 20, 38000, 480]]]}
ASKED = CLEAR | {"bank": "zh-hant 1", "object_set": "a"}


@stage
def in_chinese(dosed):
    """She is asked in Chinese, and had 10 points in Chinese before the first dose."""
    with acting(by="test", reason="words for a test"):
        Site.objects.filter(pk=dosed.site.pk).update(city="臺北市", hospital="示範醫院", language="en")
    before = timezone.now() - timedelta(hours=3)
    for kind, columns in (
        (Measured.LANGUAGE, {"text": "zh-hant"}),
        (Measured.BASELINE_ICE, {"value": 10, "text": "zh-hant 1"}),
    ):
        kept(draft(Measurement, dosed, 0, kind=kind, observed_at=before, **columns), dosed)
    return dosed


def test_the_words_are_in_her_language_with_roc_years_the_sites_city_and_the_keys_in_the_nurses(nurse, in_chinese):
    page = text_of(nurse.get(url(in_chinese, "neuro")))

    year = on_wall(timezone.now(), ZoneInfo("Asia/Taipei")).year
    for words in (
        "請問今年是哪一年？",
        f"民國{year - 1911}年、西元{year}年",
        "臺北市",
        "示範醫院",
        "出示：筆、手錶、鑰匙",
    ):
        assert words in page, words
    assert 'lang="zh-Hant-TW"' in page
    assert "awaiting review by a clinician" in page
    assert "right" in page
    assert "不" not in page.split("請問今年是哪一年？")[0]  # the nurse's page is English


@pytest.mark.long
def test_words_and_objects_are_kept_and_the_next_one_is_shown_other_objects(nurse, in_chinese):
    shown = nurse.get(url(in_chinese, "neuro")).context["form"]
    assert (shown["bank"].value(), shown["object_set"].value()) == ("zh-hant 1", "a")

    nurse.post(url(in_chinese, "neuro"), common(**ASKED, adaptations=["hearing"], interpreter="family"))

    one = NeuroAssessment.objects.get()
    assert (one.bank_language, one.bank_version, one.object_set) == ("zh-hant", "1", "a")
    assert nurse.get(url(in_chinese, "neuro")).context["form"]["object_set"].value() == "b"
    assert "adapted to: hearing, interpreter: family" in plain(nurse.get(url(in_chinese, "neuro")))  # beside the next
    course = text_of(nurse.get(url(in_chinese, "participant")))
    for note in ("Traditional Chinese, version 1", "adapted to: hearing", "interpreter: family", "±0 to baseline 10"):
        assert note in course, note


@pytest.mark.long
def test_other_words_are_asked_about_kept_and_shown_and_hold_nothing_back(nurse, in_chinese):
    nurse.post(url(in_chinese, "neuro"), common(**ASKED))
    english = text_of(nurse.get(url(in_chinese, "neuro"), {"bank": "en 1"}))
    assert "What year is it now?" in english
    assert "other language than at baseline; other language than the time before: why?" in english

    worse = ASKED | {"bank": "en 1", "ice_year": "no", "ice_naming": "1"}
    answer = nurse.post(url(in_chinese, "neuro"), common(**worse), follow=True)  # nobody said why

    assert "Grade 1" in text_of(answer)
    assert "other language than at baseline" in text_of(answer)
    assert "−3 to baseline 10" in text_of(answer)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"bank": "zh-hant 99"}, "bank"),
        ({"bank": "<script>"}, "bank"),
        ({"object_set": "zz"}, "object_set"),
        ({"adaptations": ["weather"]}, "adaptations"),
        ({"interpreter": "Mrs Lin"}, "interpreter"),
        ({"sentence": "not json"}, "sentence"),
        ({"sentence": json.dumps(SENTENCE | {"strokes": [[[1.5, 1, 0, 500]]]})}, "sentence"),
        ({"sentence": json.dumps(SENTENCE | {"strokes": [[[1, 1, 0, 500]] * 2001]})}, "sentence"),
        ({"sentence": "[" * 60_001}, "sentence"),
        ({"sentence": json.dumps(SENTENCE), "sentence_on_paper": "on"}, "sentence"),
    ],
)
def test_what_the_page_did_not_send_is_refused_and_the_rest_stays_typed(nurse, in_chinese, wrong, field):
    page = nurse.post(url(in_chinese, "neuro"), common(**ASKED | wrong))

    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert page.context["form"]["ice_year"].value() == "yes"
    assert not NeuroAssessment.objects.exists()


def test_a_test_of_which_nothing_was_tried_was_asked_with_no_words(nurse, in_chinese):
    nothing = ASKED | {name: "" for name in ASKED if name.startswith("ice_")}
    nurse.post(url(in_chinese, "neuro"), common(**nothing, not_done_ice="asleep"))

    assert NeuroAssessment.objects.get().bank_language == ""


def test_a_sentence_is_corrected_like_any_fact_and_shown_beside_the_one_before_dosing(nurse, in_chinese):
    early = timezone.now() - timedelta(hours=2, minutes=30)
    kept(neuro(in_chinese, 0, observed_at=early, sentence=SENTENCE), in_chinese)
    nurse.post(url(in_chinese, "neuro"), common(**ASKED, sentence=json.dumps(SENTENCE)))
    written = NeuroAssessment.objects.order_by("observed_at").last()
    address = reverse("correct", args=["neuro", written.pk])
    form = nurse.get(address).context["form"]
    assert json.loads(form.sentence_text) == SENTENCE

    corrected = ASKED | {"ice_writing": "no", "sentence": form.sentence_text}
    nurse.post(address, common(**corrected, when="same", reason="the name of a nurse"))

    shown = nurse.get(url(in_chinese, "participant"))
    assert [(one.is_baseline, one.is_right, one.seconds) for one in shown.context["sentences"]] == [
        (True, True, 38), (False, False, 38),
    ]  # fmt: skip
    assert 'd="M10 20L14 22"' in text_of(shown)
    assert NeuroAssessment.objects.filter(root=written.root).count() == 2


def test_a_child_has_its_baseline_and_adaptations_and_no_words_of_an_ice(nurse, dosed):
    with acting(by="test", reason="a child"):
        dosed.participant = Participant.objects.create(
            study=dosed.study, site=dosed.site, number="CHILD-007", regimen=dosed.regimen,
            neuro_instrument=NeuroInstrument.CAPD,
        )  # fmt: skip
    before = timezone.now() - timedelta(hours=3)
    baseline = draft(Measurement, dosed, 0, kind=Measured.BASELINE_CAPD, observed_at=before, value=2)
    kept(baseline, dosed)
    page = text_of(nurse.get(url(dosed, "neuro")))
    assert "Baseline: <strong>2</strong>" in " ".join(page.split())
    assert "What year is it now?" not in page

    capd = {"capd_score": "9", "adaptations": ["sight"], "consciousness": "awake", "confirm_number": "007"}
    answer = nurse.post(url(dosed, "neuro"), common(**capd), follow=True)

    assert "+7 to baseline 2" in text_of(answer)
    assert "adapted to: sight" in text_of(answer)


def test_her_language_is_recorded_and_changed_by_page(nurse, in_chinese):
    nurse.post(url(in_chinese, "language"), common(text="en"))
    refused = nurse.post(url(in_chinese, "language"), common(text="xx"))

    assert refused.status_code == 400
    assert "What year is it now?" in text_of(nurse.get(url(in_chinese, "neuro")))


# --- An assessment is made the baseline -----------------------------------------------------------------------


def plain(answer) -> str:
    return " ".join(text_of(answer).split())


def make_baseline(client, one, **more):
    return client.post(reverse("make-baseline", args=[one.pk]), {"id": str(uuid4())} | more)


def baselines():
    facts = Measurement.objects.filter(kind__in=[Measured.BASELINE_ICE, Measured.BASELINE_CAPD]).order_by("observed_at")
    return [(int(one.value), one.text) for one in facts]


@pytest.fixture
def before_dosing(client, world):
    """Nothing is given yet."""
    client.force_login(world.nurse)
    kept(stay(world, observed_at=timezone.now() - timedelta(hours=3)), world)
    return client


@pytest.mark.long
def test_an_assessment_before_the_first_dose_is_made_the_baseline_by_one_key(before_dosing, world):
    saved = before_dosing.post(url(world, "neuro"), common(**CLEAR | {"bank": "en 1", "object_set": "a"}), follow=True)
    one = NeuroAssessment.objects.get()
    address = reverse("make-baseline", args=[one.pk])
    assert text_of(saved).count(address) == 2  # with what was saved, and in the list

    key = str(uuid4())
    answers = [make_baseline(before_dosing, one, id=key) for _ in range(2)]  # tapped twice

    assert [answer.status_code for answer in answers] == [302, 302]
    assert baselines() == [(10, "en 1")]
    assert Measurement.objects.get().observed_at == one.observed_at
    shown = before_dosing.get(url(world, "participant"))
    assert address not in text_of(shown)
    assert "±0 to baseline 10" in plain(shown)


def test_a_newer_one_before_the_first_dose_takes_its_place_and_both_are_kept(before_dosing, world):
    now = timezone.now()
    first, second = (
        kept(neuro(world, 0, observed_at=now - timedelta(minutes=minutes), **more), world).fact
        for minutes, more in ((60, {}), (30, {"ice_writing": False}))
    )
    make_baseline(before_dosing, second)
    assert reverse("make-baseline", args=[first.pk]) not in text_of(before_dosing.get(url(world, "participant")))
    assert "Baseline: <strong>9</strong>" in plain(before_dosing.get(url(world, "neuro")))


def test_no_assessment_after_the_first_dose_and_none_that_is_not_whole(nurse, dosed):
    """docs/conventions.md, baselines: only from before the first dose; one of before it may come late."""
    now = timezone.now()
    after = kept(neuro(dosed, 0, observed_at=now - timedelta(hours=1)), dosed).fact
    part = kept(neuro(dosed, 0, observed_at=now - timedelta(hours=2.4), ice_writing=None), dosed).fact
    before = kept(neuro(dosed, 0, observed_at=now - timedelta(hours=2.5)), dosed).fact
    page = text_of(nurse.get(url(dosed, "participant")))
    offered = [reverse("make-baseline", args=[one.pk]) in page for one in (after, part, before)]

    assert offered == [False, False, True]
    assert [make_baseline(nurse, one).status_code for one in (after, part)] == [400, 400]
    assert baselines() == []
    assert make_baseline(nurse, before).status_code == 302
    assert len(baselines()) == 1


def test_the_capd_of_a_child_too(before_dosing, world):
    with acting(by="test", reason="a child"):
        world.participant = Participant.objects.create(
            study=world.study, site=world.site, number="CHILD-007", regimen=world.regimen,
            neuro_instrument=NeuroInstrument.CAPD,
        )  # fmt: skip
    capd = {"capd_score": "3", "consciousness": "awake", "confirm_number": "007"}
    before_dosing.post(url(world, "neuro"), common(**capd))
    make_baseline(before_dosing, NeuroAssessment.objects.get())
    assert baselines() == [(3, "")]
