"""The companions of ADCRSP, of one small trial: every expected value is counted by hand (conftest.py says of what)."""

from datetime import timedelta

import pytest

from crsmonitor.audit.acting import acting
from grading.models import Attribution, TreatmentEnd
from regimens.models import Transfer
from tests.builders import dose, draft, hour, kept, treatment, vitals
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import BY_NAME, listed, raw, rows

pytestmark = pytest.mark.django_db
ONE, TWO = "DEMO-DEMO-TPE-DEMO-001", "DEMO-DEMO-PAR-DEMO-002"
# Hour 0 is 2026-03-02 09:00 UTC: 17:00 in Taipei, 10:00 in Paris.
D1 = "2026-03-02T17:00:00+08:00"


def of(world, name, subject=ONE):
    return [row for row in rows(world, name, CUT) if row["USUBJID"] == subject]


def test_adsl_is_a_row_for_each_participant(trial):
    columns = ("USUBJID", "SITEID", "NEUROIN", "RESOLUH", "SAFFL", "TRTSDTM", "DOSESN", "EOSSTT", "EOSDTM", "DTHFL")
    assert listed(trial, "adsl", CUT, *columns) == [
        (TWO, "DEMO-PAR", "ICE", "24", "Y", "2026-03-03T10:00:00+01:00", "1", "", "", ""),
        (ONE, "DEMO-TPE", "ICE", "24", "Y", D1, "2", "DISCONTINUED", "2026-03-12T17:00:00+08:00", ""),
    ]  # fmt: skip


def test_adset_is_a_row_for_each_set_that_stands_with_its_inputs_and_grade(trial):
    sets = of(trial, "adset")

    columns = ("ADTM", "ASPER", "HDOSE", "TEMP", "SYSBP", "HYPOFL", "VASOPR", "O2DEV", "CRSGR", "CRSGRL", "CRSGRU")
    well = ("120", "N", "NONE", "ROOM AIR", "0", "0", "0")
    assert [tuple(row[name] for name in columns) for row in sets] == [
        ("2026-03-02T15:00:00+08:00", "", "", "36.5", *well),
        ("2026-03-02T21:00:00+08:00", "1", "4.00", "37.2", *well),
        ("2026-03-03T20:00:00+08:00", "1", "27.00", "38.6", "85", "Y", "NONE", "ROOM AIR", "2", "2", "2"),
        ("2026-03-04T13:00:00+08:00", "1", "44.00", "36.8", *well),
        ("2026-03-05T01:00:00+08:00", "1", "56.00", "36.8", *well),
        ("2026-03-05T13:00:00+08:00", "1", "68.00", "36.8", *well),
    ]  # fmt: skip


def test_what_nobody_looked_at_is_null_and_leaves_bounds(trial):
    """38.2 C with another cause: no CRS by the fever; nobody looked at the device, and the pulse oximeter shows 97."""
    [one] = of(trial, "adset", TWO)

    assert (one["O2DEV"], one["VASOPR"], one["HDOSE"], one["TZ"]) == ("", "NONE", "4.00", "Europe/Paris")
    assert one["GRMISS"] == "oxygen_device"


def test_adneuro_has_every_item(trial):
    first, *later = of(trial, "adneuro")

    items = ("ICEYEAR", "ICEMONTH", "ICECITY", "ICEHOSP", "ICENAME", "ICECMD", "ICEWRITE", "ICEATTN", "ICETOT")
    assert [first[name] for name in items] == ["Y", "Y", "Y", "Y", "3", "Y", "N", "N", "8"]
    assert [first[name] for name in ("CONSC", "SEIZURE", "MOTOR", "ICPSIGN", "ICHFL", "OEDEMA")] == [
        "AWAKE", "NONE", "NONE", "NONE", "N", ""]  # fmt: skip
    assert (first["ICNGR"], [row["ICNGR"] for row in later]) == ("1", ["0", "0", "0"])


def test_advs_is_a_row_for_each_reading(trial):
    readings = of(trial, "advs")

    assert len(readings) == 6 * 6  # six sets; nobody measured a mean pressure or an inspired fraction
    fever = {row["PARAMCD"]: (row["AVAL"], row["AVALU"]) for row in readings if row["HDOSE"] == "27.00"}
    assert fever == {
        "TEMP": ("38.6", "C"), "SYSBP": ("85", "mmHg"), "DIABP": ("70", "mmHg"), "HR": ("110", "beats/min"),
        "RESP": ("16", "breaths/min"), "OXYSAT": ("93", "%"),
    }  # fmt: skip


def test_a_baseline_is_the_last_reading_in_the_day_before_a_dose(trial):
    """Nobody looked in the 24 h before dose 2 of 001, nor before the dose of 002."""
    flagged = [row for row in rows(trial, "advs", CUT) if row["ABLFL"] == "Y"]

    assert {(row["USUBJID"], row["BASEFOR"], row["ADTM"]) for row in flagged} == {
        (ONE, "1", "2026-03-02T15:00:00+08:00")
    }
    assert sorted(row["PARAMCD"] for row in flagged) == ["DIABP", "HR", "OXYSAT", "RESP", "SYSBP", "TEMP"]


def test_adcrs_is_a_row_for_each_episode(trial):
    [episode] = rows(trial, "adcrs", CUT)

    assert [episode[name] for name in ("USUBJID", "ASTDTM", "AENDTM", "ADURN", "ADURU", "ATOXGRN", "LNKID")] == [
        ONE, "2026-03-03T20:00:00+08:00", "2026-03-04T13:00:00+08:00", "17.00", "HOURS", "2", "CRS1"]  # fmt: skip
    assert [episode[name] for name in ("LDOSEDTM", "ASPER", "DOSEON", "DOSEU", "AONH", "AOCCFL", "AADJFL")] == [
        D1, "1", "5", "mg", "27.00", "Y", "N"]  # fmt: skip


def test_episodes_say_which_was_the_first_the_worst_and_which_came_again(trial):
    """Grade 2 after dose 1, grade 3 (a vasopressor) ten hours after dose 2, one of grade 1 two days later."""
    names = ("ATOXGRN", "ASPER", "AOCCFL", "AOCCIFL", "CRSRECFL")
    assert listed(trial, "adcrs", CUT, *names) == [("2", "1", "Y", "Y", "N")]
    for h, seen in (
        (178, {"temperature_c": 38.5, "sbp": 88, "hypotension": True, "vasopressors": ["norepinephrine"]}),
        (180, {}), (192, {}), (205, {}), (226, {"temperature_c": 38.2}),
    ):  # fmt: skip
        kept(vitals(trial, h, **seen), trial)

    assert listed(trial, "adcrs", CUT, *names) == [
        ("2", "1", "Y", "", "N"), ("3", "2", "", "Y", "Y"), ("1", "2", "", "", "Y")]  # fmt: skip


def test_adicans_is_a_row_for_each_episode(trial):
    columns = ("USUBJID", "AONH", "ADURN", "ATOXGRN", "LNKID", "ATERM")
    assert listed(trial, "adicans", CUT, *columns) == [
        (ONE, "28.00", "16.00", "1", "ICANS1", "Immune effector cell-associated neurotoxicity syndrome")
    ]


def test_adex_is_a_row_for_each_dose_given_or_not(trial):
    columns = ("USUBJID", "DOSENUM", "DOSSTAT", "ASPERC", "PDOSE", "ADOSE", "DOSEU", "DELAYH", "AENDTM")
    assert listed(trial, "adex", CUT, *columns) == [
        (TWO, "1", "GIVEN", "STEP-UP 1", "5", "5", "mg", "", ""),
        (TWO, "2", "NOT GIVEN", "STEP-UP 2", "25", "", "mg", "", ""),
        (ONE, "1", "GIVEN", "STEP-UP 1", "5", "5", "mg", "0.50", "2026-03-02T19:00:00+08:00"),
        (ONE, "2", "GIVEN", "STEP-UP 2", "25", "25", "mg", "", ""),
    ]


def test_adcm_is_a_row_for_each_treatment(trial):
    columns = ("CMTRT", "CMCLAS", "CMINDC", "CMDOSE", "CMDOSU", "ASPER", "HDOSE", "AENDTM")
    assert listed(trial, "adcm", CUT, *columns) == [
        ("dexamethasone", "CORTICOSTEROID", "PREMEDICATION", "16", "mg", "", "", ""),
        ("tocilizumab", "ANTICYTOKINE", "CRS", "480", "mg", "1", "29.50", ""),
        ("oxygen", "OXYGEN", "CRS", "2", "L/min", "1", "30.00", "2026-03-04T09:00:00+08:00"),
    ]


def test_what_else_a_grade_rests_on(trial):
    assert listed(trial, "admeas", CUT, "USUBJID", "MEASURE", "AVAL") == [(ONE, "BASELINE SBP", "125")]
    assert listed(trial, "adattr", CUT, "USUBJID", "SIGN", "ASTDTM", "AENDTM") == [
        (TWO, "FEVER", "2026-03-03T12:00:00+01:00", "2026-03-03T22:00:00+01:00")]  # fmt: skip
    assert listed(trial, "adho", CUT, "USUBJID", "HOTERM", "ASTDTM", "AENDTM") == [
        (ONE, "WARD", "2026-03-02T13:00:00+08:00", "")]  # fmt: skip
    assert listed(trial, "adds", CUT, "USUBJID", "DSDECOD", "ASPER") == [
        (ONE, "DISCONTINUED", "")
    ]  # the period is over


def test_adalert_tells_who_answered_by_role(trial):
    """Withdrawn with its set: the fever of hour 6, which was another bed's."""
    columns = ("SYNDROME", "GRADE", "ASPER", "FIREDTM", "ACKFL", "ACKMIN", "ACKROLE", "ESCALN")
    alerts = [row for row in rows(trial, "adalert", CUT) if row["ADTM"] == "2026-03-03T20:00:00+08:00"]
    assert [tuple(row[name] for name in columns) for row in alerts] == [
        ("CRS", "2", "1", "2026-03-03T12:00:00+00:00", "Y", "4.50", "NURSE", "0")]  # fmt: skip
    [wrong_bed] = [row for row in rows(trial, "adalert", CUT) if row["ADTM"] == "2026-03-02T23:00:00+08:00"]
    assert (wrong_bed["STATE"], wrong_bed["ACKFL"], wrong_bed["ACKROLE"]) == ("WITHDRAWN", "N", "")


def test_adsched_is_a_row_for_each_slot_and_says_what_became_of_it(trial):
    """Vital signs every 4 h for 24 h: looked at 4 h, asleep at 8 h, then nobody; 27 h is past the 26 h of the last."""
    slots = [row for row in of(trial, "adsched") if (row["ASPER"], row["OBSKIND"]) == ("1", "VITALS")]

    assert [(row["DUEH"], row["STATUS"], row["REASND"]) for row in slots] == [
        ("4.00", "ON TIME", ""), ("8.00", "EXCUSED", "ASLEEP"), ("12.00", "MISSED", ""), ("16.00", "MISSED", ""),
        ("20.00", "MISSED", ""), ("24.00", "LATE", ""),
    ]  # fmt: skip
    assert [slots[0][name] for name in ("DUEDTM", "WINBDTM", "WINEDTM", "LOOKDTM")] == [
        "2026-03-02T21:00:00+08:00", "2026-03-02T20:30:00+08:00", "2026-03-02T21:30:00+08:00",
        "2026-03-02T21:00:00+08:00",
    ]  # fmt: skip
    neuro_due = [row["DUEH"] for row in of(trial, "adsched") if (row["ASPER"], row["OBSKIND"]) == ("1", "NEURO")]
    assert neuro_due == ["8.00", "16.00", "24.00"]


@pytest.mark.req("R12")
def test_audit_tells_each_value_that_changed_with_role_and_reason(trial):
    trail = of(trial, "audit")
    columns = ("ACTION", "RECORD", "FIELD", "OLDVAL", "NEWVAL", "REASON", "ROLE", "SRC", "AUDDTM")

    assert [tuple(row[name] for name in columns) for row in trail if row["ACTION"] != "ENTERED"] == [
        ("CORRECTED", "VITALSIGNS", "TEMPERATURE_C", "37.600", "37.200", "typed wrong", "NURSE", "API",
         "2026-03-02T14:00:00+00:00"),
        ("WITHDRAWN", "VITALSIGNS", "", "", "", "wrong bed", "NURSE", "API", "2026-03-02T16:00:00+00:00"),
    ]  # fmt: skip
    assert {row["USERID"] for row in trail} == {f"U{trial.nurse.pk}", f"U{trial.investigator.pk}"}
    entered = [row["RECORD"] for row in trail if row["ACTION"] == "ENTERED"]
    assert (entered.count("DOSE"), entered.count("NEUROASSESSMENT"), entered.count("DISPOSITION")) == (2, 4, 1)


def test_no_name_of_a_person_and_no_free_text_of_a_judgement_leaves(trial):
    for dataset in BY_NAME:
        text = raw(trial, dataset, CUT).decode()
        assert [name for name in ("demo.nurse", "demo.investigator", "catheter", "culture") if name in text] == []


def test_an_end_has_what_it_was_beyond_its_second(world):
    """Two runs of oxygen: one stopped 0.25 s after a second, one never. A cause that holds until half a second."""
    moment = timedelta(milliseconds=250)
    kept(dose(world), world)
    runs = [kept(treatment(world, h, "oxygen", "oxygen", "crs", dose=2, unit="L/min"), world).fact for h in (1, 2)]
    end = draft(TreatmentEnd, world, 3, treatment=runs[0])
    end.observed_at += moment
    kept(end, world)
    other = {"sign": "fever", "cause": "catheter", "because": "culture", "until": hour(5) + 2 * moment}
    kept(draft(Attribution, world, 4, **other), world, by=world.investigator)

    assert [row[0] for row in listed(world, "adcm", CUT, "ENDFRAC")] == ["0.25", ""]
    assert [row[0] for row in listed(world, "adattr", CUT, "ENDFRAC")] == ["0.5"]


def test_a_set_lies_where_its_participant_was_then_and_in_no_period_when_none_held_it(trial):
    """Moved to Paris at hour 50; left the study at hour 240, which ended the period of dose 2."""
    with acting(by="test", reason="moved"):
        Transfer.objects.create(
            participant=trial.participant, from_site=trial.site, to_site=trial.other_site, at=hour(50), because="test",
            recorded_by=trial.charge_nurse,
        )  # fmt: skip
    kept(vitals(trial, 239), trial)
    kept(vitals(trial, 250), trial)

    seen = [(row["ADTM"], row["SITEID"], row["ASPER"], row["HDOSE"]) for row in of(trial, "adset")]

    assert [seen[0], *seen[3:]] == [
        ("2026-03-02T15:00:00+08:00", "DEMO-TPE", "", ""),
        ("2026-03-04T13:00:00+08:00", "DEMO-TPE", "1", "44.00"),
        ("2026-03-04T18:00:00+01:00", "DEMO-PAR", "1", "56.00"),
        ("2026-03-05T06:00:00+01:00", "DEMO-PAR", "1", "68.00"),
        ("2026-03-12T09:00:00+01:00", "DEMO-PAR", "2", "71.00"),
        ("2026-03-12T20:00:00+01:00", "DEMO-PAR", "", ""),
    ]
