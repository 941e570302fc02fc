"""Drugs and steps in the reader's language: what is shown can be typed, and what a study calls its own stays."""

import re

import pytest
from django.utils import translation

from grading.rules.drugs.names import reading
from grading.words.drug_names import NAMES, VASOPRESSORS, drug_name, drug_names
from regimens.wording import step_text, with_step_words


@pytest.mark.parametrize("drug", NAMES)
def test_in_chinese_a_drug_has_both_names_and_each_reads_as_that_drug(drug):
    """A nurse who types what she sees elsewhere on the tablet is understood."""
    with translation.override("zh-hant"):
        english, _blank, chinese = drug_name(drug).rpartition(" ")

    assert english == drug
    assert re.fullmatch(r"[\u4e00-\u9fff]+", chinese)
    assert reading(chinese).drug == drug


@pytest.mark.parametrize("drug", [*NAMES, "sorafenib", "Drug X 5 %"])
def test_in_english_it_is_the_international_name_or_what_was_typed(drug):
    assert drug_name(drug) == drug


def test_several_drugs_are_listed_in_the_marks_of_the_language():
    with translation.override("zh-hant"):
        assert drug_names(["dopamine", "milrinone"]) == "dopamine 多巴胺、milrinone 米力農"
    assert set(VASOPRESSORS) < set(NAMES)


@pytest.mark.parametrize(
    ("label", "chinese"),
    [
        ("step-up 1", "遞增劑 1"),
        ("STEP-UP 2", "遞增劑 2"),
        ("FULL DOSE 1", "全劑量 1"),
        ("dose 3", "第 3 劑"),
        ("every 2 weeks", "每 2 週一次"),
        ("weekly", "每週一次"),
        ("C1D1 step-up", "C1D1 遞增劑"),
        ("C2D1 first target", "C2D1 首次目標劑量"),
        ("first treatment dose", "首次治療劑量"),
        ("C1D15", "C1D15"),
        ("our own step", "our own step"),
        ("step-up 1 (repeat)", "step-up 1 (repeat)"),
    ],
)
def test_a_step_is_called_as_usual_in_the_language_and_a_name_of_the_study_s_own_stays(label, chinese):
    assert step_text(label) == label
    with translation.override("zh-hant"):
        assert step_text(label) == chinese


def test_the_steps_that_a_text_names_are_called_as_usual_and_all_else_stays():
    with translation.override("zh-hant"):
        assert (
            with_step_words("restart: step-up 2, C1D1 step-up; no step-up")
            == "restart: 遞增劑 2, C1D1 遞增劑; no step-up"
        )
