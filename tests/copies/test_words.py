"""A certified copy tells codes in words, in both languages; the attached files keep the codes."""

import re
from itertools import takewhile

import pytest
from django.utils import timezone, translation

from grading.copies.pages import CopyHead, blocks
from grading.copies.record import record_of
from grading.copies.words import SECTIONS
from grading.words import codes
from tests.builders import kept, neuro, vitals
from tests.copies.test_copies import recorded  # noqa: F401  # the stage

pytestmark = pytest.mark.django_db
HEAD = CopyHead(id="x", made_by="x", because="x", versions="x", verify_at="x", has_asian=True)
IN_WORDS = {
    "en": ("Nasal cannula", "Drowsy, awakens spontaneously", "Sixth nerve palsy", "asleep", "given", "grade confirmed"),
    "zh-hant": ("鼻導管", "嗜睡", "第六對腦神經", "睡眠中", "已給", "確認分級"),
}
CODES = ("nasal_cannula", "spontaneous", "cn_vi_palsy", "new_grade", "acted_on", "grade_confirmed", "assigned_nurse")


@pytest.mark.parametrize("language", IN_WORDS)
def test_codes_are_words_in_the_language_of_who_made_it(recorded, language):  # noqa: F811
    support = {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 3, "not_done": {"dbp": "asleep"}, "dbp": None}
    kept(vitals(recorded, 10, temperature_c=39, hypotension=True, **support), recorded)
    kept(neuro(recorded, 11, consciousness="spontaneous", icp_signs=["cn_vi_palsy"]), recorded)
    with translation.override(language):
        record = record_of(recorded.participant, at=timezone.now())
        trail = str(SECTIONS["audit"])  # tells its events as they were written, letter by letter
        text = " ".join(one.text for one in takewhile(lambda block: block.text != trail, blocks(record, HEAD))).lower()

    assert [words for words in IN_WORDS[language] if words.lower() not in text] == []
    assert [code for code in CODES if re.search(rf"(?<![\w-]){code}(?![\w-])", text)] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("CRS now", "Before: Grade 1", "After: Grade 2")),
        ("zh-hant", ("目前 CRS", "之前：1 級", "之後：2 級")),
    ],
)
def test_what_a_correction_changed_is_told_before_and_after(recorded, language, words):  # noqa: F811
    """A fever that was grade 1 was corrected to one with hypotension, grade 2."""
    with translation.override(language):
        texts = [one.text for one in blocks(record_of(recorded.participant, at=timezone.now()), HEAD)]

    assert [text for text in texts if all(word in text for word in words)]


@pytest.mark.parametrize(
    ("column", "code", "words"),
    [("oxygen_device", "cpap", "CPAP"), ("route", "iv", "intravenous"), ("vasopressors", "dopamine", "dopamine"),
     ("seizure", "from_a_newer_version", "from_a_newer_version"), ("note", "none", "none")],
)  # fmt: skip
def test_what_has_no_words_is_told_as_it_was_kept(column, code, words):
    with translation.override("en"):
        assert codes.code_word(column, code) == words
