"""TA, TE and TV (SDTMIG 3.4, trial design): the plan of STEP, 5 mg on day 1, 25 mg on day 8, 200 mg on day 15.

SE: which parts of it each participant went through, counted by hand from doses and records.
"""

import pytest

from crsmonitor.audit.acting import acting
from regimens.blinding import Profile
from regimens.models import DoseStatus, Participant, Regimen, Step
from tests.builders import build_world, dose, hour, kept, stay
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import listed, raw
from tests.exports.datasets.test_adam import ONE, TWO

pytestmark = pytest.mark.django_db
D1, D2, PARIS = "2026-03-02T17:00:00+08:00", "2026-03-09T17:00:00+08:00", "2026-03-03T10:00:00+01:00"
SE = ("USUBJID", "SESEQ", "ETCD", "ELEMENT", "SESTDTC", "SEENDTC", "SESTDY", "SEENDY", "TAETORD", "EPOCH")


def test_elements_have_rules_and_arms_consist_of_them(trial):
    step = "Start of a dose of this step of the arm, after none or one of another"
    assert listed(trial, "te", CUT, "ETCD", "ELEMENT", "TESTRL") == [
        ("SCRN", "SCREENING", "Enrolment, or the first record where that is earlier"),
        ("SU1", "STEP-UP 1", step), ("SU2", "STEP-UP 2", step), ("FD1", "FULL DOSE 1", step),
    ]  # fmt: skip
    assert listed(trial, "ta", CUT, "ARMCD", "TAETORD", "ETCD", "EPOCH") == [
        ("STEP", "1", "SCRN", "SCREENING"), ("STEP", "2", "SU1", "TREATMENT"), ("STEP", "3", "SU2", "TREATMENT"),
        ("STEP", "4", "FD1", "TREATMENT"),
    ]  # fmt: skip
    arms = {row[0] for row in listed(trial, "dm", CUT, "ARMCD")}
    assert arms == {row[0] for row in listed(trial, "ta", CUT, "ARMCD")}


def test_each_planned_dose_is_a_visit_on_its_day(trial):
    assert listed(trial, "tv", CUT, "VISITNUM", "VISIT", "VISITDY", "ARMCD") == [
        ("1", "DOSE 1", "1", "STEP"), ("2", "DOSE 2", "8", "STEP"), ("3", "DOSE 3", "15", "STEP")]  # fmt: skip


def test_a_dose_that_is_given_several_times_is_as_many_visits_and_a_pretreatment_none(trial):
    with acting(by="test", reason="a plan with a repeated dose"):
        plan = Regimen.objects.create(study=trial.study, code="AGAIN", title="Again", drug="demo")
        for place, columns in enumerate(
            [
                {"kind": "pretreat", "opens_period": False, "planned_day": 1},
                {"kind": "step_up", "planned_day": 8},
                {"kind": "target", "planned_day": 15, "repeats": True, "times": 2, "interval_planned_d": 7},
                {"kind": "target", "planned_day": 36, "repeats": True, "interval_planned_d": 14},
            ],
            start=1,
        ):
            Step.objects.create(regimen=plan, position=place, label=f"S{place}", planned_dose=5, unit="mg", **columns)
        Regimen.objects.filter(pk=plan.pk).update(approved_at=CUT, approved_because="test")
        type(trial.participant).objects.create(study=trial.study, site=trial.site, number="DEMO-003", regimen=plan)

    assert [row for row in listed(trial, "tv", CUT, "ARMCD", "VISITNUM", "VISITDY") if row[0] == "AGAIN"] == [
        ("AGAIN", "1", "8"), ("AGAIN", "2", "15"), ("AGAIN", "3", "22"), ("AGAIN", "4", "36")]  # fmt: skip


@pytest.mark.parametrize("name", ["ta", "tv"])
def test_arms_and_visits_are_not_told_to_who_is_blinded(trial, name):
    assert len(raw(trial, name, CUT, profile=Profile.BLINDED).splitlines()) == 1  # the header


def test_screening_and_each_step_that_was_given_are_elements(trial):
    """001: its pressure before treatment five hours before dose 1, the second dose a week later, left at hour 240."""
    assert listed(trial, "se", CUT, *SE) == [
        (TWO, "1", "SU1", "STEP-UP 1", PARIS, "2026-03-16T10:00:00+01:00", "1", "14", "2", "TREATMENT"),  # the cut
        (ONE, "1", "SCRN", "SCREENING", "2026-03-02T12:00:00+08:00", D1, "1", "1", "1", "SCREENING"),
        (ONE, "2", "SU1", "STEP-UP 1", D1, D2, "1", "8", "2", "TREATMENT"),
        (ONE, "3", "SU2", "STEP-UP 2", D2, "2026-03-12T17:00:00+08:00", "8", "11", "3", "TREATMENT"),
    ]
    planned = {row[0] for row in listed(trial, "te", CUT, "ETCD")}
    assert {row[2] for row in listed(trial, "se", CUT, *SE)} <= planned


def test_to_who_is_blinded_treatment_is_one_element(trial):
    lines = raw(trial, "se", CUT, profile=Profile.BLINDED).decode().splitlines()

    assert [line.split(",")[3:6] for line in lines[1:]] == [
        ["1", "TRT", "TREATMENT"], ["1", "SCRN", "SCREENING"], ["2", "TRT", "TREATMENT"]]  # fmt: skip
    assert [line.split(",")[2:4] for line in raw(trial, "te", CUT, profile=Profile.BLINDED).decode().splitlines()] == [
        ["ETCD", "ELEMENT"], ["SCRN", "SCREENING"], ["TRT", "TREATMENT"]]  # fmt: skip


def test_a_step_given_again_at_once_goes_on_and_one_given_after_another_begins_anew():
    """Doses by step: 1, 2, 3, 3, one not given, then 1 again. Somebody who had none is in screening up to the cut."""
    world = build_world("PARTS")
    for day, step in ((0, 0), (7, 1), (14, 2), (28, 2), (56, 0)):
        kept(dose(world, 24 * day, step=step, despite_gate="as ordered"), world)
    kept(dose(world, 24 * 42, step=2, status=DoseStatus.NOT_GIVEN, amount=None, not_given_because="infection",
              planned_at=hour(24 * 42)), world)  # fmt: skip
    with acting(by="test", reason="another participant"):
        undosed = Participant.objects.create(
            study=world.study, site=world.site, number="PARTS-002", regimen=world.regimen
        )
    kept(stay(world, 1, participant=undosed), world)

    rows = listed(world, "se", hour(24 * 60), "USUBJID", "SESEQ", "ETCD", "SESTDY", "SEENDY", "SEENDTC")

    one, two = "PARTS-PARTS-TPE-PARTS-001", "PARTS-PARTS-TPE-PARTS-002"
    assert rows == [
        (one, "1", "SU1", "1", "8", "2026-03-09T17:00:00+08:00"),
        (one, "2", "SU2", "8", "15", "2026-03-16T17:00:00+08:00"),
        (one, "3", "FD1", "15", "57", "2026-04-27T17:00:00+08:00"),
        (one, "4", "SU1", "57", "61", "2026-05-01T17:00:00+08:00"),
        (two, "1", "SCRN", "", "", "2026-05-01T17:00:00+08:00"),
    ]
