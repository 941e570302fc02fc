"""The data sets in the shape of SDTM, of the same small trial: counted by hand from what was recorded in it."""

import pytest

from grading.exports.datasets import ALL
from grading.models import Episode, EventReport
from regimens.models import DoseStatus
from tests.builders import dose, draft, hour, kept, vitals
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import listed, rows
from tests.exports.datasets.test_adam import ONE, TWO, of

pytestmark = pytest.mark.django_db
D1, PARIS = "2026-03-02T17:00:00+08:00", "2026-03-03T10:00:00+01:00"
DOMAINS = set("dm ex ec vs ft rs ae suppae ce fa cm pr ho ds sv se ts relrec".split())  # noqa: SIM905  # exports.md, section 3


def test_the_catalogue_has_every_data_set_that_was_asked_for():
    names = {dataset.name for dataset in ALL}

    companions = {"adcrsp", "adcrs", "adicans", "advs", "adex", "adcm", "adalert", "adsched", "adsl", "audit"}
    assert DOMAINS | companions <= names


def test_dm_and_sv(trial):
    assert listed(trial, "dm", CUT, "USUBJID", "RFSTDTC", "RFENDTC", "ARMCD", "SITEID") == [
        (TWO, PARIS, "2026-03-16T10:00:00+01:00", "STEP", "DEMO-PAR"),  # the cut
        (ONE, D1, "2026-03-12T17:00:00+08:00", "STEP", "DEMO-TPE"),
    ]
    assert listed(trial, "sv", CUT, "USUBJID", "VISIT", "SVSTDTC", "SVENDTC", "SVSTDY") == [
        (TWO, "DOSE 1", PARIS, "2026-03-16T10:00:00+01:00", "1"),
        (ONE, "DOSE 1", D1, "2026-03-09T17:00:00+08:00", "1"),
        (ONE, "DOSE 2", "2026-03-09T17:00:00+08:00", "2026-03-12T17:00:00+08:00", "8"),
    ]


def test_ex_has_the_doses_given_and_ec_the_others_too(trial):
    assert listed(trial, "ex", CUT, "USUBJID", "EXSEQ", "EXLNKID", "EXCAT", "EXDOSE", "EXDOSU", "EXSTDY") == [
        (TWO, "1", "DOSE1", "STEP-UP 1", "5", "mg", "1"), (ONE, "1", "DOSE1", "STEP-UP 1", "5", "mg", "1"),
        (ONE, "2", "DOSE2", "STEP-UP 2", "25", "mg", "8"),
    ]  # fmt: skip
    assert [row[1:] for row in listed(trial, "ec", CUT, "USUBJID", "ECOCCUR", "ECDOSE") if row[0] == TWO] == [
        ("Y", "5"), ("N", "25")]  # fmt: skip


def test_vs_has_every_reading_with_its_time_point(trial):
    every = of(trial, "vs")
    readings = [row for row in every if not row["VSSTAT"]]

    assert len(readings) == 36
    assert [row["VSSEQ"] for row in every] == [str(n) for n in range(1, len(every) + 1)]
    [fever] = [row for row in readings if row["VSORRES"] == "38.6"]
    assert [fever[name] for name in ("VSTESTCD", "VSORRESU", "VSDTC", "VSDY", "VSTPTREF", "VSRFTDTC", "EPOCH")] == [
        "TEMP", "C", "2026-03-03T20:00:00+08:00", "2", "DOSE 1", D1, "TREATMENT"]  # fmt: skip
    assert {(row["EPOCH"], row["VSDY"]) for row in readings if not row["VSTPTREF"]} == {("SCREENING", "1")}
    assert {row["VSMETHOD"] for row in readings if row["VSTESTCD"] == "OXYSAT"} == {"PULSE OXIMETRY"}


def test_vs_says_of_each_slot_in_which_nobody_looked_that_it_was_not_done(trial):
    """001 was asleep at 8 h after dose 1; every other slot that adsched has as missed has no reason."""
    undone = [(row["VSDTC"], row["VSREASND"], row["VSTPTREF"]) for row in of(trial, "vs") if row["VSTESTCD"] == "VSALL"]
    slots = [row for row in of(trial, "adsched") if row["OBSKIND"] == "VITALS"]

    assert (undone[0][1:], len(undone) > 1) == (("ASLEEP", "DOSE 1"), True)
    assert undone[0][0] == "2026-03-03T01:00:00+08:00"
    assert undone == [
        (row["DUEDTM"], row["REASND"], f"DOSE {row['ASPER']}")
        for row in slots
        if row["STATUS"] in ("MISSED", "EXCUSED")
    ]
    assert {(row["VSORRES"], row["VSSTAT"]) for row in of(trial, "vs") if row["VSTESTCD"] == "VSALL"} == {
        ("", "NOT DONE")
    }


def test_ft_has_the_ice_item_by_item(trial):
    first = [row for row in of(trial, "ft") if row["FTDTC"] == "2026-03-03T21:00:00+08:00"]

    assert [(row["FTTESTCD"], row["FTORRES"]) for row in first] == [
        ("ICE01", "4"), ("ICE02", "3"), ("ICE03", "1"), ("ICE04", "0"), ("ICE05", "0"), ("ICETOT", "8")]  # fmt: skip
    assert len(of(trial, "ft")) == 4 * 6


def test_rs_has_the_grade_of_each_set(trial):
    graded = [row for row in of(trial, "rs") if row["RSTESTCD"] in ("CRSGR", "ICANSGR")]

    assert [(row["RSTESTCD"], row["RSORRES"], row["RSEVAL"]) for row in graded if row["RSORRES"] != "0"] == [
        ("CRSGR", "2", "ALGORITHM"), ("ICANSGR", "1", "ALGORITHM"), ("CRSGR", "2", "INVESTIGATOR")]  # fmt: skip
    assert len(graded) == 6 + 4 + 1


def test_ae_is_a_row_for_each_event_with_its_supplements_findings_and_signs(trial):
    assert listed(trial, "ae", CUT, "USUBJID", "AELNKID", "AESCAT", "AETOXGR", "AESTDY", "AEENDTC", "AEENRTPT") == [
        (ONE, "CRS1", "CRS", "2", "2", "2026-03-04T13:00:00+08:00", ""),
        (ONE, "ICANS1", "ICANS", "1", "2", "2026-03-04T13:00:00+08:00", ""),
    ]
    assert listed(trial, "suppae", CUT, "IDVARVAL", "QNAM", "QVAL") == [
        ("CRS1", "ASTCTCGR", "2"), ("CRS1", "ASTCTVER", "ASTCT 2019"), ("ICANS1", "ASTCTCGR", "1"),
        ("ICANS1", "ASTCTVER", "ASTCT 2019"),
    ]  # fmt: skip
    assert listed(trial, "fa", CUT, "FALNKID", "FATESTCD", "FAORRES", "FADTC") == [
        ("CRS1", "TOXGR", "2", "2026-03-03T20:00:00+08:00"), ("ICANS1", "TOXGR", "1", "2026-03-03T21:00:00+08:00"),
        ("CRS1", "TOXGR", "0", "2026-03-04T13:00:00+08:00"), ("ICANS1", "TOXGR", "0", "2026-03-04T13:00:00+08:00"),
    ]  # fmt: skip
    assert listed(trial, "ce", CUT, "CELNKID", "CETERM", "CEOCCUR") == [
        ("CRS1", "CHILLS", ""), ("CRS1", "FEVER", "Y"), ("CRS1", "HYPOTENSION", "Y"),
        ("CRS1", "HYPOXIA", "N"),
    ]  # fmt: skip


def test_who_was_given_no_dose_has_no_actual_arm(world):
    skipped = {"status": DoseStatus.NOT_GIVEN, "amount": None, "not_given_because": "fever"}
    kept(dose(world, planned_at=hour(0), **skipped), world)
    arms = ("ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS")
    assert listed(world, "dm", CUT, *arms) == [("STEP", "STEP", "", "", "ASSIGNED, NOT TREATED")]

    kept(dose(world, 24), world)

    assert listed(world, "dm", CUT, *arms) == [("STEP", "STEP", "STEP", "STEP", "")]


@pytest.mark.parametrize(
    ("changes", "hypotension", "hypoxia"),
    [
        ({}, "N", "N"),  # denied, and on room air
        ({"hypotension": None, "oxygen_device": None, "spo2": None}, "", ""),
        ({"hypotension": None, "sbp": 84, "spo2": 86}, "Y", "Y"),  # C3b, C5d
        ({"vasopressors": ["norepinephrine"]}, "Y", "N"),  # C3a: whatever was ticked
        ({"fluid_bolus": True, "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}, "Y", "Y"),
    ],
    ids=["no", "nobody looked", "by the number", "vasopressor", "fluid and oxygen"],
)
def test_signs_of_crs_are_those_that_make_its_grade(world, changes, hypotension, hypoxia):
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6, **changes), world)

    signs = dict(listed(world, "ce", CUT, "CETERM", "CEOCCUR"))
    assert (signs["HYPOTENSION"], signs["HYPOXIA"]) == (hypotension, hypoxia)


def test_ae_says_what_an_investigator_said_of_the_event_and_nothing_else(trial):
    names = ("AELNKID", "AESER", "AEACN", "AEOUT", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE")
    unsaid = [("CRS1", *[""] * 7), ("ICANS1", *[""] * 7)]
    assert listed(trial, "ae", CUT, *names) == unsaid
    root = Episode.objects.get(kind="crs", participant=trial.participant).root
    answers = {"serious": True, "criteria": ["hospitalisation", "important"], "action": "DRUG INTERRUPTED",
               "outcome": "RECOVERED/RESOLVED WITH SEQUELAE"}  # fmt: skip

    kept(draft(EventReport, trial, 70, kind="crs", about_root=root, **answers), trial, by=trial.investigator)

    assert listed(trial, "ae", CUT, *names) == [
        ("CRS1", "Y", "DRUG INTERRUPTED", "RECOVERED/RESOLVED WITH SEQUELAE", "N", "Y", "N", "Y"), unsaid[1],
    ]  # fmt: skip
    assert listed(trial, "ae", hour(69), *names) == unsaid
    kept(draft(EventReport, trial, 71, kind="crs", about_root=root, serious=False, criteria=[]), trial,
         by=trial.investigator)  # fmt: skip
    assert listed(trial, "ae", CUT, *names)[0] == ("CRS1", "N", "", "", "N", "N", "N", "N")


def test_what_is_related_is_named_by_its_link(trial):
    """FAOBJ is the AEDECOD of its parent, and RELTYPE knows ONE and MANY alone."""
    terms = {row["AELNKID"]: row["AEDECOD"] for row in rows(trial, "ae", CUT)}

    assert all(row["FAOBJ"] == terms[row["FALNKID"]] for row in rows(trial, "fa", CUT))
    assert listed(trial, "relrec", CUT, "RELID", "RDOMAIN", "IDVAR", "RELTYPE") == [
        ("AECE", "AE", "AELNKID", "ONE"), ("AECE", "CE", "CELNKID", "MANY"), ("AECM", "AE", "AELNKID", "ONE"),
        ("AECM", "CM", "CMLNKID", "MANY"), ("AEFA", "AE", "AELNKID", "ONE"), ("AEFA", "FA", "FALNKID", "MANY"),
    ]  # fmt: skip


def test_cm_and_pr_ho_and_ds(trial):
    assert listed(trial, "cm", CUT, "CMTRT", "CMCAT", "CMDOSE", "CMDOSU", "CMSTDY") == [
        ("dexamethasone", "PREMEDICATION", "16", "mg", "1"), ("tocilizumab", "TREATMENT", "480", "mg", "2"),
    ]  # fmt: skip
    assert listed(trial, "pr", CUT, "PRTRT", "PRDOSE", "PRDOSU", "PRSTDTC", "PRENDTC") == [
        ("oxygen", "2", "L/min", "2026-03-03T23:00:00+08:00", "2026-03-04T09:00:00+08:00")]  # fmt: skip
    assert listed(trial, "ho", CUT, "HOTERM", "HODECOD", "HOSTDTC", "HOENDTC") == [
        ("WARD", "HOSPITAL", "2026-03-02T13:00:00+08:00", "")]  # fmt: skip
    assert listed(trial, "ds", CUT, "DSTERM", "DSDECOD", "DSSTDTC") == [
        ("DISCONTINUED", "OTHER", "2026-03-12T17:00:00+08:00")]  # fmt: skip


def test_ts_says_what_is_known_of_the_trial(trial):
    assert listed(trial, "ts", CUT, "TSPARMCD", "TSVAL") == [
        ("DCUTDESC", "DATA CUT OF THIS PACKET"), ("DCUTDTC", "2026-03-16T09:00:00+00:00"), ("TITLE", "Demo trial"),
        ("TRT", "demo"),
    ]  # fmt: skip
