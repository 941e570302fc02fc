"""Corrections and the signature of a period, as they were by the cut."""

from datetime import timedelta

import pytest

from grading.exports.rows import last_change, scope_for
from regimens.models import WindowCompletion
from tests.builders import dose, draft, hour, kept, stay, treatment, vitals
from tests.dosing.conftest import NEXT, close_window, give
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db
WEEK = 168


def corrections(world, cut=1000):
    return [row["CORRN"] for row in rows(world, hour(cut))]


def test_later_versions_count_in_the_period_in_which_the_earlier_one_was(world):
    given = kept(dose(world), world).fact
    wrong = kept(vitals(world, 4), world).fact
    drug = kept(treatment(world, 5, "paracetamol", "antipyretic", "crs", dose=1000, unit="mg"), world).fact
    kept(dose(world, WEEK, step=1), world)
    assert corrections(world) == ["0", "0"]

    again = kept(vitals(world, 4, sbp=119, supersedes=wrong, reason="slip"), world, at=hour(WEEK + 1)).fact
    kept(vitals(world, WEEK + 2, supersedes=again, reason="of the week after"), world, at=hour(WEEK + 3))
    gone = {"supersedes": drug, "withdrawn": True, "reason": "another's"}
    kept(treatment(world, 5, "paracetamol", "antipyretic", "crs", dose=1000, unit="mg", **gone), world,
         at=hour(WEEK + 4))  # fmt: skip
    kept(dose(world, 1, supersedes=given, reason="an hour later"), world, at=hour(WEEK + 5))

    # the set twice, the drug once, and the dose itself, which was in no period before
    assert corrections(world) == ["4", "0"]
    assert corrections(world, WEEK + 3) == ["2", "0"]  # by then


def test_what_was_corrected_before_the_first_dose_is_in_no_period(world):
    there = kept(stay(world, -5), world).fact
    kept(stay(world, -5, bed="14", supersedes=there, reason="slip"), world, at=hour(-4))
    kept(dose(world), world)

    assert corrections(world) == ["0"]


def test_a_correction_that_changes_no_other_column_moves_the_time_of_the_row(world):
    kept(dose(world), world)
    seen = kept(vitals(world, 4), world).fact
    kept(vitals(world, 4, rigors=False, supersedes=seen, reason="asked again"), world, at=hour(7))

    assert rows(world, hour(9))[0]["LSTMODTM"] == "2026-03-02T16:00:00+00:00"  # 09:00 UTC and seven hours


def signed(world, cut=1000):
    return [picked(row, "SIGNDTM", "PERSTAT") for row in rows(world, hour(cut))]


def test_a_signed_window_is_said_once_its_period_is_over(ready):
    """Closed and signed at hour 49, 2026-03-04 10:00 UTC; the dose after three days ends the period."""
    there = "2026-03-04T18:00:00+08:00"
    assert signed(ready, NEXT - 1) == [(there, "OPEN")]
    kept(vitals(ready, NEXT - 2, reason="after the window"), ready, at=hour(NEXT))
    give(ready, NEXT + 1, step=1)

    assert signed(ready) == [(there, "SIGNED"), ("", "OPEN")]
    assert last_change(scope_for(ready.sponsor, ready.study.code)) == hour(NEXT + 1)


def test_what_comes_into_a_signed_window_voids_its_signature(ready):
    give(ready, NEXT, step=1)
    kept(vitals(ready, 30, reason="late"), ready, at=hour(NEXT + 1))

    assert signed(ready) == [("", "COMPLETE"), ("", "OPEN")]


def test_so_does_taking_it_back_and_moving_a_set_out_of_it(ready):
    [closing] = WindowCompletion.objects.all()
    seen = ready.participant.vitalsigns_facts.order_by("observed_at").first()
    kept(vitals(ready, 55, supersedes=seen, reason="of the day after"), ready, at=hour(60))
    assert signed(ready, 70) == [("", "OPEN")]

    back = draft(WindowCompletion, ready, 49, dose=closing.dose, complete=True, signed=True, supersedes=closing,
                 reason="too early", withdrawn=True)  # fmt: skip
    kept(back, ready, by=ready.investigator, at=hour(61))
    assert signed(ready, 70) == [("", "OPEN")]
    assert last_change(scope_for(ready.sponsor, ready.study.code)) == hour(61)
    close_window(ready, closing.dose, 62, complete=False)
    assert signed(ready, 70) == [("2026-03-05T07:00:00+08:00", "OPEN")]  # hour 62 is 23:00 UTC


def test_every_instant_is_written_to_the_second(world):
    kept(dose(world), world)

    [row] = rows(world, hour(4) + timedelta(microseconds=123_456))
    instants = [value for name, value in row.items() if name.endswith("DTM") and value]
    assert {len(value) for value in instants} == {len("2026-03-02T13:00:00+00:00")}
    assert row["CUTDTM"] == "2026-03-02T13:00:00+00:00"
