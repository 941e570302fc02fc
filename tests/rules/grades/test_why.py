"""What one change would make of a grade: the nearest of each element, found by the rules themselves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.icans_inputs import Consciousness, IcansInputs, IceItems, IceUnableReason, Motor, Seizure
from grading.rules.grades.why import ElementChange, why_crs, why_icans

WELL = CrsInputs(
    temperature_c=Decimal("36.8"), sbp=Decimal(120), hypotension=False, fluid_bolus=False, vasopressors=(),
    spo2=Decimal(97), oxygen_device=OxygenDevice.ROOM_AIR,
)  # fmt: skip
FEVER = replace(WELL, temperature_c=Decimal("38.6"))
CANNULA = {"oxygen_device": OxygenDevice.NASAL_CANNULA, "oxygen_flow_l_min": Decimal(2)}
CLEAR = IcansInputs(
    pediatric=False,
    ice=IceItems(year=True, month=True, city=True, hospital=True, naming=3, command=True, writing=True, attention=True),
    consciousness=Consciousness.AWAKE, seizure=Seizure.NONE, motor=Motor.NONE, icp_signs=(),
)  # fmt: skip


def grade_by_change(changes: tuple[ElementChange, ...]) -> dict[str, int]:
    return {change.code: change.grade for change in changes}


@pytest.mark.parametrize(
    ("why", "seen", "lower", "higher"),
    [
        ("well: only a fever makes it CRS (C2d)", WELL, {}, {"fever": 1}),
        ("fever alone", FEVER, {"no_fever": 0}, {"hypotension": 2, "low_flow": 2}),
        ("one vasopressor: the next step down is hypotension without it",
         replace(FEVER, hypotension=True, vasopressors=("norepinephrine",)),
         {"no_fever": 0, "hypotension": 2}, {"two_vasopressors": 4, "positive_pressure": 4}),
        ("two axes tie: neither alone lowers it",
         replace(FEVER, hypotension=True, **CANNULA), {"no_fever": 0}, {"one_vasopressor": 3, "high_flow": 3}),
        ("fever no longer required: its fall lowers nothing",
         replace(WELL, hypotension=True, prior_crs_fever_this_episode=True,
                 antipyretic_or_anticytokine_since_onset=True),
         {"pressure_held": 0}, {"one_vasopressor": 3, "high_flow": 3}),
        ("death is final", replace(FEVER, died_of_crs=True), {}, {}),
    ],
)  # fmt: skip
def test_crs(why, seen, lower, higher):
    changes = why_crs(seen)

    assert (grade_by_change(changes.lower), grade_by_change(changes.higher)) == (lower, higher), why


def test_what_was_not_looked_at_raises_only_what_is_certain():
    changes = why_crs(CrsInputs(temperature_c=Decimal("38.6")))  # at least 1

    assert grade_by_change(changes.lower) == {"no_fever": 0}
    assert grade_by_change(changes.higher) == {"hypotension": 2, "low_flow": 2}


@pytest.mark.parametrize(
    ("why", "seen", "lower", "higher"),
    [
        ("clear", CLEAR, {}, {"ice_9": 1, "drowsy": 1, "seizure": 3, "weakness": 4}),
        ("a seizure alone", replace(CLEAR, seizure=Seizure.BRIEF_RESOLVED), {"no_seizure": 0},
         {"unarousable": 4, "long_seizure": 4, "weakness": 4}),
        ("wakes to voice", replace(CLEAR, consciousness=Consciousness.VOICE), {"drowsy": 1},
         {"ice_2": 3, "touch": 3, "seizure": 3, "weakness": 4}),
        # A whole score is never what raises a grade: with one the sedation would be over.
        ("sedated", replace(CLEAR, ice=None, ice_unable_reason=IceUnableReason.INTUBATED_SEDATED,
                            consciousness=Consciousness.UNAROUSABLE), {}, {"seizure": 3, "weakness": 4}),
    ],
)  # fmt: skip
def test_icans(why, seen, lower, higher):
    changes = why_icans(seen)

    assert (grade_by_change(changes.lower), grade_by_change(changes.higher)) == (lower, higher), why


def test_a_child_is_told_in_capd():
    child = replace(CLEAR, pediatric=True, ice=None, capd_score=9)

    assert grade_by_change(why_icans(child).lower) == {"capd_8": 1}
