"""manage.py rederive: the tables say what the facts say, and where they do not, it is found, told and mended."""

import io
import signal

import pytest
from django.core.management import CommandError, call_command

from crsmonitor.audit.acting import acting
from grading.management.commands import rederive as command
from grading.models import Alert, AlertEvent, AlertState, CurrentState, DosePeriod, Episode, Grade
from grading.recording.rederiving import rederive_participant
from regimens.models import Participant
from tests.builders import World, dose, hour, kept, neuro, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"sbp": 85, "hypotension": True}


@stage
def ward(world) -> World:
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, **LOW), world)
    kept(neuro(world, 5), world)
    kept(treatment(world, 6, "Methylprednisolone", "corticosteroid", "crs", dose=1, unit="mg"), world)
    kept(vitals(world, 8), world)
    return world


def run(*words: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command("rederive", *words, jobs=1, stdout=out)  # another process would not see this transaction
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue()


def test_what_stands_is_what_the_facts_say(ward):
    assert run("--check") == (0, "1 participants, 3 sets: 0 values differ\n")


def test_somebody_of_whom_nothing_is_recorded_is_no_difference(world):
    assert run("--check")[0] == 0
    assert not CurrentState.objects.exists()


def test_a_first_fact_that_is_a_set_is_kept_as_any_other(world):
    kept(vitals(world, 4, **LOW), world)
    kept(vitals(world, 5, **FEVER), world)

    assert run("--check")[0] == 0
    assert Grade.objects.count() == 2


def spoiled() -> None:
    Grade.objects.filter(kind="crs", grade=2).update(at_most=4)
    Episode.objects.update(max_grade=4)
    DosePeriod.objects.update(crs_any=None)
    CurrentState.objects.update(fold={})
    Grade.objects.filter(kind="icans").delete()


@pytest.mark.req("R26")
def test_check_names_each_difference_and_writes_nothing(ward):
    spoiled()

    code, lines = run("--check")

    assert code == 1
    root = Episode.objects.get().root
    assert f"DEMO-001: Grade {root} at_most: stored 4, derived 2" in lines
    assert f"DEMO-001: Episode crs {root} max_grade: stored 4, derived 2" in lines
    assert "crs_any: stored None, derived True" in lines
    assert "stored 'no row', derived 'a row'" in lines
    assert run("--check") == (code, lines)


def test_without_check_the_tables_are_made_to_agree(ward):
    spoiled()

    code, lines = run()

    assert (code, run("--check")[0]) == (0, 0)
    assert "differed and were made to agree" in lines
    assert Grade.objects.filter(kind="icans").exists()


def test_what_agrees_is_not_written_again(ward):
    before = CurrentState.objects.get().changed_at
    run()
    assert CurrentState.objects.get().changed_at == before


def test_alerts_that_are_missing_or_too_many_are_told_and_set_right(ward):
    alert = Alert.objects.get()
    with acting(by="test", reason="spoiled"):
        Alert.objects.filter(pk=alert.pk).update(grade=4)

    code, lines = run("--check")
    assert code == 1
    assert f"Alert crs {alert.fact_root} grade 2: stored 'no row', derived 'called for'" in lines
    assert f"Alert crs {alert.fact_root} grade 4: stored '{alert.state}', derived 'not called for'" in lines
    assert Alert.objects.count() == 1

    run()
    raised = Alert.objects.exclude(pk=alert.pk).get()
    alert.refresh_from_db()
    assert (raised.grade, raised.late, raised.state) == (2, True, AlertState.OPEN)
    assert (alert.state, AlertEvent.objects.filter(alert=alert).latest("pk").by) == (AlertState.WITHDRAWN, None)
    assert raised.deliveries.count() == 0  # what it tells of is over
    assert run("--check")[0] == 0


def test_an_alert_that_tells_of_other_inputs_is_told_and_set_right(ward):
    alert = Alert.objects.get()
    before = alert.state
    with acting(by="test", reason="spoiled"):
        Alert.objects.filter(pk=alert.pk).update(missing=["spo2"], at_most=4)

    code, lines = run("--check")
    assert code == 1
    assert f"Alert crs {alert.fact_root} grade 2 at_most: stored 4, derived 2" in lines
    assert f"Alert crs {alert.fact_root} grade 2 missing: stored ['spo2'], derived []" in lines

    run()
    alert.refresh_from_db()
    assert (alert.missing, alert.at_most, alert.state, Alert.objects.count()) == ([], 2, before, 1)
    assert run("--check")[0] == 0


@pytest.mark.parametrize("words", [["--study", "NONE"], ["--participant", "NONE"]])
def test_what_is_not_there_is_said(ward, words):
    with pytest.raises(CommandError, match="no such participant"):
        run(*words)


def another(ward: World) -> None:
    with acting(by="test", reason="one more"):
        Participant.objects.create(study=ward.study, site=ward.site, number="DEMO-002", regimen=ward.regimen)


def test_only_those_asked_for(ward):
    spoiled()
    other = Participant.objects.get()
    another(ward)

    assert run("--check", "--participant", "DEMO-002") == (0, "1 participants, 0 sets: 0 values differ\n")
    assert run("--check", "--study", "DEMO", "--participant", other.number)[0] == 1


def test_ctrl_c_ends_after_the_participant_under_way(ward, monkeypatch):
    another(ward)
    one = rederive_participant

    def interrupted(*args, **options):
        signal.raise_signal(signal.SIGINT)
        return one(*args, **options)

    monkeypatch.setattr(command, "rederive_participant", interrupted)

    code, lines = run()

    assert code == 130
    assert "Interrupted after DEMO-001, 1 of 2: run the same command again." in lines


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_that_many_processes_cannot_be(ward, jobs):
    with pytest.raises(CommandError, match="is not a number of processes"):
        call_command("rederive", "--jobs", jobs)


def test_a_corrected_dose_is_a_dose(ward):
    first = ward.participant.dose_facts.get()

    kept(dose(ward, 1, supersedes=first, reason="an hour later"), ward, at=hour(9))

    assert DosePeriod.objects.get().started_at == hour(1)
    assert run("--check")[0] == 0
