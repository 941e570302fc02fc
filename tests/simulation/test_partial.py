"""Sets of which a part was left out: what they can still show, what the report says of them, and the export."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.course.record.readings import crs_inputs
from grading.models import NeuroAssessment, VitalSigns
from grading.rules.course.events import CRS, DoseGiven, Observation, Parameters, Treated
from grading.rules.course.timeline import derive
from grading.rules.treatment.masking_hours import Masking
from grading.simulation.report import compare, partial_of, seen_of
from grading.simulation.shown import shown
from grading.simulation.vitals import PARTS
from regimens.library import names
from tests.simulation.test_story import HOUR, WELL, at, story
from tests.simulation.test_trial import PEOPLE, TECLISTAMAB, simulate

BASELINE = Decimal(122)
FEVER = {"temperature_c": Decimal("38.4")}
LOW = {"sbp": 82, "dbp": 48, "hypotension": True}
NO_TEMPERATURE, NO_PRESSURE, NO_SATURATION = (dict.fromkeys(part) for part in PARTS)


@pytest.mark.parametrize(
    ("changes", "grades"),
    [
        (FEVER | NO_PRESSURE, {0: 1}),
        (FEVER | NO_SATURATION, {0: 1}),
        (FEVER | LOW | NO_TEMPERATURE, {}),
        (FEVER | LOW | NO_PRESSURE, {0: 1}),
        (FEVER | NO_PRESSURE | {"fluid_bolus": True}, {0: 2}),
        (FEVER | NO_SATURATION | {"oxygen_device": "nasal_cannula"}, {0: 2}),
    ],
)
def test_what_was_taken_counts_and_what_was_left_out_counts_nothing(changes, grades):
    assert shown([at(5, **changes)], [0]).grades == grades


def test_without_a_temperature_low_pressure_makes_an_open_event_worse():
    assert shown([at(5, **FEVER), at(9, **LOW | NO_TEMPERATURE)], [0]).grades == {0: 2}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0])
def test_a_set_with_a_part_left_out_neither_begins_nor_ends_the_free_day(part):
    """Well from 8 h to 32 h, and a fever at 52 h, after the next dose."""
    dosed, lacking = [0, 48 * HOUR], dict.fromkeys(part)
    fever, again = at(4, **FEVER), at(52, **FEVER)

    assert shown([fever, at(8), at(32), again], dosed).over == {0}
    for sets in ([fever, at(8, **lacking), at(32), again], [fever, at(8), at(32, **lacking), again]):
        visible = shown(sets, dosed)
        assert (visible.joined, visible.over) == ({1}, frozenset())


def test_a_set_with_a_part_left_out_does_not_interrupt_the_free_day():
    assert shown([at(4, **FEVER), at(8), at(20, **NO_TEMPERATURE), at(32)], [0]).over == {0}


def test_an_event_that_is_over_only_after_the_next_dose_is_not_told_as_over_before_it():
    assert shown([at(4, **FEVER), at(8), at(52)], [0, 48 * HOUR]).over == frozenset()


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(names()), seed=st.integers(0, 10**6), missing=st.integers(0, 100), partial=st.integers(1, 100)
)
def test_the_rules_say_what_the_sets_could_show(name, seed, missing, partial):
    """Counted in plain words on the one side, and folded by the grader on the other."""
    tale = story(name, percent=70, seed=seed, missing_percent=Decimal(missing), partial_percent=Decimal(partial),
                 grades=((1, 1), (2, 1), (3, 1), (4, 1)))  # fmt: skip

    assert seen_of(tale).grades == by_the_rules(tale)


def by_the_rules(simulated):
    def moment(minute):
        return datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minute)

    doses = [DoseGiven(at=moment(dose.at), root=str(place)) for place, dose in enumerate(simulated.engager)]
    drugs = [Treated(at=moment(drug.at), masking=Masking(drug.drug_class), treats=True) for drug in simulated.drugs]
    looks = [
        Observation(at=moment(seen.at), id=str(seen.at), root=str(seen.at), seen=read(seen)) for seen in simulated.sets
    ]
    grades = {}
    for one in derive([*doses, *drugs, *looks], Parameters()).episodes:
        if one.kind == CRS and not one.provisional:
            place = int(one.dose_root)
            grades[place] = max(grades.get(place, 0), one.max_grade)
    return grades


def read(seen):
    """A set as the grader reads the fact that it becomes."""

    def exact(value):
        return None if value is None else Decimal(value)

    fact = VitalSigns(
        temperature_c=seen.temperature_c, sbp=exact(seen.sbp), spo2=exact(seen.spo2), hypotension=seen.hypotension,
        fluid_bolus=seen.fluid_bolus, vasopressors=list(seen.vasopressors), oxygen_device=seen.oxygen_device,
        oxygen_flow_l_min=seen.oxygen_flow_l_min,
    )  # fmt: skip
    return crs_inputs(fact, baseline_sbp=BASELINE)


def test_leaving_parts_out_changes_nothing_else_of_the_story():
    whole, partly = story(percent=100, seed=4), story(percent=100, seed=4, partial_percent=Decimal(50))

    assert partly.whole == whole.sets == whole.whole
    assert (partly.doses, partly.missed) == (whole.doses, whole.missed)
    assert [(mind.at, mind.clear) for mind in partly.neuro] == [(mind.at, mind.clear) for mind in whole.neuro]
    assert {seen.whole for seen in partly.sets} == {mind.done for mind in partly.neuro} == {True, False}


def test_the_report_says_what_whole_sets_would_have_shown():
    """Three doses: an event that is hidden, one that is shown lower, and one of which no end is seen."""
    tale = story("elranatamab", percent=0, delayed_percent=Decimal(0), missing_percent=Decimal(0))
    first, second, third = (dose.at for dose in tale.engager[:3])
    well = [replace(WELL, at=third + minutes) for minutes in (8 * HOUR, 32 * HOUR)]
    whole = [replace(WELL, at=first + HOUR, **FEVER), replace(WELL, at=first + 2 * HOUR),
             replace(WELL, at=first + 27 * HOUR), replace(WELL, at=second + HOUR, **FEVER | LOW),
             replace(WELL, at=second + 2 * HOUR), replace(WELL, at=second + 27 * HOUR),
             replace(WELL, at=third + HOUR, **FEVER), *well]  # fmt: skip
    taken = [*whole]
    taken[0], taken[3], taken[8] = (
        replace(whole[k], **lacks) for k, lacks in ((0, NO_TEMPERATURE), (3, NO_PRESSURE), (8, NO_SATURATION))
    )
    partial = partial_of(one := replace(tale, sets=tuple(taken), whole=tuple(whole)), seen_of(one))

    assert (partial.sets, partial.hid, partial.lowered, partial.left_open) == (3, 1, 1, 1)
    assert compare({"S-001": one, "S-002": one}, {}).partial.hid == 2


@pytest.mark.long
@pytest.mark.django_db
def test_the_export_recovers_what_partial_sets_could_show():
    report = simulate(*TECLISTAMAB, "--participants", PEOPLE, "--seed", "3", "--missing", "20", "--partial", "60",
                    "--grades", "1=1,2=1,3=1")  # fmt: skip

    assert "says exactly what the sets could show" in report
    lacking = [VitalSigns.objects.filter(**{f"{part[0]}__isnull": True}).count() for part in PARTS]
    assert min(lacking) > 0
    assert f"partial        {sum(lacking)} of those taken" in report
    assert NeuroAssessment.objects.filter(ice_naming=None, not_done={"ice": "refused"}).exists()
