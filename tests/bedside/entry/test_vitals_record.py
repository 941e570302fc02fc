"""The form of vital signs says what the record of treatments has running, beside the question that could deny it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from grading.models import TreatmentEnd
from tests.bedside.posted import text_of, url
from tests.builders import draft, kept, treatment
from tests.pages import as_read

pytestmark = pytest.mark.django_db


def ran(world, drug, drug_class, indication="crs", *, hours_ago=1, **columns):
    at = timezone.now() - timedelta(hours=hours_ago)
    return kept(treatment(world, 0, drug, drug_class, indication, observed_at=at, **columns), world).fact


def legend_of(page, question) -> str:
    [legend] = re.findall(rf"<legend>\s*{re.escape(question)}.*?</legend>", text_of(page), re.S)
    return re.sub(r"<[^>]+>", "", as_read(legend))


@pytest.mark.parametrize(
    ("drug", "drug_class", "question"),
    [
        ("norepinephrine", "vasopressor", "Vasopressors running"), ("oxygen", "oxygen", "Oxygen by"),
        ("saline", "fluid", "Fluid bolus for pressure"),
    ],
)  # fmt: skip
def test_what_runs_stands_beside_its_own_question_alone(nurse, dosed, drug, drug_class, question):
    ran(dosed, drug, drug_class)
    page = nurse.get(url(dosed, "vitals"))
    assert f"on record, running: {drug}, since " in legend_of(page, question)
    assert text_of(page).count("on record, running") == 1


def test_in_chinese_it_is_told_in_chinese(nurse, dosed):
    ran(dosed, "norepinephrine", "vasopressor")
    nurse.cookies["django_language"] = "zh-hant"
    assert "治療紀錄顯示使用中：norepinephrine，自" in legend_of(nurse.get(url(dosed, "vitals")), "使用中的升壓劑")


def test_nothing_is_said_where_nothing_runs_or_the_stop_is_recorded(nurse, dosed):
    ran(dosed, "saline", "fluid", indication="other")  # a drip that holds up no pressure
    given = ran(dosed, "norepinephrine", "vasopressor")
    stop = draft(TreatmentEnd, dosed, 0, treatment=given, observed_at=timezone.now() - timedelta(minutes=10))
    kept(stop, dosed)
    assert "on record, running" not in text_of(nurse.get(url(dosed, "vitals")))
