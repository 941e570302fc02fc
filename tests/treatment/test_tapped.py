"""A treatment by tap: the drug's key says its class, the computed dose is a key, and Save reads back what is kept."""

from datetime import timedelta

from django.utils import timezone

from grading.models import Treatment
from tests.bedside.posted import common, text_of, url
from tests.treatment.conftest import weigh

TAPPED = {"drug": "", "drug_class": "", "route": "intravenous", "indication": "crs"}


def test_the_class_is_that_of_the_drug_that_is_tapped(nurse, weighed):
    for known, dose, unit, drug_class in (
        ("paracetamol", "1000", "mg", "antipyretic"),
        ("sodium chloride", "500", "mL", "fluid"),
        ("meropenem", "1", "g", "antibiotic"),
        ("dexamethasone", "10", "mg", "corticosteroid"),
    ):
        body = common(**TAPPED, known=known, dose=dose, unit=unit)
        assert nurse.post(url(weighed, "treatment"), body).status_code == 302
        kept = Treatment.objects.latest("recorded_at")
        assert (kept.drug, kept.drug_class, kept.unusual) == (known, drug_class, [])


def test_a_name_that_nobody_knows_is_asked_for_its_kind(nurse, weighed):
    typed = common(**TAPPED | {"drug": "elixir"}, known="", dose="1", unit="mg")
    assert "Which kind of drug?" in text_of(nurse.post(url(weighed, "treatment"), typed))
    assert not Treatment.objects.exists()


def test_the_dose_for_the_weight_is_a_key_and_is_read_back(nurse, weighed):
    """8 mg/kg of 70 kg: 560 mg (the default policy, ASCO 2021)."""
    page = text_of(nurse.get(url(weighed, "treatment")))
    assert 'data-drug="tocilizumab" data-dose="560"' in page

    body = common(**TAPPED, known="tocilizumab", dose="560", unit="mg", checked_by=weighed.charge_nurse.username)
    saved = text_of(nurse.post(url(weighed, "treatment"), body, follow=True))
    assert "tocilizumab 560 mg" in saved.partition('class="read-back"')[2][:300]


def test_the_most_for_one_dose_is_not_passed_and_no_weight_is_no_key(nurse, dosed):
    """960 mg by weight, 800 mg at most."""
    assert "data-dose=" not in text_of(nurse.get(url(dosed, "treatment")))
    weigh(dosed, "120", timezone.now() - timedelta(hours=2))
    assert 'data-dose="800"' in text_of(nurse.get(url(dosed, "treatment")))
