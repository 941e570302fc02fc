"""What the page of criteria says of each grade is what the rules give: tables of Lee 2019 for CRS and ICANS."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from grading.downtime.criteria import CAPD, CRS, ICE, MIND, criteria_tables
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.icans_inputs import Consciousness, IcpSign, Motor, Oedema, Seizure
from tests.downtime.test_drawing import pages, sheet
from tests.rules.grades.test_why import CANNULA, CLEAR, FEVER

ICE_3 = replace(CLEAR.ice, year=False, month=False, city=False, hospital=False, naming=0)
CHILD = replace(CLEAR, pediatric=True, ice=None)
SEEN = {
    "would:fever": FEVER,
    "would:hypotension": replace(FEVER, hypotension=True),
    "would:one_vasopressor": replace(FEVER, hypotension=True, vasopressors=("norepinephrine",)),
    "would:two_vasopressors": replace(FEVER, hypotension=True, vasopressors=("norepinephrine", "epinephrine")),
    "would:low_flow": replace(FEVER, **CANNULA | {"oxygen_flow_l_min": Decimal(6)}),
    "would:high_flow": replace(FEVER, **CANNULA | {"oxygen_flow_l_min": Decimal("6.5")}),
    "would:positive_pressure": replace(FEVER, oxygen_device=OxygenDevice.CPAP),
    "would:ice_9": replace(CLEAR, ice=replace(CLEAR.ice, naming=0)),
    "would:ice_6": replace(CLEAR, ice=ICE_3),
    "would:ice_2": replace(CLEAR, ice=replace(ICE_3, command=False)),
    "would:capd_8": replace(CHILD, capd_score=8),
    "would:capd_9": replace(CHILD, capd_score=9),
    "would:drowsy": replace(CLEAR, consciousness=Consciousness.SPONTANEOUS),
    "would:voice": replace(CLEAR, consciousness=Consciousness.VOICE),
    "would:touch": replace(CLEAR, consciousness=Consciousness.TACTILE),
    "vigorous_stimulus": replace(CLEAR, consciousness=Consciousness.VIGOROUS_TACTILE),
    "would:unarousable": replace(CLEAR, consciousness=Consciousness.UNAROUSABLE),
    "would:seizure": replace(CLEAR, seizure=Seizure.BRIEF_RESOLVED),
    "would:long_seizure": replace(CLEAR, seizure=Seizure.PROLONGED_OVER_5_MIN),
    "would:weakness": replace(CLEAR, motor=Motor.DEEP_FOCAL_WEAKNESS),
    "focal_oedema": replace(CLEAR, oedema=Oedema.FOCAL),
    "diffuse_oedema": replace(CLEAR, oedema=Oedema.DIFFUSE),
    "icp": replace(CLEAR, icp_signs=(IcpSign.PAPILLOEDEMA,)),
}
CELLS = [
    (code, grade)
    for by_grade in {**CRS, **ICE, **CAPD, **MIND}.values()
    for grade, codes in enumerate(by_grade, start=1) for code in codes
]  # fmt: skip


@pytest.mark.parametrize(("code", "grade"), CELLS)
def test_each_cell_is_what_the_rules_grade(code, grade):
    grader = grade_crs if code in {one for row in CRS.values() for codes in row for one in codes} else grade_icans

    assert grader(SEEN[code]).at_least == grade


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["CRS: what makes a grade", "on one vasopressor", "with ICE 3 to 6", "Death due to ICANS"]),
    ("zh-hant", ["CRS：分級條件", "ICANS：分級條件", "因 ICANS 死亡"]),
])  # fmt: skip
def test_both_tables_are_on_one_page_of_their_own(language, words):
    with translation.override(language):
        tables = criteria_tables("ice")

    *_before, last = pages(sheet(criteria=tables))

    assert [word for word in words if word not in last] == []


def test_a_child_is_graded_by_capd():
    crs, icans = criteria_tables("capd")

    assert icans.rows[0][0] == "CAPD"
    assert "ICE" not in {row[0] for row in icans.rows}
    assert crs == criteria_tables("ice")[0]
