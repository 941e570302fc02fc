"""What was given, for what, under which name; why a dose was another than planned (SDTMIG 3.4)."""

from decimal import Decimal

import pytest

from grading.models import Episode, EventReport
from regimens.models import Dose, DoseStatus
from tests.builders import dose, draft, hour, kept, treatment
from tests.exports.datasets.conftest import CUT, WEEK
from tests.exports.datasets.reading import listed
from tests.exports.datasets.test_adam import ONE, TWO

pytestmark = pytest.mark.django_db


def test_a_treatment_has_its_international_name_and_the_event_it_was_for(trial):
    """CRS went on from 27 h to 44 h. A brand, a drug after it was over, and a name that no dictionary knows."""
    for h, drug, drug_class in (
        (33, "Actemra", "anticytokine"), (50, "Panadol", "antipyretic"), (51, "study balm", "other"),
    ):  # fmt: skip
        kept(treatment(trial, h, drug, drug_class, "crs", **({"retyped": ["drug"]} if drug_class == "other" else {})),
             trial)  # fmt: skip

    assert listed(trial, "cm", CUT, "CMTRT", "CMDECOD", "CMLNKID") == [
        ("dexamethasone", "DEXAMETHASONE", ""),  # premedication
        ("tocilizumab", "TOCILIZUMAB", "CRS1"),
        ("Actemra", "TOCILIZUMAB", "CRS1"),
        ("Panadol", "PARACETAMOL", ""),
        ("study balm", "", ""),
    ]
    assert {row[:2] for row in listed(trial, "adcm", CUT, "CMTRT", "CMDECOD")} >= {("Actemra", "TOCILIZUMAB")}


def test_the_role_of_each_medication_and_the_status_of_each_dose_are_supplements(trial):
    records = listed(trial, "cm", CUT, "CMSPID", "CMTRT")
    roles = {key: (name, value) for key, name, value in listed(trial, "suppcm", CUT, "IDVARVAL", "QNAM", "QVAL")}

    assert [(drug, roles[key]) for key, drug in records] == [
        ("dexamethasone", ("CMROLE", "PREMEDICATION")), ("tocilizumab", ("CMROLE", "TREATMENT"))]  # fmt: skip
    assert listed(trial, "suppec", CUT, "USUBJID", "IDVAR", "QNAM", "QVAL") == [
        (TWO, "ECSPID", "DOSSTAT", "GIVEN"), (TWO, "ECSPID", "DOSSTAT", "NOT GIVEN"),
        (ONE, "ECSPID", "DOSSTAT", "GIVEN"), (ONE, "ECSPID", "DOSSTAT", "GIVEN"),
    ]  # fmt: skip


def _report(trial, h, action):
    root = Episode.objects.get(kind="crs", participant=trial.participant).root
    answers = {"kind": "crs", "about_root": root, "serious": False, "criteria": [], "action": action, "outcome": ""}
    kept(draft(EventReport, trial, h, **answers), trial, by=trial.investigator)


def adjusted(trial):
    return [row[1:] for row in listed(trial, "ex", CUT, "USUBJID", "EXLNKID", "EXDOSE", "EXADJ") if row[0] == ONE]


def test_a_dose_is_adjusted_for_an_adverse_event_where_an_investigator_says_so(trial):
    """Dose 2 was 12.5 mg where 25 were planned. That of 002, given whole, has no reason."""
    second = Dose.objects.get(participant=trial.participant, step=trial.steps[1])
    less = dose(trial, WEEK, step=1, amount=Decimal("12.5"), supersedes=second, reason="read from the pump",
                retyped=["amount"], because="half")  # fmt: skip
    kept(less, trial, at=hour(WEEK + 1))
    assert adjusted(trial) == [("DOSE1", "5", ""), ("DOSE2", "12.5", "")]  # why was only typed

    _report(trial, 60, "DOSE REDUCED")

    assert adjusted(trial) == [("DOSE1", "5", ""), ("DOSE2", "12.5", "ADVERSE EVENT")]
    assert {row for row in listed(trial, "ec", CUT, "ECLNKID", "ECADJ") if row[1]} == {("DOSE2", "ADVERSE EVENT")}


def test_an_interrupted_dose_is_adjusted_by_the_event_of_its_own_period(trial):
    first = Dose.objects.get(participant=trial.participant, step=trial.steps[0])
    part = dose(trial, 0, amount=Decimal(4), status=DoseStatus.PARTIAL, planned_at=hour(-0.5), supersedes=first,
                reason="stopped early", retyped=["amount"], because="rigors")  # fmt: skip
    kept(part, trial, at=hour(WEEK + 1))

    _report(trial, 60, "DRUG INTERRUPTED")

    assert adjusted(trial) == [("DOSE1", "4", "ADVERSE EVENT"), ("DOSE2", "25", "")]
