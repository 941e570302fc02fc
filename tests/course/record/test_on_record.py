"""Of a participant's course only those kinds are read of which anything is on record."""

from crsmonitor.audit.acting import acting
from grading.course.record.facts import load
from grading.course.record.on_record import kinds_on_record
from grading.models import VitalSigns
from regimens.models import Disposition, Dose, Participant, Stay
from tests.builders import hour, kept, vitals
from tests.wards import corrected

KINDS = (Dose, Disposition, Stay, VitalSigns)


def test_what_was_never_recorded_is_not_read(ward, django_assert_num_queries):
    with django_assert_num_queries(1):  # which kinds there are; doses and stays by texts made once, beside Django
        record = load(ward.participant)

    assert [len(record.doses), len(record.stays), len(record.vitals)] == [1, 1, 0]


def test_a_kind_is_on_record_as_soon_as_it_has_a_row_of_this_participant(ward):
    with acting(by="test", reason="another participant"):
        other = Participant.objects.create(
            study=ward.study, site=ward.site, number="DEMO-002", regimen=ward.regimen
        )  # fmt: skip
    assert kinds_on_record(ward.participant, KINDS) == {Dose, Stay}
    assert kinds_on_record(other, KINDS) == frozenset()

    kept(vitals(ward, 1), ward)

    assert kinds_on_record(ward.participant, KINDS) == {Dose, Stay, VitalSigns}
    assert kinds_on_record(other, KINDS) == frozenset()


def test_one_that_was_withdrawn_is_on_record_and_does_not_stand(ward):
    first = kept(vitals(ward, 1), ward).fact
    corrected(ward, first, 1, at=2, withdrawn=True)

    assert VitalSigns in kinds_on_record(ward.participant, KINDS)
    assert load(ward.participant).vitals == []
    assert load(ward.participant, since=hour(1)).stays != []
