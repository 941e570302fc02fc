"""One row per sentence of the CRS rules (astct_rules.md). Expected values are the rules', never the code's."""

from decimal import Decimal
from itertools import product

import pytest

from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.catalogue import RULES
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication
from grading.rules.grades.oxygen.indication import NOT_FOR_HYPOXIA
from grading.rules.grades.oxygen.required import BY_DEVICE

UNKNOWN = -1


def D(number):
    return Decimal(str(number))


def seen(**changes):
    """A well participant, fully looked at, changed only where the test says so."""
    well = {
        "temperature_c": D(36.8),
        "sbp": D(120),
        "dbp": D(75),
        "hypotension": None,
        "fluid_bolus": False,
        "vasopressors": (),
        "spo2": D(98),
        "oxygen_device": OxygenDevice.ROOM_AIR,
    }
    return CrsInputs(**well | changes)


def feverish(**changes):
    return seen(**{"temperature_c": D(39.5)} | changes)


def treated(**changes):
    """Afebrile now, CRS fever earlier, an antipyretic since: the waiver is in force."""
    waiver = {"antipyretic_or_anticytokine_since_onset": True, "prior_crs_fever_this_episode": True}
    return seen(**waiver | changes)


def premedicated(**changes):
    return seen(**{"antipyretic_or_anticytokine_since_onset": True} | changes)


def on(device, flow=None, **changes):
    flow = None if flow is None else D(flow)
    return feverish(oxygen_device=OxygenDevice(device), oxygen_flow_l_min=flow, **changes)


def at_home(device, flow=None):
    """Said to be as at baseline, which is on record."""
    return {
        "oxygen_indication": OxygenIndication.BASELINE,
        "baseline_oxygen_device": OxygenDevice(device),
        "baseline_oxygen_flow_l_min": None if flow is None else D(flow),
    }


ONE, TWO = ("norepinephrine",), ("norepinephrine", "epinephrine")
DEFINITE = [
    ("C1 38.0 is fever", seen(temperature_c=D("38.0")), 1),
    ("C1 37.9 is not", seen(temperature_c=D("37.9")), 0),
    ("C1 height is irrelevant", seen(temperature_c=D("41.4")), 1),
    ("C1a 37.95 is not rounded up", seen(temperature_c=D("37.95")), 0),
    ("C1a 37.99 is not float noise", seen(temperature_c=D("37.99")), 0),
    ("C1a 100.4 F in double precision", seen(temperature_c=D(repr((100.4 - 32) / 1.8))), 1),
    ("C1a 100.4 F with the noise downwards", seen(temperature_c=D("37.99999999999999")), 1),
    ("C1a 100.4 F in single precision", seen(temperature_c=D("37.999996")), 1),
    ("C1a as much noise as is allowed", seen(temperature_c=D("37.9999")), 1),
    ("C1a more than that", seen(temperature_c=D("37.9998")), 0),
    ("C1a 100.3 F is not fever", seen(temperature_c=D("37.944444444444")), 0),
    ("C2 waiver and a vasopressor", treated(vasopressors=ONE), 3),
    ("C2 waiver and hypoxia", treated(oxygen_device=OxygenDevice.FACE_MASK), 3),
    ("C2 waiver, fever back", treated(temperature_c=D(38.4)), 1),
    ("C2a waiver, nothing abnormal", treated(), 0),
    ("C2b untreated, fever earlier", seen(prior_crs_fever_this_episode=True, hypotension=True), 2),
    ("C2c premedicated and well", premedicated(), 0),
    ("C2d no fever ever, two vasopressors", seen(vasopressors=TWO), 0),
    ("C2d no fever ever, ventilated", seen(oxygen_device=OxygenDevice.MECHANICAL_VENTILATION), 0),
    ("C2d no fever ever, pressure missing", seen(sbp=None), 0),
    ("C3 hypotension", feverish(hypotension=True), 2),
    ("C3a bolus beats the unticked box", feverish(hypotension=False, fluid_bolus=True), 2),
    ("C3a bolus beats the number", feverish(sbp=D(140), fluid_bolus=True), 2),
    ("C3a vasopressor beats the box", feverish(hypotension=False, vasopressors=ONE), 3),
    ("C3a unrecordable is hypotension", feverish(sbp=None, dbp=None, pressure_unrecordable=True), 2),
    ("C3b box empty, 89", feverish(sbp=D(89)), 2),
    ("C3b box empty, 89.5 unrounded", feverish(sbp=D("89.5")), 2),
    ("C3b box empty, 90", feverish(sbp=D(90)), 1),
    ("C3b box ticked beats 150", feverish(sbp=D(150), hypotension=True), 2),
    ("C3b box denied beats 85", feverish(sbp=D(85), hypotension=False), 1),
    ("C3b box denied, no number", feverish(sbp=None, hypotension=False), 1),
    ("C4 one", feverish(vasopressors=ONE), 3),
    ("C4 one with vasopressin", feverish(vasopressors=("norepinephrine", "vasopressin")), 3),
    ("C4 two", feverish(vasopressors=TWO), 4),
    ("C4 two with vasopressin", feverish(vasopressors=(*TWO, "vasopressin")), 4),
    ("C4a vasopressin alone", feverish(vasopressors=("vasopressin",)), 3),
    ("C4a argipressin is vasopressin", feverish(vasopressors=("norepinephrine", "Argipressin")), 3),
    ("C4b two pumps of one drug", feverish(vasopressors=("norepinephrine", " Norepinephrine ")), 3),
    ("C4b two names of one drug", feverish(vasopressors=("noradrenaline", "norepinephrine bitartrate")), 3),
    ("C4b unlisted agents count", feverish(vasopressors=("novelpressor",)), 3),
    ("C4b terlipressin is not vasopressin", feverish(vasopressors=("norepinephrine", "terlipressin")), 4),
    ("C4b inotrope beside two", feverish(vasopressors=(*TWO, "milrinone")), 4),
    ("C4b inotrope beside vasopressin", feverish(vasopressors=("vasopressin", "milrinone")), 3),
    ("C5 nasal 2", on("nasal_cannula", 2), 2),
    ("C5 nasal 6", on("nasal_cannula", 6), 2),
    ("C5 nasal 6.1", on("nasal_cannula", "6.1"), 3),
    ("C5 blow-by", on("blow_by"), 2),
    ("C5 high flow 30", on("high_flow_nasal_cannula", 30), 3),
    ("C5 high flow 6.5", on("high_flow_nasal_cannula", "6.5"), 3),
    ("C5 face mask", on("face_mask"), 3),
    ("C5 venturi", on("venturi_mask"), 3),
    ("C5 non-rebreather", on("non_rebreather"), 3),
    ("C5 cpap", on("cpap"), 4),
    ("C5 bipap", on("bipap"), 4),
    ("C5 ventilated", on("mechanical_ventilation"), 4),
    ("C5a face mask at 4", on("face_mask", 4), 3),
    ("C5a venturi at 5", on("venturi_mask", 5), 3),
    ("C5a blow-by at 10", on("blow_by", 10), 2),
    ("C5b high-flow device at 6", on("high_flow_nasal_cannula", 6), 2),
    ("C5b high-flow device uncharted", on("high_flow_nasal_cannula"), 3),
    ("C5b cannula uncharted beside a vasopressor", on("nasal_cannula", vasopressors=ONE), 3),
    ("C5c saturation on oxygen is not the point", on("nasal_cannula", 2, spo2=D(80)), 2),
    ("C5c comfort oxygen", on("nasal_cannula", 2, oxygen_indication=OxygenIndication.COMFORT), 1),
    ("C5c baseline oxygen", on("nasal_cannula", 2, **at_home("nasal_cannula", 2)), 1),
    ("C5c oxygen said to be for hypoxia", on("nasal_cannula", 2, oxygen_indication=OxygenIndication.HYPOXIA), 2),
    ("C5d 89 on air", feverish(spo2=D(89)), 2),
    ("C5d 89.9 on air", feverish(spo2=D("89.9")), 2),
    ("C5d 90 on air", feverish(spo2=D(90)), 1),
    ("C6 death", seen(died_of_crs=True), 5),
    ("C6 death with nothing else known", CrsInputs(died_of_crs=True), 5),
    ("C7 worked example", on("nasal_cannula", 3, vasopressors=ONE), 3),
    ("C7 never summed", on("nasal_cannula", 3, hypotension=True), 2),
    ("C8 attributed fever", feverish(fever_attributed_to_other_cause=True), 0),
    ("C8 attributed fever in shock", feverish(fever_attributed_to_other_cause=True, vasopressors=TWO), 0),
    ("C8 attributed fever, premedicated, in shock",
     premedicated(temperature_c=D(39), fever_attributed_to_other_cause=True, vasopressors=ONE), 0),
    ("C8 attributing today's fever keeps the waiver",
     treated(temperature_c=D(39), fever_attributed_to_other_cause=True, vasopressors=ONE), 3),
    ("C8 attributed fever under the waiver, well",
     treated(temperature_c=D(39), fever_attributed_to_other_cause=True), 0),
    ("C8 attributed hypotension", feverish(vasopressors=TWO, hypotension_attributed_to_other_cause=True), 1),
    ("C8 attributed hypoxia, airway protection",
     on("mechanical_ventilation", hypoxia_attributed_to_other_cause=True), 1),
    ("C8 the other axis still counts", on("cpap", hypotension=True, hypoxia_attributed_to_other_cause=True), 2),
    ("C8 baseline CPAP", on("cpap", **at_home("cpap")), 1),
    ("C10 temperature missing under the waiver, vasopressor", treated(temperature_c=None, vasopressors=ONE), 3),
    ("C10 pressure missing on high flow 30", on("high_flow_nasal_cannula", 30, sbp=None), 3),
    ("C10 pressure missing on cannula 3", on("nasal_cannula", 3, sbp=None), 2),
    ("C10 30.0 is measured", seen(temperature_c=D("30.0")), 0),
    ("C10 45.0 is measured", seen(temperature_c=D("45.0")), 1),
    ("positive pressure beats a normal saturation", on("cpap", spo2=D(100)), 4),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "grade"), [row[1:] for row in DEFINITE], ids=[row[0] for row in DEFINITE])
def test_a_sentence_of_the_rules(inputs, grade):
    graded = grade_crs(inputs)

    assert (graded.grade, graded.at_least, graded.at_most) == (grade, grade, grade)
    assert graded.is_definite


OPEN = [
    ("C2c masked, vasopressor", premedicated(vasopressors=ONE), 0, 3),
    ("C2c masked, low pressure", premedicated(sbp=D(80)), 0, 2),
    ("C2c masked, hypoxia", premedicated(oxygen_device=OxygenDevice.CPAP), 0, 4),
    ("C2c masked, pressure missing", premedicated(sbp=None), 0, 2),
    ("C3b both empty", feverish(sbp=None), 1, 2),
    ("C4b dobutamine alone", feverish(vasopressors=("dobutamine",)), 2, 3),
    ("C4b milrinone alone", feverish(vasopressors=("Milrinone lactate",)), 2, 3),
    ("C4b both inotropes", feverish(vasopressors=("dobutamine", "milrinone")), 2, 3),
    ("C4b inotrope beside one", feverish(vasopressors=("norepinephrine", "dobutamine")), 3, 4),
    ("C5b cannula uncharted", on("nasal_cannula"), 2, 3),
    ("C5d saturation missing on air", feverish(spo2=None), 1, 2),
    ("C5d comfort oxygen, saturation 88",
     on("nasal_cannula", 2, spo2=D(88), oxygen_indication=OxygenIndication.COMFORT), 1, 2),
    ("C10 temperature missing, well", seen(temperature_c=None), 0, 1),
    ("C10 temperature missing, shock", seen(temperature_c=None, vasopressors=TWO), 0, 4),
    ("C10 temperature missing and attributed, shock",
     seen(temperature_c=None, vasopressors=TWO, fever_attributed_to_other_cause=True), 0, 4),
    ("C10 temperature missing under the waiver, well", treated(temperature_c=None), 0, 1),
    ("C10 29.9 is missing", seen(temperature_c=D("29.9")), 0, 1),
    ("C10 pressure missing on air", feverish(sbp=None, hypotension=None), 1, 2),
    ("C10 device missing", feverish(oxygen_device=None), 1, 4),
    ("C10 device missing, saturation 85", feverish(oxygen_device=None, spo2=D(85)), 2, 4),
    ("C10 device missing, flow charted", feverish(oxygen_device=None, oxygen_flow_l_min=D(3)), 2, 4),
    ("C10 device missing, flow 0", feverish(oxygen_device=None, oxygen_flow_l_min=D(0)), 1, 4),
    ("C10 flow on room air", feverish(oxygen_flow_l_min=D(3)), 1, 3),
    ("C10 vasopressors unknown", feverish(vasopressors=None), 1, 4),
    ("C10 vasopressors unknown, hypotensive", feverish(vasopressors=None, hypotension=True), 2, 4),
    ("C10 bolus unknown", feverish(fluid_bolus=None), 1, 2),
    ("C10 bolus unknown, box denied", feverish(fluid_bolus=None, hypotension=False), 1, 2),
    ("C10 nothing looked at", CrsInputs(), 0, 4),
    ("C10 history unknown", seen(prior_crs_fever_this_episode=None, vasopressors=ONE), 0, 3),
    ("C10 treatment unknown", seen(antipyretic_or_anticytokine_since_onset=None, vasopressors=ONE), 0, 3),
    ("relative: below 80 % and below 100", feverish(sbp=D(95), baseline_sbp=D(120)), 1, 2),
    ("relative: below 85, box denied", feverish(sbp=D(84), baseline_sbp=D(100), hypotension=False), 1, 2),
    ("relative: fallen, box denied", feverish(sbp=D(92), baseline_sbp=D(130), hypotension=False), 1, 2),
    ("relative: a child's limit", feverish(sbp=D(73), sbp_prompt_below=D(74)), 1, 2),
    ("relative: a child's fall", feverish(sbp=D(78), sbp_prompt_below=D(74), baseline_sbp=D(100)), 1, 2),
]  # fmt: skip
RELATIVE_NOT = [
    ("exactly 80 %", feverish(sbp=D(96), baseline_sbp=D(120)), 1),
    ("100 is not below 100", feverish(sbp=D(100), baseline_sbp=D(150)), 1),
    ("below 90 with the box empty is hypotension", feverish(sbp=D(84), baseline_sbp=D(120)), 2),
    ("85 is not below 85", feverish(sbp=D(85), baseline_sbp=D(100), hypotension=False), 1),
    ("a child at its limit", feverish(sbp=D(74), sbp_prompt_below=D(74)), 1),
    ("85 is an adult's number", feverish(sbp=D(80), sbp_prompt_below=D(74), baseline_sbp=D(90)), 1),
]


@pytest.mark.parametrize(("inputs", "least", "most"), [r[1:] for r in OPEN], ids=[r[0] for r in OPEN])
def test_what_stays_open_has_bounds(inputs, least, most):
    graded = grade_crs(inputs)

    assert (graded.grade, graded.at_least, graded.at_most) == (UNKNOWN, least, most)
    assert not graded.is_definite


@pytest.mark.parametrize(("inputs", "grade"), [r[1:] for r in RELATIVE_NOT], ids=[r[0] for r in RELATIVE_NOT])
def test_relative_hypotension_has_edges(inputs, grade):
    assert grade_crs(inputs).grade == grade


FLAGGED = [
    ("C2c", premedicated(vasopressors=ONE), ("possible_masked_fever",)),
    ("C2c well", premedicated(), ()),
    ("C2c not known to be abnormal", premedicated(sbp=None), ()),
    ("C2c temperature missing", premedicated(temperature_c=None, vasopressors=ONE), ("possible_masked_fever",)),
    ("C10 temperature missing", seen(temperature_c=None, vasopressors=ONE),
     ("temperature_missing_with_hypotension_or_hypoxia",)),
    ("CF1b shock and a ventilator, no temperature",
     seen(temperature_c=None, sbp=D(70), hypotension=True, fluid_bolus=True, vasopressors=TWO, spo2=D(88),
          oxygen_device=OxygenDevice.MECHANICAL_VENTILATION),
     ("temperature_missing_with_hypotension_or_hypoxia",)),
    ("CF1c low saturation, no temperature", seen(temperature_c=None, spo2=D(75)),
     ("temperature_missing_with_hypotension_or_hypoxia",)),
    ("C10 29.9 °C is no temperature", seen(temperature_c=D("29.9"), vasopressors=ONE),
     ("implausible_temperature", "temperature_missing_with_hypotension_or_hypoxia")),
    ("C10 a fever that nobody measured is attributed in vain",
     seen(temperature_c=None, vasopressors=ONE, fever_attributed_to_other_cause=True),
     ("temperature_missing_with_hypotension_or_hypoxia",)),
    ("C10 no temperature, and nothing abnormal for certain", seen(temperature_c=None, vasopressors=None), ()),
    ("C10 no temperature within the episode", treated(temperature_c=None, vasopressors=ONE), ()),
    ("C2d pressure", seen(vasopressors=ONE), ("unexplained_hypotension_or_hypoxia",)),
    ("C2d oxygen", seen(spo2=D(85)), ("unexplained_hypotension_or_hypoxia",)),
    ("C2d well", seen(), ()),
    ("C2d fever attributed, axis not",
     feverish(fever_attributed_to_other_cause=True, vasopressors=ONE), ("unexplained_hypotension_or_hypoxia",)),
    ("C2d axis attributed", seen(vasopressors=ONE, hypotension_attributed_to_other_cause=True), ()),
    ("C2 waiver explains", treated(vasopressors=ONE), ()),
    ("C1 fever explains", feverish(vasopressors=ONE), ()),
    ("C10 implausible", seen(temperature_c=D(27)), ("implausible_temperature",)),
    ("C4b inotrope", feverish(vasopressors=("dobutamine",)), ("inotrope_to_be_judged",)),
    ("C5b low rate", on("high_flow_nasal_cannula", 5), ("high_flow_at_low_rate",)),
    ("C3b denied at 85", feverish(sbp=D(85), hypotension=False), ("low_pressure_not_ticked",)),
    ("C3b denied at 84", feverish(sbp=D(84), hypotension=False), ("hypotension_to_be_confirmed",)),
    ("relative", feverish(sbp=D(95), baseline_sbp=D(120)), ("hypotension_to_be_confirmed",)),
    ("flow on air", feverish(oxygen_flow_l_min=D(3)), ("contradictory_oxygen",)),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "flags"), [r[1:] for r in FLAGGED], ids=[r[0] for r in FLAGGED])
def test_flags(inputs, flags):
    assert grade_crs(inputs).flags == flags


MISSING = [
    ("nothing", seen(), ()),
    ("all", CrsInputs(), ("temperature_c", "sbp", "hypotension", "fluid_bolus", "vasopressors",
                          "oxygen_device", "spo2")),
    ("named although another element decides", treated(temperature_c=None, vasopressors=ONE), ("temperature_c",)),
    ("temperature implausible", seen(temperature_c=D(27)), ("temperature_c",)),
    ("pressure", feverish(sbp=None), ("sbp", "hypotension")),
    ("pressure stands in the box", feverish(sbp=None, hypotension=False), ()),
    ("pressure stands in the vasopressor", feverish(sbp=None, fluid_bolus=None, vasopressors=ONE), ()),
    ("bolus decides nothing beside a low pressure", feverish(sbp=D(80), fluid_bolus=None), ()),
    ("flow of a cannula", on("nasal_cannula"), ("oxygen_flow_l_min",)),
    ("no flow of a mask", on("face_mask"), ()),
    ("saturation on oxygen decides nothing", on("cpap", spo2=None), ()),
    ("history", seen(prior_crs_fever_this_episode=None), ("prior_crs_fever_this_episode",)),
    ("death overrides", CrsInputs(died_of_crs=True), ()),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "missing"), [r[1:] for r in MISSING], ids=[r[0] for r in MISSING])
def test_missing_names_what_nobody_looked_at(inputs, missing):
    assert grade_crs(inputs).missing == missing


REASONS = [
    ("C1", feverish(), ["fever"]),
    ("C2", treated(vasopressors=ONE), ["one_vasopressor", "fever_not_required_after_treatment"]),
    ("C2a", treated(), ["nothing_abnormal_now"]),
    ("C2b", seen(prior_crs_fever_this_episode=True, hypotension=True),
     ["hypotension_no_vasopressor", "fever_earlier_in_episode"]),
    ("C2c", premedicated(sbp=D(80)), ["low_sbp", "fever_may_be_masked"]),
    ("C2d", seen(), ["no_fever"]),
    ("C4 decides, oxygen does not", on("nasal_cannula", 2, vasopressors=TWO), ["multiple_vasopressors", "fever"]),
    ("C5c says so", on("nasal_cannula", 2, oxygen_indication=OxygenIndication.COMFORT),
     ["fever", "oxygen_for_comfort"]),
    ("C8 says so", feverish(vasopressors=ONE, hypotension_attributed_to_other_cause=True),
     ["fever", "hypotension_attributed"]),
    ("C6", seen(died_of_crs=True), ["died_of_crs"]),
    ("C10 no temperature", seen(temperature_c=None), ["temperature_unknown"]),
    ("C10 no living person's", seen(temperature_c=D(27)), ["temperature_implausible"]),
    ("C10 nobody knows of an earlier one", seen(prior_crs_fever_this_episode=None), ["fever_history_unknown"]),
    ("C1 a fever now needs no history", feverish(prior_crs_fever_this_episode=None), ["fever"]),
    ("C2a well", treated(), ["nothing_abnormal_now"]),
    ("C2a not known to be afebrile", treated(temperature_c=None), ["temperature_unknown"]),
    ("C2a a fever of something else", treated(temperature_c=D(39), fever_attributed_to_other_cause=True),
     ["fever_attributed"]),
    ("C2a not known to be well", treated(sbp=None), ["pressure_unknown", "fever_not_required_after_treatment"]),
    ("C10 what makes it 2 at least, and what could make it 3", on("nasal_cannula", None, hypotension=True),
     ["cannula_flow_unknown", "hypotension_no_vasopressor", "fever"]),  # the worst that is possible first
    ("C2 treated", treated(vasopressors=ONE), ["one_vasopressor", "fever_not_required_after_treatment"]),
    ("C2c premedicated and well", premedicated(), ["no_fever"]),
    ("C2c what may be masked", premedicated(sbp=None), ["pressure_unknown", "fever_may_be_masked"]),
    ("C8 a fever of something else", feverish(fever_attributed_to_other_cause=True), ["fever_attributed"]),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "codes"), [r[1:] for r in REASONS], ids=[r[0] for r in REASONS])
def test_reasons_name_what_decided(inputs, codes):
    assert [why.code for why in grade_crs(inputs).reasons] == codes


def test_a_reason_carries_its_values():
    why = grade_crs(seen(temperature_c=D("38.0"))).reasons[0]

    assert (why.text, why.values) == ("Fever: 38.0 °C", (("temperature_c", "38.0"),))


# Independent of the code's own tables: (device, flow) and vasopressors with the grade the paper gives each.
PAPER_OXYGEN = {
    (OxygenDevice.ROOM_AIR, None): 0,
    (OxygenDevice.NASAL_CANNULA, 6): 2,
    (OxygenDevice.NASAL_CANNULA, 7): 3,
    (OxygenDevice.BLOW_BY, None): 2,
    (OxygenDevice.HIGH_FLOW_NASAL_CANNULA, 6): 2,
    (OxygenDevice.HIGH_FLOW_NASAL_CANNULA, 40): 3,
    (OxygenDevice.FACE_MASK, 5): 3,
    (OxygenDevice.VENTURI_MASK, 4): 3,
    (OxygenDevice.NON_REBREATHER, 15): 3,
    (OxygenDevice.CPAP, None): 4,
    (OxygenDevice.BIPAP, None): 4,
    (OxygenDevice.MECHANICAL_VENTILATION, None): 4,
}
PAPER_PRESSORS = {
    (): 0,
    ("norepinephrine",): 3,
    ("phenylephrine", "vasopressin"): 3,
    ("vasopressin",): 3,
    ("norepinephrine", "dopamine"): 4,
    ("norepinephrine", "epinephrine", "vasopressin"): 4,
}


def test_every_device_with_every_vasopressor_is_the_worse_of_the_two():
    expected = {
        (support, agents, hypotension): max(1, 2 if hypotension else 0, PAPER_OXYGEN[support], PAPER_PRESSORS[agents])
        for support, agents, hypotension in product(PAPER_OXYGEN, PAPER_PRESSORS, (True, False, None))
    }

    graded = {
        (support, agents, hypotension): grade_crs(on(*support, vasopressors=agents, hypotension=hypotension)).grade
        for support, agents, hypotension in expected
    }

    assert graded == expected


def test_every_device_has_a_row():
    assert {device for device, _ in PAPER_OXYGEN} == set(OxygenDevice)
    flow_decides = {OxygenDevice.ROOM_AIR, OxygenDevice.NASAL_CANNULA, OxygenDevice.HIGH_FLOW_NASAL_CANNULA}
    assert set(BY_DEVICE) == set(OxygenDevice) - flow_decides
    assert set(NOT_FOR_HYPOXIA) == set(OxygenIndication) - {OxygenIndication.HYPOXIA}


def test_every_code_given_has_its_rule():
    graded = [grade_crs(inputs) for table in (DEFINITE, OPEN, FLAGGED, MISSING) for _what, inputs, *_ in table]
    codes = {why.code for one in graded for why in one.reasons} | {flag for one in graded for flag in one.flags}

    assert codes
    assert codes - set(RULES) == set()
