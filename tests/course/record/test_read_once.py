"""What a derivation reads of a record by texts made once is what Django reads of it."""

import pytest

from crsmonitor.audit.acting import acting
from grading.course.record.facts import load
from grading.models import Attribution, Treatment, VitalSigns
from regimens.facts import by_time
from regimens.models import Disposition, Dose, MissedObservationReason, Participant, Regimen, Stay, Step
from tests.builders import dose, hour, kept, stay, treatment, vitals
from tests.wards import corrected

LISTS = {
    Dose: "doses",
    Stay: "stays",
    Disposition: "dispositions",
    MissedObservationReason: "missed_observation_reasons",
    Treatment: "treatments",
    VitalSigns: "vitals",
    Attribution: "attributions",
}


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def record_of_all_sorts(ward):
    """Corrected, withdrawn, and at one instant; somebody else's beside it."""
    looks = [kept(vitals(ward, h, heart_rate=h + place), ward).fact for place, h in enumerate((1, 2, 3, 3, 4), 80)]
    corrected(ward, looks[0], 1, at=5, temperature_c=38.5)
    corrected(ward, looks[1], 2, at=5, withdrawn=True)
    kept(treatment(ward, 6, "tocilizumab", "anticytokine", "crs"), ward)
    kept(dose(ward, 170, step=1), ward)
    mine, ward.participant = (
        ward.participant,
        Participant(study=ward.study, site=ward.site, number="DEMO-002", regimen=ward.regimen),
    )
    with acting(by="test", reason="another participant"):
        ward.participant.save()
    kept(stay(ward), ward)
    return mine


def test_the_rows_that_stand_in_their_order(record_of_all_sorts):
    record = load(record_of_all_sorts)

    assert [len(record.doses), len(record.stays), len(record.vitals), len(record.treatments)] == [2, 1, 4, 1]
    for model, name in LISTS.items():
        standing = by_time(model.objects.standing().filter(participant=record_of_all_sorts))
        assert list(map(columns, getattr(record, name))) == list(map(columns, standing))


def test_sets_from_one_instant_on_and_before_another(record_of_all_sorts):
    def read(**bounds):
        return [one.observed_at for one in load(record_of_all_sorts, **bounds).vitals]

    assert read(since=hour(3)) == [hour(3), hour(3), hour(4)]
    assert read(until=hour(3)) == [hour(1)]
    assert read(since=hour(3), until=hour(4)) == [hour(3), hour(3)]


def test_each_dose_has_its_step_and_that_the_version_it_is_of(record_of_all_sorts, django_assert_num_queries):
    amended = Regimen.objects.get(pk=record_of_all_sorts.regimen_id)
    amended.pk, amended.version, amended._state.adding = None, amended.version + 1, True
    with acting(by="test", reason="another version"):
        amended.save()
        Participant.objects.filter(pk=record_of_all_sorts.pk).update(regimen=amended)
    participant = Participant.objects.select_related("regimen", "site").get(pk=record_of_all_sorts.pk)

    with django_assert_num_queries(1):
        record = load(participant)
        versions = [dose.step.regimen for dose in record.doses]

    assert [columns(dose.step) for dose in record.doses] == [
        columns(Step.objects.get(pk=dose.step_id)) for dose in record.doses
    ]
    assert [version.pk for version in versions] == [record_of_all_sorts.regimen_id] * 2
    assert record_of_all_sorts.regimen_id != amended.pk
