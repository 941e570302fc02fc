"""A study as it was known at an instant: what an export gives of then is what it gave then."""

import csv
import io

import pytest
from django.db import connection
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.exports.packet.known_at import known_at
from grading.models import Alert, DosePeriod, VitalSigns
from regimens.models import CohortChange, Membership, Participant, Regimen, Transfer
from tests.builders import hour, kept, person, vitals
from tests.exports.packet.random_trial import RandomTrial
from tests.exports.packet.test_regrading import of_tables, regraded
from tests.exports.reading import raw

pytestmark = pytest.mark.django_db

FACTS = 200
CUTS = 5


def of_then(world, cut):
    with known_at(world.study, cut):
        return raw(world, cut)


def without_last_change(export: bytes) -> list[dict[str, str]]:
    """LSTMODTM of a cut is when anything of the participant was recorded last: never before that of the row alone."""
    rows = list(csv.DictReader(io.StringIO(export.decode(), newline="")))
    return [{name: value for name, value in row.items() if name != "LSTMODTM"} for row in rows]


@pytest.mark.long
@acting(by="test", reason="a trial at random")
def test_a_past_cut_is_what_was_exported_then(world):
    trial = RandomTrial(world, seed=14)
    trial.begin(world.participant)
    then = []
    for fact in range(1, FACTS + 1):
        if fact == FACTS // 4:
            trial.enrol()
            trial.begin(trial.participants[-1])
        if fact == FACTS // 2:
            trial.move()
        trial.happen()
        if fact % (FACTS // CUTS) == 0:
            trial.settle()
            trial.answer()
            cut = timezone.now()
            then.append((cut, raw(world, cut)))
        if fact == FACTS // 2:
            now = timezone.now()
            midway = now, of_then(world, now)

    packed = [of_then(world, cut) for cut, _live in then]

    for again, (_cut, live) in zip(packed, then, strict=True):
        assert without_last_change(again) == without_last_change(live)
    assert len(set(packed)) == CUTS  # each was another
    assert of_then(world, midway[0]) == midway[1]
    verified = regraded(of_tables(world, then[-1][0]))  # corrected, withdrawn, moved and judged: nothing of it differs
    assert (verified[0], verified[1].derived["adcrsp"] > 200) == ([], True)


def test_nothing_of_a_cut_is_left(ward):
    kept(vitals(ward, 3, temperature_c=39), ward)
    before = (raw(ward, hour(5)), DosePeriod.objects.get().changed_at)

    with known_at(ward.study, hour(1)):
        assert DosePeriod.objects.get().vitals_recorded == 0
        assert not VitalSigns.objects.exists()

    assert (raw(ward, hour(5)), DosePeriod.objects.get().changed_at) == before
    assert VitalSigns.objects.exists()


def test_a_statement_prepared_before_reads_the_tables_of_then(ward):
    kept(vitals(ward, 3), ward)
    readings = VitalSigns.objects.filter(participant=ward.participant)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE of_somebody ()")  # from now on the session has a place for them
    with acting(by="test", reason="prepared"):
        for _time in range(8):  # psycopg prepares what is asked five times
            assert readings.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%grading_vitalsigns%'")
        assert cursor.fetchone()[0] > 0

    with known_at(ward.study, hour(1)):
        assert readings.count() == 0


@pytest.mark.long
def test_an_alert_says_what_it_said_then(ward):
    kept(vitals(ward, 3, temperature_c=38.6), ward)
    alert = Alert.objects.get()
    cut = timezone.now()
    with acting(by="test", reason="its set was corrected"):
        Alert.objects.filter(pk=alert.pk).update(observed_at=hour(2), at_most=4)
        Alert.objects.filter(pk=alert.pk).update(observed_at=hour(1))

    with known_at(ward.study, cut):
        then = Alert.objects.get()
    assert (then.observed_at, then.at_most) == (hour(3), alert.at_most)
    with known_at(ward.study, hour(2)):
        assert not Alert.objects.exists()  # it was not raised yet


def test_who_moved_is_where_the_record_of_the_move_says(world):
    one = world.participant
    kept(vitals(world, 1), world)
    moved = {"participant": one, "because": "test", "recorded_by": world.charge_nurse}
    with acting(by="test", reason="moved"):
        Transfer.objects.create(from_site=world.site, to_site=world.other_site, at=hour(5), **moved)
        CohortChange.objects.create(was="", becomes="B", at=hour(5), **moved)
        Participant.objects.filter(pk=one.pk).update(site=world.other_site, cohort="B")

    def at(h):
        with known_at(world.study, hour(h)):
            known = Participant.objects.get()
            return known.site_id, known.cohort

    assert [at(4), at(5)] == [(world.site.pk, ""), (world.other_site.pk, "B")]


def test_who_was_enrolled_later_is_not_there(world):
    cut = timezone.now()
    with acting(by="test", reason="enrolled"):
        Participant.objects.create(
            study=world.study, site=world.site, number="DEMO-002", regimen=world.regimen, cohort="B"
        )

    with known_at(world.study, cut):
        assert [one.number for one in Participant.objects.all()] == ["DEMO-001"]
    with known_at(world.study, timezone.now()):
        assert [one.number for one in Participant.objects.order_by("pk")] == ["DEMO-001", "DEMO-002"]


def test_a_cohort_and_a_regimen_are_those_of_then(world):
    cut = timezone.now()
    with acting(by="test", reason="another version"):
        second = Regimen.objects.create(
            study=world.study, code="STEP", title="Step-up", drug="demo", version=2, approved_at=cut,
            approved_because="test",
        )  # fmt: skip
        Participant.objects.filter(pk=world.participant.pk).update(regimen=second)
        CohortChange.objects.create(
            participant=world.participant, was="", becomes="B", at=timezone.now(), because="test",
            recorded_by=world.investigator,
        )  # fmt: skip
        Participant.objects.filter(pk=world.participant.pk).update(cohort="B")

    with known_at(world.study, cut):
        one = Participant.objects.get()
        assert (one.cohort, one.regimen_id) == ("", world.regimen.pk)
    with known_at(world.study, timezone.now()):
        one = Participant.objects.get()
        assert (one.cohort, one.regimen_id) == ("B", second.pk)


def test_who_was_taken_in_later_had_no_role_then(world):
    cut = timezone.now()
    with acting(by="test", reason="another"):
        person("late", world.study, Role.NURSE, world.site)
        Membership.objects.filter(user=world.nurse).update(ended_at=timezone.now())

    with known_at(world.study, cut):
        assert not Membership.objects.filter(user__username="late").exists()
        assert Membership.objects.get(user=world.nurse).ended_at is None
