"""Planned time points (SDTMIG 3.4, 4.4.10): --TPT, --TPTNUM and --ELTM say which slot of the plan a look was for.

Dose 1 of 001 plans vital signs every 4 h and neuro assessments every 8 h for 24 h. She is looked at after 4 h, asleep
at 8 h, and looked at again after 27 h and 28 h: late, for the slots of 24 h, which are over at 28 h and at 32 h.
"""

import pytest
from django.db import connection

from grading.exports.datasets.time_points import ELAPSED, NAME, NUMBER
from tests.exports.datasets.reading import BY_NAME
from tests.exports.datasets.test_adam import of

pytestmark = pytest.mark.django_db
AT_24_H = ("24 H AFTER DOSE", "24", "PT24H")
NOT_PLANNED = ("", "", "")


def point(row, domain):
    return tuple(row[f"{domain}{name}"] for name in ("TPT", "TPTNUM", "ELTM"))


def test_a_set_has_the_time_point_of_the_slot_that_it_fills(trial):
    by_time = {row["VSDTC"][:16]: point(row, "VS") for row in of(trial, "vs") if row["VSTESTCD"] == "TEMP"}

    assert by_time == {
        "2026-03-02T15:00": NOT_PLANNED,  # before the dose
        "2026-03-02T21:00": ("4 H AFTER DOSE", "4", "PT4H"),
        "2026-03-03T20:00": AT_24_H,
        "2026-03-04T13:00": NOT_PLANNED, "2026-03-05T01:00": NOT_PLANNED, "2026-03-05T13:00": NOT_PLANNED,
    }  # fmt: skip


def test_a_slot_in_which_nobody_looked_has_its_own(trial):
    asleep = next(row for row in of(trial, "vs") if row["VSREASND"] == "ASLEEP")

    assert (*point(asleep, "VS"), asleep["VSTPTREF"]) == ("8 H AFTER DOSE", "8", "PT8H", "DOSE 1")


def test_an_ice_and_a_grade_have_that_of_their_look(trial):
    assert {point(row, "FT") for row in of(trial, "ft") if row["FTDTC"].startswith("2026-03-03T21:00")} == {AT_24_H}
    graded = {(row["RSTESTCD"], row["RSEVAL"]): point(row, "RS") for row in of(trial, "rs") if row["RSORRES"] == "2"}
    assert graded == {("CRSGR", "ALGORITHM"): AT_24_H, ("CRSGR", "INVESTIGATOR"): NOT_PLANNED}


def test_advs_has_the_same_as_an_analysis_time_point(trial):
    fever = next(row for row in of(trial, "advs") if row["AVAL"] == "38.6")

    assert (fever["ATPT"], fever["ATPTN"]) == AT_24_H[:2]
    assert {row["ATPT"] for row in of(trial, "advs") if not row["ASPER"]} == {""}


@pytest.mark.parametrize(
    ("minutes", "name", "number", "elapsed"),
    [
        (0, "0 H AFTER DOSE", "0", "PT0H"),
        (30, "0.5 H AFTER DOSE", "0.5", "PT30M"),
        (60, "1 H AFTER DOSE", "1", "PT1H"),
        (90, "1.5 H AFTER DOSE", "1.5", "PT1H30M"),
        (2880, "48 H AFTER DOSE", "48", "PT48H"),
    ],
)
def test_elapsed_time_is_a_duration_of_iso_8601(minutes, name, number, elapsed):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NAME}, ({NUMBER})::text, {ELAPSED} FROM (SELECT {minutes} AS planned_min) fact")

        assert cursor.fetchone() == (name, number, elapsed)


@pytest.mark.parametrize("domain", ["vs", "ft", "rs"])
def test_they_stand_where_the_guide_has_them_before_their_reference(domain):
    names = [column.name for column in BY_NAME[domain].columns]

    assert names[-5:] == [f"{domain.upper()}{name}" for name in ("TPT", "TPTNUM", "ELTM", "TPTREF", "RFTDTC")]
