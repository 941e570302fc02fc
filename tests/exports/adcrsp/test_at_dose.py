"""What the row says of the dose itself: weight, total, delay, place, parts. Counted by hand; hours are from dose 1."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
from django.db import connection

from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from grading.exports.datasets import ADCRSP
from grading.exports.datasets.statement import copy_csv, statement
from grading.exports.writers import blocks_of
from regimens.blinding import Profile
from regimens.facts import Source
from regimens.models import DoseStatus, Measured, Measurement, Participant, StayEnd, Step
from regimens.services.cohorts import change_cohort
from tests.builders import build_world, dose, draft, hour, kept, stay
from tests.exports.reading import picked, rows
from tests.treatment.conftest import FIH, adopted

pytestmark = pytest.mark.django_db
WEEK = 168  # hours
BY_WEIGHT = {"unit": "mg/kg", "amount": D("0.06"), "source": Source.IMPORT}


def column(world, name, *, cut=1000):
    return [row[name] for row in rows(world, hour(cut))]


def weigh(world, kg, h, **columns):
    """Entered at hour 200, whenever it was measured."""
    one = draft(Measurement, world, h, **{"kind": Measured.WEIGHT, "value": D(kg), "reason": "found later"} | columns)
    return kept(one, world, at=hour(200))


def test_the_last_weight_up_to_each_dose_and_what_was_given_in_all(world):
    weigh(world, "70.5", -2)
    kept(dose(world, **BY_WEIGHT), world)
    weigh(world, "72", 100)
    kept(dose(world, WEEK, step=1), world)
    weigh(world, "75", WEEK + 1)  # after it

    # 0.06 mg/kg x 70.5 kg = 4.23 mg; 25 mg are 25 mg, whoever weighs what.
    assert (column(world, "DOSWT"), column(world, "ADOSEMG")) == (["70.5", "72"], ["4.23", "25"])


def test_a_weight_that_comes_late_or_is_corrected_counts_where_it_was_measured(world):
    kept(dose(world, **BY_WEIGHT), world)
    assert (column(world, "DOSWT"), column(world, "ADOSEMG")) == ([""], [""])

    late = weigh(world, "80", -3).fact
    assert (column(world, "DOSWT"), column(world, "ADOSEMG")) == (["80"], ["4.8"])
    right = {"supersedes": late, "reason": "slip"}
    corrected = weigh(world, "60", -3, **right).fact
    assert (column(world, "DOSWT"), column(world, "ADOSEMG")) == (["60"], ["3.6"])
    weigh(world, "60", -3, supersedes=corrected, reason="another participant's", withdrawn=True)

    assert (column(world, "DOSWT"), column(world, "ADOSEMG")) == ([""], [""])


def test_a_dose_not_given_has_none_of_it(world):
    weigh(world, "70", -2)
    kept(stay(world, -2), world)
    kept(dose(world, status=DoseStatus.NOT_GIVEN, amount=None, not_given_because="fever"), world)

    [row] = rows(world, hour(5))
    assert picked(row, "DOSWT", "ADOSEMG", "SETTING", "DOSDLYH", "NXDELH") == ("",) * 5


def test_where_the_participant_was_at_the_dose(world):
    kept(dose(world), world)
    assert column(world, "SETTING") == [""]  # no stay is on record: not the same as at home

    there = kept(stay(world, -2, reason="entered later"), world, at=hour(1)).fact
    kept(draft(StayEnd, world, 20, stay=there), world)
    kept(dose(world, WEEK, step=1), world)
    kept(stay(world, 2 * WEEK), world)
    kept(dose(world, 2 * WEEK, step=2), world)
    assert column(world, "SETTING") == ["INPATIENT", "OUTPATIENT", "INPATIENT"]

    gone = {"supersedes": there, "reason": "another participant's", "withdrawn": True}
    kept(stay(world, -2, **gone), world, at=hour(400))
    assert column(world, "SETTING") == ["OUTPATIENT", "OUTPATIENT", "INPATIENT"]


def test_the_delay_is_against_the_time_entered_or_else_the_plan(world):
    """The steps are planned for days 1, 8 and 15: a week apart."""
    kept(dose(world), world)
    kept(dose(world, WEEK + 5, step=1), world)
    assert column(world, "DOSDLYH") == ["", "5.00"]  # nothing plans the first one
    kept(dose(world, 2 * WEEK + 4.5, step=2, planned_at=hour(2 * WEEK + 6.25)), world)

    assert column(world, "DOSDLYH") == ["", "5.00", "-1.75"]
    assert column(world, "NXDELH") == ["5.00", "-1.75", ""]
    assert column(world, "NXDELH", cut=WEEK + 5) == ["5.00", ""]  # what comes after the cut is not there
    assert column(world, "NXDELH", cut=WEEK) == [""]


def test_a_dose_that_is_moved_or_entered_late_moves_the_delay_of_the_next(world):
    first = kept(dose(world), world).fact
    kept(dose(world, WEEK, step=1), world)
    moved = dose(world, 2, supersedes=first, reason="typed wrong")
    kept(moved, world, at=hour(WEEK + 1))

    assert column(world, "DOSDLYH") == ["", "-2.00"]


def test_a_week_is_seven_days_on_the_clocks_of_the_site(world):
    """Paris goes from 02:00 to 03:00 on 2026-03-29, Taipei never: 10:00 there, 17:00 here, a week and 168 h on."""
    with acting(by="test", reason="another site"):
        there = Participant.objects.create(
            study=world.study, site=world.other_site, number="DEMO-002", regimen=world.regimen
        )
    for participant, by in ((world.participant, world.nurse), (there, world.outsider)):
        for step, day in ((0, datetime(2026, 3, 25, 9, tzinfo=UTC)), (1, datetime(2026, 4, 1, 9, tzinfo=UTC))):
            kept(dose(world, participant=participant, step=step, observed_at=day), world, by=by)

    cells = [picked(row, "TZ", "ASPRSDTM", "DOSDLYH") for row in rows(world, datetime(2026, 4, 2, tzinfo=UTC))]
    assert cells[1::2] == [
        ("Europe/Paris", "2026-04-01T11:00:00+02:00", "1.00"), ("Asia/Taipei", "2026-04-01T17:00:00+08:00", "0.00"),
    ]  # fmt: skip


def test_the_delay_of_a_repeated_dose_is_by_the_rules_on_file():
    """d1, then d2 every 7 days from the dose before."""
    world = adopted(build_world("FIH"), FIH, "C2")
    for step, h in ((0, 0), (1, WEEK + 2), (1, 2 * WEEK + 5)):
        kept(dose(world, h, step=step, source=Source.IMPORT), world)

    assert column(world, "DOSDLYH") == ["", "2.00", "3.00"]


def test_the_parts_of_a_split_dose_have_the_number_of_the_first(world):
    with acting(by="test", reason="a split dose"):
        Step.objects.filter(pk=world.steps[0].pk).update(split_with="STEP-UP 2")
        Step.objects.filter(pk=world.steps[1].pk).update(split_with="STEP-UP 1")
    world.steps = list(Step.objects.filter(regimen=world.regimen).order_by("position"))
    # both parts, the full dose, both again, and a second part that no first one came before
    for h, step in ((0, 0), (24, 1), (WEEK, 2), (2 * WEEK, 0), (2 * WEEK + 24, 1), (3 * WEEK, 1)):
        kept(dose(world, h, step=step), world)

    assert column(world, "STEPDOSN") == ["1", "1", "3", "4", "4", "6"]


def test_a_cohort_is_told_under_the_open_profile_and_as_it_was_corrected():
    plan = FIH | {"cohorts": [*FIH["cohorts"], {"name": "C3", "ladder": {"d1": 4}}]}
    world = adopted(build_world("FIH"), plan, "C2")
    kept(dose(world, source=Source.IMPORT), world)

    def cohorts(profile):
        query = copy_csv(statement(ADCRSP, study=world.study, sites=None, cut=hour(9), profile=profile))
        with connection.cursor() as cursor:
            head, *lines = b"".join(blocks_of(cursor.cursor, query)).decode().splitlines()
        return [line.split(",")[head.split(",").index("COHORT")] for line in lines]

    assert [cohorts(profile) for profile in Profile] == [["C2"], [""], [""], ["C2"]]  # the last: a monitoring committee
    change_cohort(
        proof=Proof.PASSWORD,
        participant_id=world.participant.pk, to="C3", because="typed wrong", was_wrong=True, by=world.investigator,
        at=hour(5),
    )  # fmt: skip
    assert cohorts(Profile.OPEN) == ["C3"]
