"""TA, TE and TV (SDTMIG 3.4, trial design): the plan of STEP, 5 mg on day 1, 25 mg on day 8, 200 mg on day 15."""

import pytest

from crsmonitor.audit.acting import acting
from regimens.blinding import Profile
from regimens.models import Regimen, Step
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import listed, raw

pytestmark = pytest.mark.django_db


def test_elements_have_rules_and_arms_consist_of_them(trial):
    assert listed(trial, "te", CUT, "ETCD", "ELEMENT", "TESTRL") == [
        ("SCRN", "SCREENING", "Enrolment"),
        ("TRT", "TREATMENT", "Start of the first dose of the study drug"),
    ]
    assert listed(trial, "ta", CUT, "ARMCD", "TAETORD", "ETCD", "EPOCH") == [
        ("STEP", "1", "SCRN", "SCREENING"), ("STEP", "2", "TRT", "TREATMENT")]  # fmt: skip
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
