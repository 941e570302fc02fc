"""What is sent waits, what is known changes nothing, and what a person accepts is a fact like any other."""

import pytest
from django.db import DatabaseError, connection, transaction

from crsmonitor.accounts.proof import Proof
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, NotFound
from grading.intake.services.automatic import sign_policy
from grading.intake.services.deciding import accept, reject
from grading.intake.services.taking_in import Reconciliation
from grading.models import Alert, Grade, IntakeDoor, IntakeEntry, IntakeRow, RowState, VitalSigns
from grading.rules.intake.reasons import reason
from regimens.facts import Source
from tests.builders import World, dose, hour, kept, vitals
from tests.intake.builders import codes, outcomes, part, taken
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def dosed(world: World) -> World:
    kept(dose(world, 0), world)
    return world


def _row(answer: Reconciliation, place: int = 0) -> IntakeRow:
    row = answer.answers[place].row
    assert row is not None
    return IntakeRow.objects.get(pk=row.pk)


def test_parts_of_one_instant_are_one_set_that_waits(dosed: World) -> None:
    sent = [part(dosed, "t", 4), part(dosed, "p", 4, gives={"sbp": "84", "dbp": "50"}), part(dosed, "u", 5)]
    answer = taken(dosed, *sent)
    assert outcomes(answer) == ["proposed"] * 3
    assert {"received": 3, "matched": 3, "proposed": 3, "held": 0}.items() <= answer.batch.counts.items()
    first, second = IntakeRow.objects.order_by("observed_at")
    assert first.proposed == {"temperature_c": "38.6", "sbp": "84", "dbp": "50"}
    assert second.observed_at == hour(5)
    assert not VitalSigns.objects.exists()


def test_accepted_it_is_a_fact_that_is_graded_and_paged(dosed: World) -> None:
    row = _row(taken(dosed, part(dosed, "t", 4)))
    recorded = accept(row.pk, by=dosed.nurse, at=hour(4.2))
    fact = VitalSigns.objects.get(pk=row.pk)
    assert (fact.source, fact.recorded_by, fact.observed_at) == (Source.IMPORT, dosed.nurse, hour(4))
    assert Grade.objects.get(fact_id=row.pk).at_least == 1
    assert Alert.objects.filter(participant=dosed.participant).exists()
    assert recorded.grade is not None
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (RowState.ACCEPTED, dosed.nurse)
    with pytest.raises(AlreadyCorrected):
        accept(row.pk, by=dosed.nurse, at=hour(4.3))


def test_rejected_it_is_none_and_says_why(dosed: World) -> None:
    row = _row(taken(dosed, part(dosed, "t", 4)))
    with pytest.raises(InvalidInput):
        reject(row.pk, because=" ", by=dosed.nurse, at=hour(5))
    reject(row.pk, because="another bed", by=dosed.nurse, at=hour(5))
    row.refresh_from_db()
    assert (row.state, row.because) == (RowState.REJECTED, "another bed")
    assert not VitalSigns.objects.exists()


def test_sent_again_it_is_known(dosed: World) -> None:
    taken(dosed, part(dosed, "t", 4))
    again = taken(dosed, part(dosed, "t", 4), part(dosed, "t", 4))
    assert outcomes(again) == ["duplicate", "duplicate"]
    assert IntakeRow.objects.count() == 1


def test_sent_otherwise_it_takes_the_place_of_what_waits(dosed: World) -> None:
    first = _row(taken(dosed, part(dosed, "t", 4), part(dosed, "h", 4, gives={"heart_rate": "90"})))
    answer = taken(dosed, part(dosed, "t", 4, gives={"temperature_c": "39.1"}))
    assert codes(answer) == ["changes_waiting"]
    assert _row(answer).proposed == {"temperature_c": "39.1", "heart_rate": "90"}
    first.refresh_from_db()
    assert (first.state, first.replaced_by_id) == (RowState.REPLACED, _row(answer).pk)


def test_sent_otherwise_after_it_was_accepted_it_is_a_correction(dosed: World) -> None:
    row = _row(taken(dosed, part(dosed, "t", 4)))
    accept(row.pk, by=dosed.nurse, at=hour(5))
    answer = taken(dosed, part(dosed, "t", 4, gives={"temperature_c": "37.2"}))
    assert codes(answer) == ["corrects_accepted"]
    accept(_row(answer).pk, by=dosed.nurse, at=hour(9))
    fact = VitalSigns.objects.standing().get()
    assert (fact.root, fact.supersedes_id, float(fact.temperature_c or 0)) == (row.pk, row.pk, 37.2)


def test_several_that_changed_twice_each_have_the_newest_row(dosed: World) -> None:
    taken(dosed, part(dosed, "t", 4), part(dosed, "u", 5))
    for value in ("39.1", "39.2"):
        gives = {"temperature_c": value}
        taken(dosed, part(dosed, "t", 4, gives=gives), part(dosed, "u", 5, gives=gives))
    waiting = IntakeRow.objects.filter(state="proposed")
    assert [row.proposed for row in waiting] == [{"temperature_c": "39.2"}] * 2


def test_what_a_person_typed_over_is_not_written_over(dosed: World) -> None:
    row = _row(taken(dosed, part(dosed, "t", 4)))
    accept(row.pk, by=dosed.nurse, at=hour(5))
    first = VitalSigns.objects.get(pk=row.pk)
    kept(vitals(dosed, 4, supersedes=first, reason="looked again"), dosed, at=hour(6))
    answer = taken(dosed, part(dosed, "t", 4, gives={"temperature_c": "39.9"}))
    assert (outcomes(answer), codes(answer)) == (["held"], ["typed_over"])
    with pytest.raises(InvalidInput):
        accept(_row(answer).pk, because="sure", by=dosed.nurse, at=hour(9))


def test_taken_back_by_its_sender(dosed: World) -> None:
    back = {"gives": {}, "retracts": True}
    waits = _row(taken(dosed, part(dosed, "t", 4), part(dosed, "h", 4, gives={"heart_rate": "90"})))
    assert _row(taken(dosed, part(dosed, "t", 4, **back))).proposed == {"heart_rate": "90"}
    assert outcomes(taken(dosed, part(dosed, "h", 4, **back))) == ["retracted"]
    assert not IntakeRow.objects.filter(state__in=["proposed", "held"]).exists()
    waits.refresh_from_db()
    assert waits.state == RowState.REPLACED
    row = _row(taken(dosed, part(dosed, "o", 6, gives={"spo2": "88"})))
    accept(row.pk, by=dosed.nurse, at=hour(7))
    withdrawal = _row(taken(dosed, part(dosed, "o", 6, **back)))
    assert withdrawal.withdraws
    accept(withdrawal.pk, by=dosed.nurse, at=hour(8))
    assert not VitalSigns.objects.standing().exists()
    assert codes(taken(dosed, part(dosed, "o", 6, **back, digest="0" * 64))) == ["nothing_to_retract"]
    assert codes(taken(dosed, part(dosed, "nobody", 6, **back))) == ["nothing_to_retract"]


def test_what_somebody_should_look_at_asks_why(dosed: World) -> None:
    kept(vitals(dosed, 4), dosed)
    early, twice = part(dosed, "e", -3), part(dosed, "t", 4)
    other = part(dosed, "x", 5, gives={"temperature_c": "38.6"}), part(dosed, "y", 5, gives={"temperature_c": "37.0"})
    answer = taken(dosed, early, twice, *other)
    assert [codes(answer, i) for i in range(4)] == [
        ["before_first_dose"], ["set_on_file"], ["two_values"], ["two_values"]
    ]  # fmt: skip
    row = _row(answer, 1)
    with pytest.raises(InvalidInput):
        accept(row.pk, by=dosed.nurse, at=hour(9))
    accept(row.pk, because="the monitor's own set", by=dosed.nurse, at=hour(9))
    assert VitalSigns.objects.standing().count() == 2


@pytest.mark.req("R24")
def test_of_somebody_elses_participant_it_is_as_of_nobodys(dosed: World) -> None:
    nobody = part(dosed, "a", 4, subject="DEMO-DEMO-TPE-999")
    mine = taken(dosed, nobody)
    theirs = taken(dosed, part(dosed, "t", 4), by=dosed.outsider)
    for answer in (mine, theirs):
        assert (outcomes(answer), codes(answer)) == (["held"], ["unknown_participant"])
    assert not IntakeRow.objects.exists()
    # once somebody may, the same is new
    assert outcomes(taken(dosed, part(dosed, "t", 4))) == ["proposed"]


def test_who_may_decide(dosed: World) -> None:
    row = _row(taken(dosed, part(dosed, "t", 4)))
    for who, error in ((dosed.data_manager, Forbidden), (dosed.outsider, NotFound), (dosed.sponsor, NotFound)):
        with pytest.raises(error):
            accept(row.pk, by=who, at=hour(5))
        with pytest.raises(error):
            reject(row.pk, because="no", by=who, at=hour(5))


@pytest.mark.req("R24")
def test_a_value_that_nobody_can_have_is_dropped_and_the_set_kept(dosed: World) -> None:
    high = part(dosed, "t", 4, gives={"temperature_c": "61"}, reasons=(reason("value_dropped", field="temperature_c"),))
    alone = part(
        dosed, "u", 5, gives={"temperature_c": "61"}, reasons=(reason("value_dropped", field="temperature_c"),)
    )
    answer = taken(dosed, high, part(dosed, "p", 4, gives={"sbp": "84", "dbp": "50"}), alone)
    assert outcomes(answer) == ["proposed", "proposed", "rejected"]
    accept(_row(answer).pk, by=dosed.nurse, at=hour(5))
    fact = VitalSigns.objects.get()
    assert (fact.temperature_c, fact.dropped, int(fact.sbp or 0)) == (None, {"temperature_c": "61"}, 84)


def test_a_study_may_let_in_by_itself_what_nothing_is_to_be_asked_of(dosed: World) -> None:
    with pytest.raises(NotFound):
        sign_policy(
            dosed.study, doors=["fhir"], because="pilot", by=dosed.data_manager, at=hour(1), proof=Proof.PASSWORD
        )
    sign_policy(dosed.study, doors=["fhir"], because="pilot", by=dosed.investigator, at=hour(1), proof=Proof.PASSWORD)
    answer = taken(dosed, part(dosed, "t", 4), part(dosed, "e", -3))
    assert answer.accepted == 1
    assert _row(answer).automatic
    assert _row(answer, 1).state == RowState.HELD
    assert taken(dosed, part(dosed, "b", 4.5), part(dosed, "c", 4.8)).accepted == 2
    assert taken(dosed, part(dosed, "f", 5), door=IntakeDoor.FILE).accepted == 0
    sign_policy(dosed.study, doors=[], because="over", by=dosed.investigator, at=hour(2), proof=Proof.PASSWORD)
    assert taken(dosed, part(dosed, "g", 6)).accepted == 0


def test_what_was_sent_is_written_once(dosed: World) -> None:
    taken(dosed, part(dosed, "t", 4))
    for table in ("grading_intakeentry", "grading_intakebatch"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    assert IntakeEntry.objects.count() == 1
