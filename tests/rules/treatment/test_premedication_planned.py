"""What a printed time of premedication says, and nothing that it does not: a row for every text of the library."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.rules.treatment.premedication import (
    Premedicated,
    PremedicationVerdict,
    PrintedTime,
    judged,
    printed_time,
    wanted,
)
from regimens.library import names, read

DOSE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
# Least and most minutes before the dose, as the text itself says; None: it says no limits.
TEXTS = {
    "1-3 h before": (60, 180),
    "1-3 h before each step-up dose": (60, 180),
    "30-60 min before": (30, 60),
    ">=1 h before": (60, None),
    ">=30 min before": (30, None),
    "within 1 h before": (0, 60),
    # one number without a range; no "before"; when it was completed; after the dose
    "about 1 h": None,
    "about 1 h before the first THREE doses": None,
    "1-3 h": None,
    "completed >=1 h before": None,
    "immediately AFTER": None,
    # to which doses a row belongs, and on what it depends
    "1 h before re-start (infusion held >4 h) and before dose increase": None,
    "C1 D3, D10, D17 and C2 D2": None,
    "C1-C2 all; C3+ if any CRS with previous dose": None,
    "C1D1, C1D8": None,
    "C1D8, C1D15, C2D1, C3D1 all patients": None,
    "all infusions": None,
    "before infusion by volume status": None,
    "each cycle-1 dose; later only after G2-3 CRS": None,
    "each step-up dose": None,
    "each step-up dose incl. first 200 mg": None,
    "every C1 dose and C2 D1, D8": None,
    "only after persistent/recurrent G2 or severe CRS (dexamethasone 4 mg >=30 min before)": None,
    "second 200 mg": None,
    "until two full doses tolerated without CRS/IRR": None,
}
# Not in the library, and of a study's own file.
OTHERS = {
    "": None, "1 h before": None, "3-1 h before": None, "1-3 h before or after": None, "1-3 hours before": None,
    "1.5-3 h before": None, "-3 h before": None, "1-3 h after": None, "30 min-1 h before": None, "within 1 h": None,
    " 1-3 h before ": (60, 180),
}  # fmt: skip


@pytest.mark.parametrize(("text", "limits"), (TEXTS | OTHERS).items())
def test_a_printed_time(text, limits):
    assert printed_time(text) == (None if limits is None else PrintedTime(least=limits[0], most=limits[1]))


def test_every_text_of_the_library_has_its_row():
    rows = [row for name in names() for row in read(name).data.get("premedication", ())]

    assert {row[field] for row in rows for field in ("when", "timing") if field in row} == set(TEXTS)


# The drug of each row of the library: what of it can be read as one drug or one class.
DRUGS = {
    "dexamethasone": [{"dexamethasone"}],
    "dexamethasone 20 mg": [{"dexamethasone"}],
    "dexamethasone 8 mg IV": [{"dexamethasone"}],
    "dexamethasone 20 mg IV or methylprednisolone 80 mg IV": [{"dexamethasone", "methylprednisolone"}],
    "diphenhydramine 50-100 mg; paracetamol 500-1000 mg": [{"diphenhydramine"}, {"paracetamol"}],
    "diphenhydramine": [{"diphenhydramine"}],
    "diphenhydramine (e.g.)": [set()],  # another would do
    "acetaminophen": [{"paracetamol"}],
    "paracetamol": [{"paracetamol"}],
    "corticosteroid": [{"corticosteroid"}],
    "IV glucocorticoid": [{"corticosteroid"}],
    "antipyretic + antihistamine": [{"antipyretic"}, set()],
    "corticosteroid + antihistamine + antipyretic": [{"corticosteroid"}, set(), {"antipyretic"}],
    "steroid + antihistamine + antipyretic": [{"corticosteroid"}, set(), {"antipyretic"}],
    "steroid/antihistamine/antipyretic (row doses not fully visible)": [set()],
    "POST-medication steroid": [set()],
    "all three": [set()],
    "IV fluids": [set()],
    "1 L normal saline IV over 4-5 h": [set()],
    "dexamethasone 16 mg or an antihistamine": [set()],
}


@pytest.mark.parametrize(("text", "expected"), DRUGS.items())
def test_which_drug_is_wanted(text, expected):
    assert [set(one.any_of) for one in wanted(text)] == expected


def test_every_drug_of_the_library_has_its_row():
    drugs = {row["drug"] for name in names() for row in read(name).data.get("premedication", ())}

    assert drugs <= set(DRUGS)


def given(minutes, drug="dexamethasone", drug_class="corticosteroid"):
    return Premedicated(at=DOSE - timedelta(minutes=minutes), drug=drug, drug_class=drug_class)


DEXA, TIME = "dexamethasone", "1-3 h before"
VERDICTS = [
    (DEXA, TIME, [], PremedicationVerdict.NOT_ON_FILE, None),
    (DEXA, TIME, [given(60)], PremedicationVerdict.IN_TIME, 60),
    (DEXA, TIME, [given(180)], PremedicationVerdict.IN_TIME, 180),
    (DEXA, TIME, [given(59)], PremedicationVerdict.OUTSIDE, 59),
    (DEXA, TIME, [given(181)], PremedicationVerdict.OUTSIDE, 181),
    (DEXA, TIME, [given(200), given(90), given(10)], PremedicationVerdict.IN_TIME, 90),
    (DEXA, TIME, [given(200), given(10)], PremedicationVerdict.OUTSIDE, 10),  # the last
    (DEXA, TIME, [given(24 * 60)], PremedicationVerdict.OUTSIDE, 1440),
    (DEXA, TIME, [given(24 * 60 + 1)], PremedicationVerdict.NOT_ON_FILE, None),
    (DEXA, TIME, [given(-1)], PremedicationVerdict.NOT_ON_FILE, None),  # after the dose
    (DEXA, TIME, [given(90, "prednisolone")], PremedicationVerdict.NOT_ON_FILE, None),
    (DEXA, TIME, [given(90, "Decadron 16 mg", "other")], PremedicationVerdict.IN_TIME, 90),
    (DEXA, "about 1 h", [given(90)], PremedicationVerdict.ON_FILE, 90),
    (DEXA, "", [given(90)], PremedicationVerdict.ON_FILE, 90),
    (DEXA, ">=30 min before", [given(30)], PremedicationVerdict.IN_TIME, 30),
    (DEXA, ">=30 min before", [given(29)], PremedicationVerdict.OUTSIDE, 29),
    (DEXA, "within 1 h before", [given(0)], PremedicationVerdict.IN_TIME, 0),
    (DEXA, "within 1 h before", [given(61)], PremedicationVerdict.OUTSIDE, 61),
    (DEXA, "immediately AFTER", [given(90)], PremedicationVerdict.NOT_JUDGED, None),
    ("corticosteroid", TIME, [given(90, "cortivazol")], PremedicationVerdict.IN_TIME, 90),
    ("antipyretic", TIME, [given(90, "Tylenol", "other")], PremedicationVerdict.IN_TIME, 90),
    ("antipyretic", TIME, [given(90)], PremedicationVerdict.NOT_ON_FILE, None),
    ("diphenhydramine", TIME, [given(90, "Diphenhydramine 50 mg", "other")], PremedicationVerdict.IN_TIME, 90),
    ("all three", TIME, [given(90)], PremedicationVerdict.NOT_JUDGED, None),
]


@pytest.mark.parametrize(("drug", "timing", "on_file", "verdict", "minutes"), VERDICTS)
def test_what_is_on_file_against_what_is_printed(drug, timing, on_file, verdict, minutes):
    [one] = wanted(drug)
    expected = judged(one, timing, dose_at=DOSE, given=on_file)

    assert (expected.verdict, expected.minutes) == (verdict, minutes)
