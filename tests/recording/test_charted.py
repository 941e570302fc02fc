"""Everything that is charted is read by a rule, or said to be for the record only (rules/contract/charted.py)."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from grading.course.record import readings
from grading.models import NeuroAssessment, VitalSigns
from grading.rules.contract.charted import MEASURED_FOR_THE_RECORD, NEURO_FOR_THE_RECORD, SET_FOR_THE_RECORD
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication, Position
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.icans_inputs import (
    Consciousness,
    IcansInputs,
    IceItems,
    IceUnableReason,
    IcpSign,
    Motor,
    Oedema,
    Seizure,
)
from regimens.facts import Fact
from regimens.models import Measured


def D(number):
    return Decimal(str(number))


FEVER = CrsInputs(
    temperature_c=D(38.6), sbp=D(120), hypotension=False, fluid_bolus=False, vasopressors=(), spo2=D(97),
    oxygen_device=OxygenDevice.ROOM_AIR,
)  # fmt: skip
SHOCK = replace(FEVER, temperature_c=D(36.8), vasopressors=("norepinephrine",))
CANNULA = replace(FEVER, oxygen_device=OxygenDevice.NASAL_CANNULA, oxygen_flow_l_min=D(2))
HOME = replace(
    CANNULA, oxygen_indication=OxygenIndication.BASELINE, baseline_oxygen_device=OxygenDevice.NASAL_CANNULA,
    baseline_oxygen_flow_l_min=D(2),
)  # fmt: skip
CRS_READS = {  # field -> a look, and the same with the field otherwise: graded otherwise
    "temperature_c": (FEVER, D(36.8)),
    "antipyretic_or_anticytokine_since_onset": (SHOCK, True),
    "prior_crs_fever_this_episode": (SHOCK, True),
    "sbp": (replace(FEVER, hypotension=None), D(80)),
    "baseline_sbp": (replace(FEVER, sbp=D(95)), D(130)),
    "sbp_prompt_below": (replace(FEVER, sbp=D(95)), D(96)),
    "mean_pressure": (replace(FEVER, sbp=None), D(55)),
    "position": (replace(FEVER, hypotension=None, sbp=D(80)), Position.STANDING),
    "pressure_unrecordable": (FEVER, True),
    "hypotension": (FEVER, True),
    "fluid_bolus": (FEVER, True),
    "vasopressors": (FEVER, ("norepinephrine",)),
    "vasopressors_at_baseline": (replace(FEVER, vasopressors=("midodrine",)), ("midodrine",)),
    "spo2": (FEVER, D(85)),
    "oxygen_device": (FEVER, OxygenDevice.CPAP),
    "oxygen_flow_l_min": (CANNULA, D(8)),
    "fio2_percent": (FEVER, D(60)),
    "oxygen_indication": (CANNULA, OxygenIndication.COMFORT),
    "baseline_oxygen_device": (HOME, None),
    "baseline_oxygen_flow_l_min": (HOME, D(1)),
    "running_vasopressors": (FEVER, ("norepinephrine",)),
    "running_oxygen": (FEVER, True),
    "running_oxygen_device": (FEVER, OxygenDevice.CPAP),
    "running_oxygen_flow_l_min": (FEVER, D(10)),
    "running_fluid_bolus": (FEVER, True),
    "fever_attributed_to_other_cause": (FEVER, True),
    "hypotension_attributed_to_other_cause": (replace(FEVER, hypotension=True), True),
    "hypoxia_attributed_to_other_cause": (CANNULA, True),
    "died_of_crs": (FEVER, True),
}
ICE = IceItems(year=True, month=True, city=True, hospital=True, naming=3, command=True, writing=True, attention=True)
CLEAR = IcansInputs(
    pediatric=False, ice=ICE, consciousness=Consciousness.AWAKE, seizure=Seizure.NONE, motor=Motor.NONE, icp_signs=()
)
ICANS_READS = {
    "pediatric": (CLEAR, True),
    "ice": (CLEAR, replace(ICE, year=False)),
    "ice_unable_reason": (replace(CLEAR, ice=None), IceUnableReason.APHASIA),
    "capd_score": (replace(CLEAR, pediatric=True), 9),
    "consciousness": (CLEAR, Consciousness.VOICE),
    "seizure": (CLEAR, Seizure.BRIEF_RESOLVED),
    "motor": (CLEAR, Motor.DEEP_FOCAL_WEAKNESS),
    "oedema": (CLEAR, Oedema.FOCAL),
    "icp_signs": (CLEAR, (IcpSign.PAPILLOEDEMA,)),
    "intracranial_haemorrhage": (replace(CLEAR, oedema=Oedema.FOCAL), True),
    "consciousness_attributed_to_other_cause": (replace(CLEAR, consciousness=Consciousness.VOICE), True),
    "seizure_attributed_to_other_cause": (replace(CLEAR, seizure=Seizure.BRIEF_RESOLVED), True),
    "motor_attributed_to_other_cause": (replace(CLEAR, motor=Motor.DEEP_FOCAL_WEAKNESS), True),
    "oedema_attributed_to_other_cause": (replace(CLEAR, oedema=Oedema.FOCAL), True),
    "died_of_icans": (CLEAR, True),
}


@pytest.mark.parametrize("field", [one.name for one in fields(CrsInputs) if one.name not in SET_FOR_THE_RECORD])
def test_each_input_of_crs_bears_on_a_grade(field):
    look, otherwise = CRS_READS[field]
    before, after = grade_crs(look), grade_crs(replace(look, **{field: otherwise}))

    assert (before.at_least, before.at_most) != (after.at_least, after.at_most)


@pytest.mark.parametrize("field", [one.name for one in fields(IcansInputs)])
def test_each_input_of_icans_bears_on_a_grade(field):
    look, otherwise = ICANS_READS[field]
    before, after = grade_icans(look), grade_icans(replace(look, **{field: otherwise}))

    assert (before.at_least, before.at_most) != (after.at_least, after.at_most)


def columns(model):
    of_every_fact = {one.name for one in Fact._meta.get_fields()}
    return [one.name for one in model._meta.concrete_fields if one.name not in of_every_fact]


CHARTED = {  # column -> a value; what is read of an empty set with it is not what is read of an empty set
    "temperature_c": D(38), "sbp": D(80), "mean_pressure": D(60), "heart_rate": D(0), "respiratory_rate": D(0),
    "spo2": D(70), "oxygen_device": "cpap", "oxygen_flow_l_min": D(3), "fio2_percent": D(40),
    "oxygen_indication": "comfort", "pressure_unrecordable": True, "position": "standing", "hypotension": True,
    "fluid_bolus": True, "vasopressors": ["norepinephrine"],
}  # fmt: skip
OF_MIND = {
    **{f"ice_{item}": True for item in ("year", "month", "city", "hospital", "command", "writing", "attention")},
    "ice_naming": 2, "ice_unable_reason": "aphasia", "capd_score": 3, "consciousness": "voice", "seizure": "none",
    "motor": "none", "oedema": "focal", "icp_signs": ["papilloedema"], "intracranial_haemorrhage": True,
}  # fmt: skip


def read_of(vitals):
    return readings.crs_inputs(vitals), readings.danger_of(vitals)


@pytest.mark.parametrize("column", [name for name in columns(VitalSigns) if name not in SET_FOR_THE_RECORD])
def test_each_column_of_a_set_is_read(column):
    assert read_of(VitalSigns(**{column: CHARTED[column]})) != read_of(VitalSigns())


@pytest.mark.parametrize("column", [name for name in columns(NeuroAssessment) if name not in NEURO_FOR_THE_RECORD])
def test_each_column_of_a_neuro_assessment_is_read(column):
    seen = NeuroAssessment(**{column: OF_MIND[column]})

    assert readings.icans_inputs(seen, pediatric=False) != readings.icans_inputs(NeuroAssessment(), pediatric=False)


READ_MEASUREMENTS = {  # by whom
    Measured.WEIGHT: "tocilizumab's dose",
    Measured.BASELINE_SBP: "relative hypotension",
    Measured.BASELINE_OXYGEN: "as at baseline",
    Measured.BASELINE_VASOPRESSORS: "vasopressors as at baseline",
    Measured.BASELINE_ICE: "the gate and the ICE drop",
    Measured.BASELINE_CAPD: "the gate",
    Measured.SBP_PROMPT: "a child's limit",
    Measured.ON_SITE: "the gate",
    Measured.INFECTION: "the gate",
}


def test_each_kind_of_measurement_is_read_or_for_the_record():
    assert set(READ_MEASUREMENTS) | set(MEASURED_FOR_THE_RECORD) == set(Measured)
    assert not set(READ_MEASUREMENTS) & set(MEASURED_FOR_THE_RECORD)


def test_what_is_for_the_record_is_still_charted():
    assert set(SET_FOR_THE_RECORD) <= set(columns(VitalSigns))
    assert set(NEURO_FOR_THE_RECORD) <= set(columns(NeuroAssessment))
