"""What became of an alert is told in words, in the reader's language; never by a code."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from grading.alerting.alert_words import note_text
from tests.builders import dose, kept, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
# As AlertEvent.note keeps them, wherever a move is made (grading/services/).
KEPT = (
    "treatment", "at_bedside", "declined", "reviewed", "nobody acted", "it holds again", "it does not hold any more",
    "the treatment was taken back", "the first dose came before or after it", "the course calls for it again",
    "the corrected course does not call for it", "the episode is over",
)  # fmt: skip


@stage(lasts_s=600)
def alert(world):
    kept(stay(world), world)
    kept(dose(world), world)
    [raised] = kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world).alerts
    return raised


@pytest.mark.parametrize("note", KEPT)
def test_each_note_has_words_in_both_languages(note):
    with translation.override("en"):
        english = note_text(note)
    with translation.override("zh-hant"):
        chinese = note_text(note)
    assert english != note
    assert english[0].isupper()
    assert not re.search("[a-z]", chinese.replace("（episode）", "")), chinese


def test_why_it_may_wait_is_kept_and_its_code_is_not_shown():
    with translation.override("zh-hant"):
        assert note_text("snoozed: 會診中") == "可稍候：會診中"


def test_why_nothing_was_done_is_shown_to_whoever_asks_later(client, world, alert):
    client.force_login(world.investigator)
    declined = {"what": "declined", "because": "Drug fever, seen at the bedside"}
    client.post(reverse("answer_alert", args=[alert.pk]), declined)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Nothing is to be done: Drug fever, seen at the bedside</td>" in page
    assert "<td>declined</td>" not in page


def test_the_drug_that_was_the_action_is_told_in_words(client, world, alert):
    kept(treatment(world, 5, "tocilizumab", "anticytokine", "crs"), world)
    client.force_login(world.investigator)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "<td>The drug that it asks for was recorded</td>" in page
