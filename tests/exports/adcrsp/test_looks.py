"""Fevers, baselines, mean pressure, oxygen, seizures and imports of a period, counted by hand."""

from decimal import Decimal as D

import pytest

from crsmonitor.audit.acting import acting
from regimens.facts import Source
from regimens.models import Measured, Measurement, Participant
from tests.builders import dose, draft, hour, kept, neuro, vitals
from tests.course.test_checkpoints import wrong
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db
BASELINE = ("TEMPBL", "SBPBL", "SPO2BL")


def cells(world, *names, cut=1000, number=1):
    return picked(rows(world, hour(cut))[number - 1], *names)


def test_fever_is_counted_between_readings_of_it_in_one_period(world):
    """38.2 at 20 h and 38.0 at 24 h are 4 h; well at 30; 39 at 60 h and 70 h are 10 h, of which 8 count."""
    kept(dose(world), world)
    assert cells(world, "FEVHRS") == ("",)
    for h, celsius in ((20, 38.2), (24, 38.0), (30, 36.9), (60, 39), (70, 39)):
        kept(vitals(world, h, temperature_c=celsius), world)
    kept(dose(world, 72, step=1), world)
    kept(vitals(world, 74, temperature_c=38.5), world)

    assert (cells(world, "FEVHRS"), cells(world, "FEVHRS", number=2)) == (("12.00",), ("0.00",))
    kept(vitals(world, 66, temperature_c=38.1, reason="late"), world, at=hour(80))  # 6 h and 4 h
    assert cells(world, "FEVHRS") == ("14.00",)
    assert wrong(world) == []


def test_the_last_readings_before_a_dose(world):
    kept(vitals(world, -30, temperature_c=37.9), world)  # more than a day before
    kept(vitals(world, -20, spo2=94, temperature_c=36.1), world)
    kept(
        vitals(world, -6, temperature_c=29, sbp=131, spo2=None, retyped=["temperature_c"]), world
    )  # 29 C is no reading
    kept(dose(world), world)
    assert cells(world, *BASELINE) == ("36.1", "131", "94")

    kept(vitals(world, 1, temperature_c=38.4, sbp=88), world)
    kept(dose(world, 30, step=1), world)
    assert cells(world, *BASELINE, number=2) == ("", "", "")  # the set at hour 1 is 29 h before it
    assert wrong(world) == []


def test_a_look_that_comes_late_or_is_withdrawn_is_counted_where_it_was(world):
    first = kept(vitals(world, -5, sbp=118), world).fact
    kept(dose(world), world)
    for h in range(1, 6):
        kept(vitals(world, h), world)
    kept(vitals(world, -1, sbp=127, reason="late"), world, at=hour(6))
    assert cells(world, "SBPBL") == ("127",)
    last = vitals(world, -5, sbp=118, supersedes=first, withdrawn=True, reason="another's")
    kept(last, world, at=hour(7))
    assert cells(world, *BASELINE) == ("36.8", "127", "97")
    assert wrong(world) == []


def test_a_look_at_the_minute_of_the_dose_is_of_the_period_and_before_its_dose(world):
    kept(vitals(world, -1, sbp=118), world)
    kept(dose(world), world)
    kept(vitals(world, 0, sbp=126), world)

    assert cells(world, "SBPBL", "SBPMIN") == ("126", "126")
    assert wrong(world) == []


def test_the_last_whole_ice_before_a_dose_or_a_baseline_entered_since(world):
    kept(neuro(world, -60), world)
    entered = kept(draft(Measurement, world, -50, kind=Measured.BASELINE_ICE, value=D(9)), world).fact
    kept(dose(world), world)
    kept(neuro(world, 4, ice_writing=False), world)  # 9 of 10
    kept(neuro(world, 8, ice_naming=1), world)  # 8 of 10
    kept(neuro(world, 12, ice_naming=None), world)  # not whole
    kept(dose(world, 200, step=1), world)
    assert [row["ICEBL"] for row in rows(world, hour(300))] == ["9", "8"]

    again = {"supersedes": entered, "withdrawn": True, "reason": "another's"}
    kept(draft(Measurement, world, -50, kind=Measured.BASELINE_ICE, value=D(9), **again), world, at=hour(210))
    assert [row["ICEBL"] for row in rows(world, hour(300))] == ["10", "8"]
    assert wrong(world) == []


def test_under_capd_there_is_no_ice(world):
    with acting(by="test", reason="a child"):
        Participant.objects.filter(pk=world.participant.pk).update(neuro_instrument="capd")
    kept(draft(Measurement, world, -5, kind=Measured.BASELINE_ICE, value=D(9)), world)
    kept(dose(world), world)

    assert cells(world, "ICEBL") == ("",)


def test_a_mean_pressure_is_the_entered_one_or_made_of_the_other_two(world):
    kept(dose(world), world)
    kept(vitals(world, 4), world)  # 120/70: (120 + 2 x 70) / 3 = 86.666...
    assert cells(world, "MAPMIN", "MAPCOMFL") == ("86.7", "Y")
    kept(vitals(world, 8, mean_pressure=80), world)
    assert cells(world, "MAPMIN", "MAPCOMFL") == ("80", "N")
    kept(vitals(world, 12, sbp=91, dbp=49), world)  # (91 + 98) / 3 = 63
    assert cells(world, "MAPMIN", "MAPCOMFL") == ("63", "Y")
    kept(dose(world, 100, step=1), world)
    kept(vitals(world, 104, dbp=None), world)

    assert cells(world, "MAPMIN", "MAPCOMFL", number=2) == ("", "")


def test_oxygen_that_nobody_got_has_no_flow_and_one_that_nobody_charted_is_not_known(world):
    kept(dose(world), world)
    assert cells(world, "O2MAXN", "O2FLMAX", "FIO2MAX") == ("", "", "")
    kept(vitals(world, 1), world)
    assert cells(world, "O2MAXN", "O2FLMAX", "FIO2MAX") == ("0", "0", "")
    kept(vitals(world, 2, oxygen_device="venturi_mask", fio2_percent=40), world)
    assert cells(world, "O2MAXN", "O2FLMAX", "FIO2MAX") == ("3", "", "40")
    kept(vitals(world, 3, oxygen_device="nasal_cannula", oxygen_flow_l_min=3, fio2_percent=32), world)
    assert cells(world, "O2MAXN", "O2FLMAX", "FIO2MAX") == ("3", "3", "40")


def test_a_seizure_is_one_that_an_assessment_says(world):
    kept(dose(world), world)
    kept(neuro(world, 1, seizure=None), world)
    assert cells(world, "SEIZFL") == ("",)
    kept(neuro(world, 2), world)
    assert cells(world, "SEIZFL") == ("N",)
    seizure = kept(neuro(world, 3, seizure="brief_resolved"), world).fact
    assert cells(world, "SEIZFL") == ("Y",)
    kept(neuro(world, 3, supersedes=seizure, reason="shivering"), world, at=hour(4))
    assert cells(world, "SEIZFL") == ("N",)


def test_imported_sets_are_those_that_stand_as_they_came(world):
    kept(dose(world), world)
    sets = [kept(vitals(world, h, source=Source.IMPORT), world).fact for h in (1, 2, 3)]
    kept(vitals(world, 4), world)
    assert cells(world, "DEVICEN") == ("3",)
    kept(vitals(world, 2, sbp=119, supersedes=sets[1], reason="read again by hand"), world, at=hour(5))
    kept(vitals(world, 3, supersedes=sets[2], withdrawn=True, reason="another's"), world, at=hour(5))

    assert cells(world, "DEVICEN") == ("1",)
