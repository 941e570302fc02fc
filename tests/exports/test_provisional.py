"""A provisional episode that nobody has judged, and the highest grade reached in the period (Rulings 2; case CF6)."""

import pytest

from grading.exports.rows import warnings_in
from grading.models import DosePeriod, Episode, GradeAssessment
from regimens.models import Disposition
from tests.builders import dose, draft, hour, kept, vitals
from tests.exports.datasets.reading import listed
from tests.exports.fhir.test_out import resources, search
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db

TOLD = ("CRSFL", "CRSMAXGR", "CRSEPN", "CRSMAXUP", "CRSPRVFL", "CRSPKGR")
SHOCK = {"hypotension": True, "vasopressors": ["norepinephrine"]}  # grade 3 when it is CRS
WEEK = 168


def look(world, h, **changes):
    kept(vitals(world, h, **changes), world)


def fever(world, h, **changes):
    look(world, h, temperature_c=38.6, **changes)


def say(world, grade, *, h, **which):
    root = Episode.objects.get(kind="crs", **which).root
    assessed = draft(GradeAssessment, world, h, about="episode", about_root=root, kind="crs", ledger="investigator",
                 agrees=False, grade=grade, because="bleeding")  # fmt: skip
    kept(assessed, world, by=world.investigator)


def exported(world, h=400, names=TOLD):
    return [picked(row, *names) for row in rows(world, hour(h))]


def events(world):
    """The grades of AE and of the AdverseEvents of FHIR."""
    bundle = search(world, "AdverseEvent", who="sponsor")
    grades = [one["severity"]["text"].removeprefix("ASTCT 2019 grade ") for one in resources(bundle)]
    return [grade for (grade,) in listed(world, "ae", hour(400), "AETOXGR")], grades


def test_cf6(world):
    kept(dose(world), world)
    look(world, 4, temperature_c=37, sbp=85, dbp=50, hypotension=True, fluid_bolus=True)
    worst = {"temperature_c": 37, "sbp": 70, "dbp": 40, "hypotension": True,
             "vasopressors": ["norepinephrine", "epinephrine"]}  # fmt: skip
    look(world, 5, **worst)
    look(world, 6, oxygen_device="bipap", **worst)

    assert exported(world, 10) == [("", "", "", "4", "Y", "")]


def test_judged_it_is_as_the_person_says(world):
    kept(dose(world), world)
    look(world, 4, **SHOCK)
    say(world, 0, h=5)
    assert exported(world) == [("N", "0", "0", "3", "N", "0")]

    say(world, 3, h=6)
    assert exported(world) == [("Y", "3", "1", "3", "N", "3")]


@pytest.mark.long
def test_whatever_tells_of_events_tells_of_it_once_a_person_says_that_it_was_one(world):
    """AE, the flags of ADCRS, who is at risk in ADTTE and the AdverseEvents of FHIR follow ADCRSP."""
    kept(dose(world), world)
    look(world, WEEK - 8, **SHOCK)
    kept(dose(world, WEEK, step=1), world)
    for h in (WEEK + 4, WEEK + 16, WEEK + 28):
        look(world, h)

    def answers():
        flags = listed(world, "adcrs", hour(400), "AOCCFL", "AOCCIFL", "CRSRECFL")
        at_risk = [one[1] for one in listed(world, "adtte", hour(400), "PARAMCD", "ANL01FL") if one[0] == "TTCRS"]
        return exported(world, names=("CRSFL", "CRSCARFL")), events(world), flags, at_risk

    waits = answers()
    say(world, 0, h=WEEK + 30)
    no_crs = answers()
    say(world, 3, h=WEEK + 31)

    assert waits == ([("", "N"), ("N", "")], ([], []), [("", "", "")], ["Y"])
    assert no_crs == ([("N", "N"), ("N", "N")], ([], []), [("", "", "")], ["Y", "Y"])
    assert answers() == ([("Y", "N"), ("N", "Y")], (["3"], ["3"]), [("Y", "Y", "N")], ["Y", ""])


def test_of_an_episode_that_was_judged_to_be_none_there_is_no_event(world):
    kept(dose(world), world)
    fever(world, 4)
    assert events(world) == (["1"], ["1"])

    say(world, 0, h=5)

    assert events(world) == ([], [])


def test_the_page_before_an_export_asks_for_a_judgement_and_not_for_data(world):
    """A provisional episode that nobody judged is no set with data missing: who looks for one finds none."""
    kept(dose(world), world)
    look(world, 4, **SHOCK)

    def counts():
        warnings = warnings_in(DosePeriod.objects.all(), hour(400))
        return warnings["periods_whose_crs_is_not_known"], warnings["periods_to_be_judged"]

    assert counts() == (0, 1)
    say(world, 0, h=5)
    assert counts() == (0, 0)
    kept(dose(world, WEEK, step=1), world)
    look(world, WEEK + 1, temperature_c=None)
    assert counts() == (1, 0)


def test_nobody_looked_is_no_answer(world):
    kept(dose(world), world)

    assert exported(world) == [("", "", "", "", "", "")]


def test_beside_crs_it_leaves_what_cannot_be_known_empty(world):
    """CRS is certain; its highest grade is not, while the shock before the fever may have been it."""
    kept(dose(world), world)
    look(world, 4, **SHOCK)
    fever(world, 6)

    assert exported(world) == [("Y", "", "", "3", "Y", "")]
    say(world, 0, h=7, provisional__gt="")
    assert exported(world) == [("Y", "1", "1", "3", "N", "1")]


def test_beside_crs_that_was_worse_the_grade_is_known(world):
    kept(dose(world), world)
    look(world, 4, hypotension=True)
    fever(world, 6, **SHOCK)

    assert exported(world) == [("Y", "3", "", "3", "Y", "3")]


def test_carried_into_the_next_period_it_is_unjudged_there_too(world):
    kept(dose(world), world)
    look(world, WEEK - 2, **SHOCK)
    kept(dose(world, WEEK, step=1), world)
    look(world, WEEK + 1)

    names = ("CRSFL", "CRSCARFL", "CRSPRVFL", "CRSPKGR")
    assert exported(world, names=names) == [("", "N", "Y", ""), ("N", "", "Y", "")]
    say(world, 2, h=WEEK + 2)
    assert exported(world, names=names) == [("Y", "N", "N", "2"), ("N", "Y", "N", "0")]


def test_the_peak_counts_what_a_carried_episode_reached_here(world):
    kept(dose(world), world)
    fever(world, WEEK - 2)
    kept(dose(world, WEEK, step=1), world)
    fever(world, WEEK + 1, **SHOCK)
    look(world, WEEK + 5)

    names = ("CRSFL", "CRSMAXGR", "CRSCARFL", "CRSPKGR")
    assert exported(world, names=names) == [("Y", "3", "N", "1"), ("N", "0", "Y", "3")]


def test_a_final_grade_counts_where_the_maximum_was_reached(world):
    kept(dose(world), world)
    fever(world, WEEK - 2)
    kept(dose(world, WEEK, step=1), world)
    fever(world, WEEK + 1, **SHOCK)
    say(world, 4, h=WEEK + 2)
    assert exported(world, names=("CRSMAXGR", "CRSPKGR")) == [("4", "1"), ("0", "4")]

    say(world, 0, h=WEEK + 3)
    assert exported(world, names=("CRSMAXGR", "CRSPKGR")) == [("0", "0"), ("0", "0")]


def test_death_is_a_peak_that_no_set_tells(world):
    kept(dose(world), world)
    fever(world, 4)
    kept(draft(Disposition, world, 6, kind="death_crs"), world)

    assert exported(world, names=("CRSMAXGR", "CRSPKGR")) == [("5", "5")]


def test_a_set_with_data_missing_raises_the_peak_and_makes_no_none(world):
    kept(dose(world), world)
    look(world, 3, temperature_c=None)
    assert exported(world, names=("CRSPKGR",)) == [("",)]

    fever(world, 4, oxygen_device=None, spo2=None)
    assert exported(world, names=("CRSPKGR",)) == [("1",)]
