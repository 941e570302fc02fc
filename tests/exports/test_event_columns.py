"""CRSSERFL, CRSOUT, CRSACN and NXDELFL: what investigators said of the episodes of a period, by hand."""

import pytest

from grading.models import Episode, EventReport
from tests.builders import draft, hour, kept
from tests.exports.reading import picked, rows
from tests.exports.test_final_grades import seen  # noqa: F401  # a period with two episodes of CRS and one of ICANS

pytestmark = pytest.mark.django_db
NAMES = ("CRSSERFL", "CRSOUT", "CRSACN", "NXDELFL")
FIRST = {"serious": False, "outcome": "RECOVERED/RESOLVED", "action": "DOSE NOT CHANGED", "next_dose_delayed": False}


def say(world, *, episode=0, kind="crs", h=70, **columns):
    root = Episode.objects.filter(kind=kind).order_by("started_at")[episode].root
    values = {"kind": kind, "about_root": root, "criteria": []} | columns
    return kept(draft(EventReport, world, h, **values), world, by=world.investigator).fact


def reported(world, cut=80):
    (row,) = rows(world, hour(cut))
    return picked(row, *NAMES)


def test_null_until_it_was_said_of_every_episode(seen):  # noqa: F811
    assert reported(seen) == ("", "", "", "")
    say(seen, **FIRST)
    assert reported(seen) == ("", "", "", "")
    say(seen, episode=1, **FIRST | {"outcome": "RECOVERING/RESOLVING", "action": "DRUG INTERRUPTED"})
    assert reported(seen) == ("N", "RECOVERING/RESOLVING", "DRUG INTERRUPTED", "")
    say(seen, kind="icans", next_dose_delayed=False)
    assert reported(seen) == ("N", "RECOVERING/RESOLVING", "DRUG INTERRUPTED", "N")


def test_the_worst_is_told_at_once_and_the_newest_word_holds(seen):  # noqa: F811
    say(seen, serious=True, criteria=["death"], outcome="FATAL", action="DRUG WITHDRAWN", next_dose_delayed=True)
    assert reported(seen) == ("Y", "FATAL", "DRUG WITHDRAWN", "Y")

    say(seen, h=71, **FIRST)
    say(seen, episode=1, h=71, **FIRST)
    assert reported(seen) == ("N", "RECOVERED/RESOLVED", "DOSE NOT CHANGED", "")
