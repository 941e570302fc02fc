"""Premedication against the regimen's own words, on the page and in the API."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from crsmonitor.audit.acting import acting
from grading.rules.treatment.premedication import PremedicationVerdict
from grading.treatment.drug_words import VERDICTS
from regimens.library import as_json, read
from regimens.models import Regimen
from tests.bedside.posted import text_of, url
from tests.builders import dose, kept, treatment

pytestmark = pytest.mark.django_db

SAID = [
    {"drug": "dexamethasone", "dose": "16 mg", "timing": "1-3 h before", "steps": ["STEP-UP 1"], "source": "x"},
    {"drug": "paracetamol", "timing": "30-60 min before", "when": "each dose", "source": "x"},
    {"drug": "diphenhydramine", "timing": "about 1 h", "steps": ["STEP-UP 1"], "source": "x"},
    {"drug": "all three", "steps": ["STEP-UP 2"], "source": "x"},
]


@pytest.fixture
def planned(ruled, client):
    """STEP-UP 1 a day and an hour ago, STEP-UP 2 two hours ago."""
    document = as_json(read("linvoseltamab").data) | {"premedication": SAID}
    with acting(by="test", reason="a document"):
        Regimen.objects.filter(pk=ruled.regimen.pk).update(document=document)
    client.force_login(ruled.nurse)
    now = timezone.now()
    ruled.first, ruled.second = now - timedelta(hours=25), now - timedelta(hours=2)
    kept(dose(ruled, observed_at=ruled.first), ruled)
    kept(dose(ruled, step=1, observed_at=ruled.second), ruled)
    return ruled


def give(world, at, drug, drug_class, indication="premedication"):
    kept(treatment(world, 0, drug, drug_class, indication, observed_at=at), world)


def planned_rows(client, world):
    data = client.get(f"/api/v1/participants/{world.participant.pk}/drugs/").json()["planned_premedication"]
    return [(one["step"], [(line["wanted"], line["verdict"], line["minutes_before"]) for line in one["planned"]])
            for one in data]  # fmt: skip


def test_each_planned_drug_of_each_dose(planned, client):
    give(planned, planned.first - timedelta(minutes=59), "dexamethasone", "corticosteroid")
    give(planned, planned.first - timedelta(minutes=45), "Tylenol", "antipyretic")
    give(planned, planned.first - timedelta(minutes=50), "diphenhydramine", "other")
    give(planned, planned.second - timedelta(minutes=45), "paracetamol", "antipyretic", "crs")  # no premedication

    assert planned_rows(client, planned) == [
        ("STEP-UP 2", [("paracetamol", "not_on_file", None), ("all three", "not_judged", None)]),
        ("STEP-UP 1", [("dexamethasone", "outside", 59), ("paracetamol", "in_time", 45),
                       ("diphenhydramine", "on_file", 50)]),
    ]  # fmt: skip
    page = " ".join(text_of(client.get(url(planned, "drugs"))).split())  # a line break is a blank
    for phrase in (
        "59 min</strong> given outside the printed time",
        "45 min</strong> given, in the printed time",
        "50 min</strong> given; no limits",
        "not on file",
        "not judged: compare it yourself",
        "each dose",
    ):
        assert phrase in page


def test_what_was_given_for_the_dose_before_is_not_on_file_for_the_next(planned, client):
    """Within 24 h of both doses, it is of the first dose after it."""
    kept(dose(planned, step=2, observed_at=planned.second + timedelta(minutes=60)), planned)
    give(planned, planned.second - timedelta(minutes=45), "paracetamol", "antipyretic")

    assert [(step, lines[0][1:]) for step, lines in planned_rows(client, planned)][:2] == [
        ("FULL DOSE 1", ("not_on_file", None)), ("STEP-UP 2", ("in_time", 45))]  # fmt: skip


def test_a_version_without_premedication_says_nothing(ruled, client):
    client.force_login(ruled.nurse)
    kept(dose(ruled, observed_at=timezone.now() - timedelta(hours=1)), ruled)

    assert planned_rows(client, ruled) == []
    assert "As the regimen plans it" not in text_of(client.get(url(ruled, "drugs")))


def test_every_verdict_has_its_words_in_both_languages():
    assert set(VERDICTS) == set(PremedicationVerdict)
    english = [str(words) for words in VERDICTS.values()]
    with translation.override("zh-hant"):
        assert not set(english) & {str(words) for words in VERDICTS.values()}
