"""One row per sentence of the ICANS rules (astct_rules.md), adults first, then children."""

import pytest

from grading.rules.grades import icans
from grading.rules.grades.catalogue import RULES
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

UNKNOWN = -1
ITEMS = ("year", "month", "city", "hospital", "command", "writing", "attention")


def ice(points):
    """A complete ICE of so many points."""
    naming = min(points, 3)
    rest = points - naming
    return IceItems(naming=naming, **{item: at < rest for at, item in enumerate(ITEMS)})


def adult(**changes):
    """Well and fully examined, changed only where the test says so."""
    well = {
        "pediatric": False,
        "ice": ice(10),
        "consciousness": Consciousness.AWAKE,
        "seizure": Seizure.NONE,
        "motor": Motor.NONE,
        "icp_signs": (),
    }
    return IcansInputs(**well | changes)


def child(**changes):
    return adult(**{"pediatric": True, "ice": None, "capd_score": 0} | changes)


def sedated(**changes):
    base = {"ice": None, "ice_unable_reason": IceUnableReason.INTUBATED_SEDATED}
    return adult(**base | {"consciousness": Consciousness.UNAROUSABLE} | changes)


def refused(**changes):
    return adult(**{"ice": None, "ice_unable_reason": IceUnableReason.REFUSED} | changes)


HALF = IceItems(year=True, month=True, city=True, hospital=True, naming=3, command=True)  # 8 of 8, 2 untried
DEFINITE = [
    *[(f"N1 ICE {p}", adult(ice=ice(p)), g) for p, g in
      {10: 0, 9: 1, 8: 1, 7: 1, 6: 2, 5: 2, 4: 2, 3: 2, 2: 3, 1: 3, 0: 3}.items()],
    ("N2 ICE 0 awake", adult(ice=ice(0)), 3),
    ("N2 ICE 0 unarousable", adult(ice=ice(0), consciousness=Consciousness.UNAROUSABLE), 4),
    ("N2 cannot be tested: unarousable", adult(ice=None, ice_unable_reason=IceUnableReason.UNAROUSABLE), 4),
    ("N2 unarousable, consciousness unrecorded",
     adult(ice=None, consciousness=None, ice_unable_reason=IceUnableReason.UNAROUSABLE), 4),
    ("N2 too aphasic", adult(ice=None, ice_unable_reason=IceUnableReason.APHASIA), 3),
    ("N2 aphasic against a good score", adult(ice=ice(10), ice_unable_reason=IceUnableReason.APHASIA), 3),
    ("N2 aphasic and unarousable",
     adult(ice=None, ice_unable_reason=IceUnableReason.APHASIA, consciousness=Consciousness.UNAROUSABLE), 4),
    ("N2 unarousable against a good score", adult(ice_unable_reason=IceUnableReason.UNAROUSABLE), 4),
    ("N3 voice", adult(consciousness=Consciousness.VOICE), 2),
    ("N3 tactile", adult(consciousness=Consciousness.TACTILE), 3),
    ("N3 vigorous", adult(consciousness=Consciousness.VIGOROUS_TACTILE), 4),
    ("N3 unarousable", adult(consciousness=Consciousness.UNAROUSABLE), 4),
    ("N3 attributed",
     adult(consciousness=Consciousness.UNAROUSABLE, consciousness_attributed_to_other_cause=True), 0),
    ("N3a drowsy with ICE 10", adult(consciousness=Consciousness.SPONTANEOUS), 1),
    ("N4 brief", adult(seizure=Seizure.BRIEF_RESOLVED), 3),
    ("N4 EEG", adult(seizure=Seizure.EEG_NONCONVULSIVE_RESOLVED), 3),
    ("N4 prolonged", adult(seizure=Seizure.PROLONGED_OVER_5_MIN), 4),
    ("N4 repetitive", adult(seizure=Seizure.REPETITIVE_NO_RETURN_TO_BASELINE), 4),
    ("N5 weakness", adult(motor=Motor.DEEP_FOCAL_WEAKNESS), 4),
    ("N5 tremor", adult(motor=Motor.TREMOR), 0),
    ("N5 myoclonus", adult(motor=Motor.MYOCLONUS), 0),
    ("N5 tremor that spoils writing", adult(motor=Motor.TREMOR, ice=ice(9)), 1),
    ("N6 focal", adult(oedema=Oedema.FOCAL), 3),
    ("N6 diffuse", adult(oedema=Oedema.DIFFUSE), 4),
    *[(f"N6 {sign}", adult(icp_signs=(sign,)), 4) for sign in IcpSign],
    ("N6 haemorrhage alone", adult(intracranial_haemorrhage=True), 0),
    ("N6 haemorrhage with its oedema", adult(intracranial_haemorrhage=True, oedema=Oedema.FOCAL), 0),
    ("N6 haemorrhage and ICE 5", adult(intracranial_haemorrhage=True, ice=ice(5)), 2),
    ("N6 haemorrhage and posturing",
     adult(intracranial_haemorrhage=True, icp_signs=(IcpSign.DECEREBRATE_POSTURING,)), 4),
    ("N7 worked example", adult(ice=ice(3), seizure=Seizure.BRIEF_RESOLVED), 3),
    ("N7 seizure attributed",
     adult(seizure=Seizure.PROLONGED_OVER_5_MIN, seizure_attributed_to_other_cause=True), 0),
    ("N7 weakness attributed",
     adult(motor=Motor.DEEP_FOCAL_WEAKNESS, motor_attributed_to_other_cause=True), 0),
    ("N7 oedema attributed", adult(oedema=Oedema.DIFFUSE, oedema_attributed_to_other_cause=True), 0),
    ("N7 oedema attributed, posturing",
     adult(oedema_attributed_to_other_cause=True, icp_signs=(IcpSign.DECORTICATE_POSTURING,)), 4),
    ("N8 death", adult(died_of_icans=True), 5),
    ("N8 death, nothing else known", IcansInputs(pediatric=False, died_of_icans=True), 5),
    ("N10 ICE not done, unarousable", adult(ice=None, consciousness=Consciousness.UNAROUSABLE), 4),
    ("N10 refused, tactile", refused(consciousness=Consciousness.TACTILE), 3),
    ("N10 refused, brief seizure", refused(seizure=Seizure.BRIEF_RESOLVED), 3),
    ("N10 sedated, brief seizure", sedated(seizure=Seizure.BRIEF_RESOLVED), 3),
    ("N10 sedated, focal oedema", sedated(oedema=Oedema.FOCAL), 3),
    ("N10 sedated, posturing", sedated(icp_signs=(IcpSign.DECEREBRATE_POSTURING,)), 4),
    ("N10 sedated, diffuse oedema", sedated(oedema=Oedema.DIFFUSE), 4),
    ("N10 sedated, weakness", sedated(motor=Motor.DEEP_FOCAL_WEAKNESS), 4),
    ("N10 off sedation, still unarousable",
     adult(ice=None, ice_unable_reason=IceUnableReason.UNAROUSABLE, consciousness=Consciousness.UNAROUSABLE), 4),
    ("N10 refused half-way after failing eight",
     refused(ice=IceItems(year=False, month=False, city=False, hospital=False, naming=0, command=False)), 3),
    ("K1 CAPD 0 awake", child(), 0),
    ("K1 CAPD 1", child(capd_score=1), 1),
    ("K1 CAPD 8", child(capd_score=8), 1),
    ("K2 CAPD 8 to voice", child(capd_score=8, consciousness=Consciousness.VOICE), 2),
    ("K2 CAPD 0 to voice", child(capd_score=0, consciousness=Consciousness.VOICE), 2),
    ("K3 CAPD 9", child(capd_score=9), 3),
    ("K3 CAPD 32", child(capd_score=32), 3),
    ("K3 CAPD 5 tactile", child(capd_score=5, consciousness=Consciousness.TACTILE), 3),
    ("K4 unarousable", child(capd_score=None, ice_unable_reason=IceUnableReason.UNAROUSABLE), 4),
    ("K4 vigorous", child(capd_score=None, consciousness=Consciousness.VIGOROUS_TACTILE), 4),
    ("K4 sedated, CAPD was 9", child(capd_score=9, ice_unable_reason=IceUnableReason.INTUBATED_SEDATED), 3),
    ("K seizure as in adults", child(seizure=Seizure.BRIEF_RESOLVED), 3),
    ("K weakness as in adults", child(motor=Motor.DEEP_FOCAL_WEAKNESS), 4),
    ("K oedema as in adults", child(oedema=Oedema.FOCAL), 3),
    ("K papilloedema as in adults", child(icp_signs=(IcpSign.PAPILLOEDEMA,)), 4),
    ("K CAPD governs over ICE", child(ice=ice(0), capd_score=4), 1),
    ("K a refused ICE is nothing to CAPD", child(capd_score=4, ice_unable_reason=IceUnableReason.REFUSED), 1),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "grade"), [row[1:] for row in DEFINITE], ids=[row[0] for row in DEFINITE])
def test_a_sentence_of_the_rules(inputs, grade):
    graded = grade_icans(inputs)

    assert (graded.grade, graded.at_least, graded.at_most) == (grade, grade, grade)


OPEN = [
    ("N2 ICE 0, consciousness unrecorded", adult(ice=ice(0), consciousness=None), 3, 4),
    ("N6 haemorrhage with diffuse oedema", adult(intracranial_haemorrhage=True, oedema=Oedema.DIFFUSE), 0, 4),
    ("N6 haemorrhage with weakness",
     adult(intracranial_haemorrhage=True, motor=Motor.DEEP_FOCAL_WEAKNESS), 0, 4),
    ("N10 blank", adult(ice=None), 0, 3),
    ("N10 an ICE without items is blank", adult(ice=IceItems()), 0, 3),
    ("N10 refused is not ICE 0", refused(), 0, 3),
    ("N10 sedated", sedated(), 0, 3),
    ("N10 sedated, attributed", sedated(consciousness_attributed_to_other_cause=True), 0, 3),
    ("N10 sedated, tactile: consciousness not counted", sedated(consciousness=Consciousness.TACTILE), 0, 3),
    ("N10 unarousable, but attributed",
     adult(ice=None, ice_unable_reason=IceUnableReason.UNAROUSABLE, consciousness_attributed_to_other_cause=True),
     0, 3),
    ("N10 voice, ICE blank", adult(ice=None, consciousness=Consciousness.VOICE), 2, 3),
    ("N10 partial: untried is not failed", adult(ice=HALF), 0, 1),
    ("N10 naming untried", adult(ice=IceItems(**dict.fromkeys(ITEMS, True))), 0, 1),
    ("N10 refused half-way", refused(ice=HALF), 0, 1),
    ("N10 sedated against a score", sedated(ice=ice(5)), 2, 3),
    ("N10 consciousness missing", adult(consciousness=None), 0, 4),
    ("N10 seizure missing", adult(seizure=None), 0, 4),
    ("N10 motor missing", adult(motor=None), 0, 4),
    ("N10 signs missing", adult(icp_signs=None), 0, 4),
    ("N10 nothing looked at", IcansInputs(pediatric=False), 0, 4),
    ("K4 CAPD not done", child(capd_score=None), 0, 3),
    ("K4 CAPD not done, to voice", child(capd_score=None, consciousness=Consciousness.VOICE), 2, 3),
    ("K4 CAPD 33", child(capd_score=33), 0, 3),
    ("K4 sedated", child(capd_score=None, ice_unable_reason=IceUnableReason.INTUBATED_SEDATED), 0, 3),
    ("K4 sedated, CAPD was 4", child(capd_score=4, ice_unable_reason=IceUnableReason.INTUBATED_SEDATED), 1, 3),
    ("K an ICE does not replace CAPD", child(capd_score=None, ice=ice(10)), 0, 3),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "least", "most"), [r[1:] for r in OPEN], ids=[r[0] for r in OPEN])
def test_what_stays_open_has_bounds(inputs, least, most):
    graded = grade_icans(inputs)

    assert (graded.grade, graded.at_least, graded.at_most) == (UNKNOWN, least, most)


MISSING = [
    ("nothing", adult(), ()),
    ("all", IcansInputs(pediatric=False), ("ice", "consciousness", "seizure", "motor", "icp_signs")),
    ("all of a child", IcansInputs(pediatric=True),
     ("capd_score", "consciousness", "seizure", "motor", "icp_signs")),
    ("items", adult(ice=HALF), ("ice.writing", "ice.attention")),
    ("named although another domain decides", refused(motor=Motor.DEEP_FOCAL_WEAKNESS), ("ice",)),
    ("attributed", adult(motor=None, motor_attributed_to_other_cause=True), ()),
    ("death overrides", IcansInputs(pediatric=False, died_of_icans=True), ()),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "missing"), [r[1:] for r in MISSING], ids=[r[0] for r in MISSING])
def test_missing_names_what_nobody_looked_at(inputs, missing):
    assert grade_icans(inputs).missing == missing


REASONS = [
    ("none", adult(), ["no_icans_sign"]),
    ("worst only", adult(ice=ice(5), seizure=Seizure.BRIEF_RESOLVED), ["seizure_resolved"]),
    ("both that reach it", adult(ice=ice(1), seizure=Seizure.BRIEF_RESOLVED), ["ice_score", "seizure_resolved"]),
    ("an attribution says so", adult(motor_attributed_to_other_cause=True), ["motor_attributed"]),
    ("CAPD", child(capd_score=9), ["capd_nine_or_more"]),
]


@pytest.mark.parametrize(("inputs", "codes"), [r[1:] for r in REASONS], ids=[r[0] for r in REASONS])
def test_reasons_name_what_decided(inputs, codes):
    assert [why.code for why in grade_icans(inputs).reasons] == codes


FLAGGED = [
    ("score against unarousable", adult(ice_unable_reason=IceUnableReason.UNAROUSABLE), ("contradictory_neuro",)),
    ("awake against unarousable",
     adult(ice=None, ice_unable_reason=IceUnableReason.UNAROUSABLE), ("contradictory_neuro",)),
    ("unarousable throughout",
     adult(ice=None, ice_unable_reason=IceUnableReason.UNAROUSABLE, consciousness=Consciousness.UNAROUSABLE), ()),
    ("score against aphasia", adult(ice_unable_reason=IceUnableReason.APHASIA), ("contradictory_neuro",)),
    ("ICE 0 from aphasia", adult(ice=ice(0), ice_unable_reason=IceUnableReason.APHASIA), ()),
    ("score against refusal", refused(ice=ice(10)), ("contradictory_neuro",)),
    ("haemorrhage twice over",
     adult(intracranial_haemorrhage=True, oedema=Oedema.DIFFUSE, motor=Motor.DEEP_FOCAL_WEAKNESS),
     ("haemorrhage_to_be_judged",)),
    ("CAPD 33", child(capd_score=33), ("implausible_capd",)),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "flags"), [r[1:] for r in FLAGGED], ids=[r[0] for r in FLAGGED])
def test_flags(inputs, flags):
    assert grade_icans(inputs).flags == flags


@pytest.mark.parametrize("points", range(11))
def test_ice_counts_its_points(points):
    assert ice(points).score == points


def test_a_partial_ice_has_bounds_and_no_score():
    assert (HALF.score, HALF.lowest, HALF.highest) == (None, 8, 10)
    assert (IceItems().lowest, IceItems().highest) == (0, 10)


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (icans.BY_CONSCIOUSNESS, Consciousness),
        (icans.BY_SEIZURE, Seizure),
        (icans.BY_MOTOR, Motor),
        (icans.BY_OEDEMA, Oedema),
    ],
)
def test_every_finding_has_its_row(table, members):
    assert set(table) == set(members)


def test_every_code_given_has_its_rule():
    graded = [grade_icans(inputs) for table in (DEFINITE, OPEN, FLAGGED, MISSING) for _what, inputs, *_ in table]
    codes = {why.code for one in graded for why in one.reasons} | {flag for one in graded for flag in one.flags}

    assert codes
    assert codes - set(RULES) == set()
