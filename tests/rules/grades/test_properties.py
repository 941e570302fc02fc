"""What must hold of every grade, whatever was seen."""

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.catalogue import RULES
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

maybe = st.none()
ticks = st.booleans()
pressures = st.decimals(0, 300, places=1)
temperatures = st.one_of(st.decimals(25, 45, places=2), st.sampled_from([Decimal("37.9"), Decimal(38)]))
saturations = st.decimals(0, 100, places=1)
flows = st.one_of(st.decimals(0, 70, places=1), st.just(Decimal(6)))
fio2 = st.one_of(st.decimals(20, 100, places=1), st.just(Decimal(21)))
agents = st.sampled_from(["norepinephrine", "epinephrine", "vasopressin", "dobutamine", "milrinone", "other"])
CRS = st.builds(
    CrsInputs,
    temperature_c=maybe | temperatures,
    antipyretic_or_anticytokine_since_onset=maybe | ticks,
    prior_crs_fever_this_episode=maybe | ticks,
    sbp=maybe | pressures,
    baseline_sbp=maybe | pressures,
    sbp_prompt_below=maybe | pressures,
    mean_pressure=maybe | pressures,
    position=maybe | st.sampled_from(Position),
    pressure_unrecordable=ticks,
    hypotension=maybe | ticks,
    fluid_bolus=maybe | ticks,
    vasopressors=maybe | st.frozensets(agents),
    spo2=maybe | saturations,
    oxygen_device=maybe | st.sampled_from(OxygenDevice),
    oxygen_flow_l_min=maybe | flows,
    fio2_percent=maybe | fio2,
    oxygen_indication=maybe | st.sampled_from(OxygenIndication),
    baseline_oxygen_device=maybe | st.sampled_from(OxygenDevice),
    baseline_oxygen_flow_l_min=maybe | flows,
    vasopressors_at_baseline=maybe | st.frozensets(agents),
    running_vasopressors=maybe | st.frozensets(agents),
    running_oxygen=maybe | ticks,
    running_oxygen_device=maybe | st.sampled_from([d for d in OxygenDevice if d is not OxygenDevice.ROOM_AIR]),
    running_oxygen_flow_l_min=maybe | flows,
    running_fluid_bolus=maybe | ticks,
    fever_attributed_to_other_cause=ticks,
    hypotension_attributed_to_other_cause=ticks,
    hypoxia_attributed_to_other_cause=ticks,
    died_of_crs=st.sampled_from([False, False, False, True]),
)
ICE = st.builds(
    IceItems,
    naming=maybe | st.integers(0, 3),
    **dict.fromkeys(("year", "month", "city", "hospital", "command", "writing", "attention"), maybe | ticks),
)
ICANS = st.builds(
    IcansInputs,
    pediatric=ticks,
    ice=maybe | ICE,
    ice_unable_reason=maybe | st.sampled_from(IceUnableReason),
    capd_score=maybe | st.integers(0, 40),
    consciousness=maybe | st.sampled_from(Consciousness),
    seizure=maybe | st.sampled_from(Seizure),
    motor=maybe | st.sampled_from(Motor),
    oedema=st.sampled_from(Oedema),
    icp_signs=maybe | st.frozensets(st.sampled_from(IcpSign)),
    intracranial_haemorrhage=ticks,
    consciousness_attributed_to_other_cause=ticks,
    seizure_attributed_to_other_cause=ticks,
    motor_attributed_to_other_cause=ticks,
    oedema_attributed_to_other_cause=ticks,
    died_of_icans=st.sampled_from([False, False, False, True]),
)


def assert_no_lower(worse, than):
    assert worse.at_least >= than.at_least
    assert worse.at_most >= than.at_most
    assert worse.grade >= than.grade or not worse.is_definite


def assert_sound(graded):
    assert 0 <= graded.at_least <= graded.at_most <= 5
    assert graded.is_definite == (graded.at_least == graded.at_most)
    assert graded.grade == (graded.at_least if graded.is_definite else -1)
    assert {why.code for why in graded.reasons} | set(graded.flags) <= set(RULES)
    assert graded.reasons


@given(CRS)
def test_crs_is_bounded_explained_and_the_same_twice(seen):
    assert_sound(grade_crs(seen))
    assert grade_crs(seen) == grade_crs(replace(seen))


@given(ICANS)
def test_icans_is_bounded_explained_and_the_same_twice(seen):
    assert_sound(grade_icans(seen))
    assert grade_icans(seen) == grade_icans(replace(seen))


# What a look or the record may leave out. Attributions, histories and what oxygen is for are judgements, not looks.
LOOKED_AT = (
    "temperature_c", "sbp", "mean_pressure", "position", "hypotension", "fluid_bolus", "vasopressors", "spo2",
    "oxygen_device", "oxygen_flow_l_min", "fio2_percent", "running_vasopressors", "running_oxygen",
    "running_oxygen_device", "running_oxygen_flow_l_min", "running_fluid_bolus",
)  # fmt: skip
# Two entries that speak against each other: without the one, the other speaks alone (Rulings 2, C3b).
CONTRADICTIONS = {
    "contradictory_oxygen", "contradictory_vasopressors", "hypotension_to_be_confirmed", "standing_pressure_low",
    "low_pressure_not_ticked",
}  # fmt: skip
HIGH_FLOW = OxygenDevice.HIGH_FLOW_NASAL_CANNULA


def speaks_by_rule(seen, field):
    """Where the rules give what was left out a meaning of its own."""
    if field == "hypotension":  # C3b: with a number beside it, the number speaks
        return seen.sbp is not None
    if field == "oxygen_flow_l_min":  # C5b: a high-flow device without a flow is 3
        return seen.oxygen_device is HIGH_FLOW
    if field == "running_oxygen_flow_l_min":  # so of the record; and a flow of 0 says that nothing runs
        return seen.running_oxygen_device is HIGH_FLOW or seen.running_oxygen_flow_l_min == 0
    return False


@given(CRS, st.sampled_from(LOOKED_AT))
def test_not_looking_never_narrows_crs(seen, field):
    """The bounds without a look contain those with it. R06c: held at 100,000 examples."""
    whole, less = grade_crs(seen), grade_crs(replace(seen, **{field: None}))
    assume(not CONTRADICTIONS.intersection(whole.flags) and not speaks_by_rule(seen, field))

    assert less.at_least <= whole.at_least
    assert less.at_most >= whole.at_most


@given(CRS)
def test_a_baseline_that_is_not_on_record_never_narrows(seen):
    less = replace(seen, baseline_oxygen_device=None, baseline_oxygen_flow_l_min=None, vasopressors_at_baseline=None)

    assert grade_crs(less).at_most >= grade_crs(seen).at_most


@given(CRS)
def test_what_runs_by_the_record_never_lowers(seen):
    nothing = replace(
        seen, running_vasopressors=None, running_oxygen=None, running_oxygen_device=None,
        running_oxygen_flow_l_min=None, running_fluid_bolus=None,
    )  # fmt: skip

    assert_no_lower(grade_crs(seen), grade_crs(nothing))


@given(CRS)
def test_an_indication_alone_is_never_certain_of_less(seen):
    """Comfort and baseline lower what is certain, and what is possible only where flow and saturation are charted."""
    needed = grade_crs(replace(seen, oxygen_indication=None))
    graded = grade_crs(seen)

    assert graded.at_least <= needed.at_least
    if seen.spo2 is None or seen.oxygen_flow_l_min is None:
        assume(seen.oxygen_indication is not OxygenIndication.BASELINE)
        assert graded.at_most >= needed.at_most


@given(ICANS, st.sampled_from(("ice", "capd_score", "consciousness", "seizure", "motor", "icp_signs")))
def test_not_looking_never_narrows_icans(seen, field):
    whole, less = grade_icans(seen), grade_icans(replace(seen, **{field: None}))

    assert less.at_least <= whole.at_least
    assert less.at_most >= whole.at_most


@given(CRS, st.lists(temperatures.filter(lambda t: t >= 30), min_size=2, max_size=2))
def test_more_fever_is_no_lower(seen, two):
    # An attributed fever is seen, and no longer masked (C8).
    before, after = (
        grade_crs(replace(seen, temperature_c=t, fever_attributed_to_other_cause=False)) for t in sorted(two)
    )

    assert_no_lower(after, before)


@given(CRS, pressures, pressures)
def test_a_lower_pressure_is_no_lower_grade(seen, one, other):
    before, after = (grade_crs(replace(seen, sbp=sbp)) for sbp in (max(one, other), min(one, other)))

    assert_no_lower(after, before)


@given(CRS, saturations, saturations)
def test_a_lower_saturation_is_no_lower_grade(seen, one, other):
    before, after = (grade_crs(replace(seen, spo2=spo2)) for spo2 in (max(one, other), min(one, other)))

    assert_no_lower(after, before)


@given(CRS, pressures, pressures)
def test_a_lower_mean_pressure_is_no_lower_grade(seen, one, other):
    before, after = (grade_crs(replace(seen, mean_pressure=mean)) for mean in (max(one, other), min(one, other)))

    assert_no_lower(after, before)


@given(CRS, fio2, fio2)
def test_more_fio2_is_no_lower(seen, one, other):
    before, after = (grade_crs(replace(seen, fio2_percent=percent)) for percent in sorted((one, other)))

    assert_no_lower(after, before)


@given(CRS, flows, flows)
def test_more_oxygen_is_no_lower(seen, one, other):
    before, after = (grade_crs(replace(seen, oxygen_flow_l_min=flow)) for flow in sorted((one, other)))

    assert_no_lower(after, before)


@given(CRS, st.frozensets(agents), agents)
def test_one_more_agent_is_no_lower(seen, running, agent):
    before, after = (grade_crs(replace(seen, vasopressors=names)) for names in (running, running | {agent}))

    assert_no_lower(after, before)


@given(CRS, st.sampled_from(["hypotension", "fluid_bolus", "pressure_unrecordable"]))
def test_a_tick_is_no_lower(seen, field):
    before, after = (grade_crs(replace(seen, **{field: ticked})) for ticked in (False, True))

    assert_no_lower(after, before)


LIGHT_TO_HEAVY = [  # each with a flow that it is used with
    (OxygenDevice.ROOM_AIR, None),
    (OxygenDevice.NASAL_CANNULA, Decimal(2)),
    (OxygenDevice.FACE_MASK, Decimal(5)),
    (OxygenDevice.HIGH_FLOW_NASAL_CANNULA, Decimal(40)),
    (OxygenDevice.CPAP, None),
    (OxygenDevice.MECHANICAL_VENTILATION, None),
]


@given(CRS, st.lists(st.integers(0, len(LIGHT_TO_HEAVY) - 1), min_size=2, max_size=2))
def test_a_heavier_device_is_no_lower(seen, two):
    before, after = (
        grade_crs(replace(seen, oxygen_device=device, oxygen_flow_l_min=flow, oxygen_indication=None))
        for device, flow in (LIGHT_TO_HEAVY[at] for at in sorted(two))
    )
    assume("contradictory_oxygen" not in before.flags)  # a device that agrees with the record settles it

    assert_no_lower(after, before)


@given(ICANS, ICE, st.sampled_from([item.name for item in fields(IceItems)]))
def test_a_failed_item_is_no_lower(seen, ice, item):
    right, wrong = (3, 0) if item == "naming" else (True, False)
    before, after = (grade_icans(replace(seen, ice=replace(ice, **{item: it}))) for it in (right, wrong))

    assert_no_lower(after, before)


WORSE = {
    "consciousness": list(Consciousness),  # declared from well to worst
    "oedema": list(Oedema),
    "seizure": [Seizure.NONE, Seizure.BRIEF_RESOLVED, Seizure.PROLONGED_OVER_5_MIN],
    "motor": [Motor.NONE, Motor.DEEP_FOCAL_WEAKNESS],
    "icp_signs": [frozenset(), frozenset({IcpSign.PAPILLOEDEMA})],
    "capd_score": [0, 1, 8, 9, 32],
}


@given(ICANS, st.sampled_from(sorted(WORSE)), st.data())
def test_a_worse_finding_is_no_lower(seen, field, data):
    steps = WORSE[field]
    at = data.draw(st.integers(0, len(steps) - 2))
    assume(field != "oedema" or not seen.intracranial_haemorrhage)
    before, after = (replace(seen, **{field: step}) for step in (steps[at], steps[at + 1]))

    assert_no_lower(grade_icans(after), grade_icans(before))


@given(CRS)
def test_death_is_five(seen):
    assert grade_crs(replace(seen, died_of_crs=True)).grade == 5
