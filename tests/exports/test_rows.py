"""Hand-made courses; every expected value is counted by hand from exports.md."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.alerting.services.escalation import due, meet
from regimens.models import Disposition, DoseEnd, DoseStatus, Participant, StayEnd, Step
from tests.builders import dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.exports.datasets.reading import listed
from tests.exports.packet.test_regrading import of_tables, regraded
from tests.exports.reading import picked, rows
from tests.sizes import sized

pytestmark = pytest.mark.django_db
WEEK = 168  # hours


def second_participant(world, number="DEMO-002"):
    with acting(by="test", reason="another participant"):
        return Participant.objects.create(
            study=world.study, site=world.other_site, number=number, regimen=world.regimen
        )


def crs(world, start, *, grade=1, free_at):
    """An episode from `start`, seen free at `free_at` and for 24 h on."""
    worse = {"sbp": 85, "hypotension": True} if grade == 2 else {}
    kept(vitals(world, start, temperature_c=38.6, **worse), world)
    for h in (free_at, free_at + 12, free_at + 24):
        kept(vitals(world, h), world)


def test_crs_27_hours_after_dose_2(world):
    kept(dose(world), world)
    kept(vitals(world, 10), world)
    kept(dose(world, WEEK, step=1), world)
    crs(world, WEEK + 27, grade=2, free_at=WEEK + 44)

    first, second = rows(world, hour(WEEK + 80))

    assert picked(first, "CRSFL", "CRSMAXGR", "CRSEPN", "CRSONH", "PERDURH", "PERENDC") == (
        "N", "0", "0", "", "168.00", "NEXT DOSE")  # fmt: skip
    assert picked(second, "CRSFL", "CRSMAXGR", "CRSEPN", "CRSONH", "CRSMXH", "CRSRECFL") == (
        "Y", "2", "1", "27.00", "27.00", "N")  # fmt: skip
    assert picked(second, "CRSDURH", "CRSDUR1H", "CRSONGFL", "SBPMIN", "TEMPMAX", "TEMPMXH") == (
        "17.00", "17.00", "N", "85", "38.6", "27.00")  # fmt: skip
    # Hour 0 is 2026-03-02 09:00 UTC, 17:00 in Taipei; a week and 27 h later it is 2026-03-10 20:00 there.
    assert picked(second, "ASPRSDTM", "CRSONDTM", "ASPRSDY", "ASPERC", "APHASE", "PDOSE", "ADOSE") == (
        "2026-03-09T17:00:00+08:00", "2026-03-10T20:00:00+08:00", "8", "STEP-UP 2", "STEP-UP", "25", "25")  # fmt: skip
    assert picked(second, "PERENDC", "PERDURH", "PERSTAT") == ("DATA CUT", "80.00", "OPEN")


def test_a_period_that_nobody_observed_is_null_and_never_no_crs(world):
    kept(dose(world), world)

    (row,) = rows(world, hour(48))

    unknown = ("CRSFL", "CRSMAXGR", "CRSEPN", "CRSCARFL", "CRSRECFL", "ICNFL", "ICNMAXGR", "TOCIFL", "TOCIN", "STERFL",
               "TEMPMAX", "O2MAXN", "VASOPN", "BOLUSFL", "HOSPH", "ICUFL", "PREMSTFL")  # fmt: skip
    assert picked(row, *unknown) == ("",) * len(unknown)
    assert row["OBSRECN"] == "0"


def test_sets_that_leave_doubt_say_nothing_about_crs_but_bound_it(world):
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=None, oxygen_device=None, spo2=None), world)

    (row,) = rows(world, hour(48))

    assert picked(row, "CRSFL", "CRSMAXGR", "OBSRECN", "SBPMIN") == ("", "", "1", "120")
    assert int(row["CRSMAXUP"]) > 0


def test_an_episode_carried_over_a_dose_counts_where_it_began(world):
    kept(dose(world), world)
    kept(vitals(world, 160, temperature_c=38.2), world)
    kept(dose(world, WEEK, step=1), world)
    for h in (170, 182, 194):
        kept(vitals(world, h), world)

    first, second = rows(world, hour(200))

    assert picked(first, "CRSFL", "CRSONGFL", "CRSDURH") == ("Y", "Y", "10.00")
    assert picked(second, "CRSFL", "CRSCARFL", "CRSEPN") == ("N", "Y", "0")


def test_an_episode_not_over_counts_to_the_cut(world):
    kept(dose(world), world)
    kept(vitals(world, 27, temperature_c=38.6), world)

    (row,) = rows(world, hour(30.5))

    assert picked(row, "CRSDURH", "CRSDUR1H", "CRSONGFL", "CRSENDTM") == ("3.50", "3.50", "Y", "")


def test_nobody_who_left_has_hours_of_an_episode_after_that(world):
    kept(dose(world), world)
    kept(vitals(world, 27, temperature_c=38.6), world)
    kept(dose(world, 28, step=1), world)
    kept(draft(Disposition, world, 31.5, kind="lost"), world)

    first, _second = rows(world, hour(400))

    assert picked(first, "CRSDURH", "CRSDUR1H", "CRSONGFL", "CRSENDTM") == ("4.50", "4.50", "Y", "")
    assert listed(world, "adcrs", hour(400), "ADURN", "AENRTPT") == [("4.50", "ONGOING")]
    assert listed(world, "ae", hour(400), "AEENRTPT", "AEENTPT") == [("ONGOING", "2026-03-04T00:30:00+08:00")]
    assert listed(world, "adcrs", hour(30), "ADURN") == [("3.00",)]  # a cut before it


def test_two_episodes_of_a_period_and_a_recurrence(world):
    kept(dose(world), world)
    crs(world, 10, free_at=20)
    kept(vitals(world, 60, temperature_c=38.1), world)
    kept(vitals(world, 66), world)
    kept(vitals(world, 90), world)
    kept(dose(world, WEEK, step=1), world)
    crs(world, WEEK + 5, free_at=WEEK + 8)

    first, second = rows(world, hour(WEEK + 40))

    assert picked(first, "CRSEPN", "CRSRECFL", "CRSDURH", "CRSDUR1H", "CRSONH") == ("2", "N", "16.00", "10.00", "10.00")
    assert picked(second, "CRSEPN", "CRSRECFL") == ("1", "Y")


def test_a_dose_not_given_keeps_a_row_with_nulls(world):
    kept(dose(world), world)
    kept(vitals(world, 4), world)
    kept(dose(world, WEEK, step=1, planned_at=hour(WEEK), status=DoseStatus.NOT_GIVEN, amount=None,
              not_given_because="infection"), world)  # fmt: skip
    kept(dose(world, 2 * WEEK, step=1), world)

    first, skipped, third = rows(world, hour(2 * WEEK + 1))

    assert picked(skipped, "DOSENUM", "DOSSTAT", "ASPERC", "PDOSE") == ("2", "NOT GIVEN", "STEP-UP 2", "25")
    kept_columns = {"GRADVER", "CUTDTM", "LSTMODTM", "QRYOPENN"}  # it may be asked about
    below = list(skipped)[list(skipped).index("DOSSTAT") + 1 :]
    assert {name for name in below if skipped[name]} == kept_columns
    assert (first["PERDURH"], third["DOSENUM"]) == ("336.00", "3")


def test_drugs(world):
    kept(treatment(world, -1, "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg"), world)
    kept(dose(world), world)
    kept(vitals(world, 27, temperature_c=38.6), world)
    kept(treatment(world, 29.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), world)
    kept(treatment(world, 30, "methylprednisolone", "corticosteroid", "crs", dose=80, unit="mg"), world)
    kept(treatment(world, 37.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), world)

    (row,) = rows(world, hour(48))

    assert picked(row, "TOCIFL", "TOCIN", "TOCIMG", "TOCIONH", "TOCIDSH", "TOCIPRFL") == (
        "Y", "2", "960", "2.50", "29.50", "N")  # fmt: skip
    # 80 mg of methylprednisolone are 80 x 0.1875 = 15 mg of dexamethasone.
    assert picked(row, "STERFL", "STERDXMG", "STERONH", "PREMSTFL", "OACYTFL") == ("Y", "15", "3.00", "Y", "N")


def test_icans_within_seven_days_of_crs_is_concurrent(world):
    kept(dose(world), world)
    crs(world, 10, free_at=20)
    kept(neuro(world, 48, ice_writing=False, ice_attention=False), world)

    (row,) = rows(world, hour(50))

    assert picked(row, "ICNFL", "ICNMAXGR", "ICNONH", "ICNDURH", "ICNCRSFL", "ICEMIN") == (
        "Y", "1", "48.00", "2.00", "Y", "8")  # fmt: skip


def test_hospital_hours_of_an_open_period_count_to_the_cut(world):
    kept(stay(world, -2), world)
    kept(dose(world), world)
    kept(stay(world, 10, kind="icu"), world)
    kept(stay(world, 16), world)

    (row,) = rows(world, hour(24))

    assert picked(row, "HOSPH", "ICUH", "ICUFL") == ("24.00", "6.00", "Y")


def test_hospital_hours_end_when_the_participant_leaves(world):
    there = kept(stay(world, -2), world).fact
    kept(dose(world), world)
    kept(draft(StayEnd, world, 20, stay=there), world)

    (row,) = rows(world, hour(48))

    assert picked(row, "HOSPH", "ICUH", "ICUFL") == ("20.00", "0.00", "N")


def test_alerts_of_the_period(world):
    kept(dose(world), world)
    raised = kept(vitals(world, 27, temperature_c=38.6), world).alerts
    acknowledge(str(raised[0].pk), by=world.nurse, at=hour(27) + timedelta(minutes=4, seconds=30))
    kept(dose(world, WEEK, step=1), world)

    first, second = rows(world, hour(WEEK + 1))

    assert picked(first, "ALRTN", "ALRTACKN", "ALRTMEDM", "ALRTMAXM") == ("1", "1", "4.50", "4.50")
    assert picked(second, "ALRTN", "ALRTACKN", "ALRTMEDM") == ("0", "0", "")


def test_alerts_that_nobody_answered_are_escalated(world):
    """Called, called again after ten minutes (there is no ladder), answered, and the answer lapsed after 30."""
    kept(dose(world), world)
    [alert] = kept(vitals(world, 27, temperature_c=38.6, sbp=85, hypotension=True), world).alerts
    kept(neuro(world, 28), world)
    assert picked(rows(world, hour(28.1))[0], "ALRTN", "ALRTACKN", "ALRTESCN") == ("1", "0", "0")

    for minutes in (10, 20):
        at = hour(27) + timedelta(minutes=minutes)
        assert [meet(one, at=at) for one in due(at=at)] == [True]
    acknowledge(str(alert.pk), by=world.nurse, at=hour(27.5))
    assert [meet(one, at=hour(28)) for one in due(at=hour(28))] == [True]

    (row,) = rows(world, hour(28.1))
    assert picked(row, "ALRTN", "ALRTACKN", "ALRTMEDM", "ALRTESCN") == ("1", "1", "30.00", "1")


def test_the_end_of_an_infusion(world):
    given = kept(dose(world), world).fact
    kept(draft(DoseEnd, world, 4, dose=given), world)
    kept(dose(world, WEEK, step=1, route="SUBCUTANEOUS"), world)

    assert [row["DOSENDTM"] for row in rows(world, hour(WEEK + 1))] == [
        "2026-03-02T21:00:00+08:00", "2026-03-09T17:00:00+08:00"]  # fmt: skip


def test_death_ends_a_period(world):
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.4), world)
    kept(draft(Disposition, world, 30, kind="death_crs"), world, by=world.investigator)

    (row,) = rows(world, hour(48))

    assert picked(row, "PERENDC", "PERDURH", "CRSMAXGR", "PERSTAT") == ("DEATH", "30.00", "5", "COMPLETE")


def test_a_step_up_dose_after_a_target_dose_is_a_restart(world):
    for week, step in enumerate((0, 1, 2, 0, 2)):
        kept(dose(world, week * WEEK, step=step), world)

    assert [row["APHASE"] for row in rows(world, hour(5 * WEEK))] == [
        "STEP-UP", "STEP-UP", "TREATMENT", "RE-START", "TREATMENT"]  # fmt: skip


def test_a_dose_after_the_cut_is_not_there_and_the_period_before_it_ends_at_the_cut(world):
    kept(dose(world), world)
    kept(dose(world, WEEK, step=1), world)

    (row,) = rows(world, hour(100))

    assert picked(row, "DOSENUM", "PERENDC", "PERDURH") == ("1", "DATA CUT", "100.00")


def test_rows_are_sorted_and_each_site_has_its_own_clock(world):
    there = second_participant(world)
    kept(dose(world), world)
    kept(dose(world, participant=there), world, by=world.outsider)

    exported = rows(world, hour(1))

    # DEMO-PAR sorts before DEMO-TPE; 09:00 UTC in March is 10:00 in Paris and 17:00 in Taipei.
    assert [picked(row, "SITEID", "ASPRSDTM") for row in exported] == [
        ("DEMO-PAR", "2026-03-02T10:00:00+01:00"), ("DEMO-TPE", "2026-03-02T17:00:00+08:00")]  # fmt: skip
    assert {row["CUTDTM"] for row in exported} == {"2026-03-02T10:00:00+00:00"}


ZONES = [
    "Europe/Paris", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.req("R14")
@pytest.mark.parametrize("zone", sized(ZONES, sample=ZONES[-2:]))
def test_hours_are_elapsed_and_offsets_right_through_every_change_of_clocks(world, zone):
    with acting(by="test", reason="a zone"):
        world.site.time_zone = zone
        world.site.save()
    start = datetime(2025, 1, 1, tzinfo=UTC)
    starts = [start + timedelta(days=14 * n, hours=n % 24, minutes=7) for n in range(28)]
    for at in starts:
        kept(dose(world, observed_at=at), world, at=at)

    exported = rows(world, starts[-1] + timedelta(hours=1))

    assert [row["ASPRSDTM"] for row in exported] == [at.astimezone(ZoneInfo(zone)).isoformat() for at in starts]
    elapsed = [f"{(b - a) / timedelta(hours=1):.2f}" for a, b in pairwise(starts)]
    assert [row["PERDURH"] for row in exported[:-1]] == elapsed


@pytest.mark.long
def test_crs_by_step_of_a_small_trial(world):
    """exports.md section 4: count(CRSFL = Y) / doses given, by ASPERC."""
    people = [world.participant, *(second_participant(world, f"DEMO-00{n}") for n in (2, 3))]
    with_crs = {(0, 0), (1, 0), (1, 1)}  # (participant, step): 2 of 3 at step 1, 1 of 3 at step 2, 0 of 2 at full dose
    for person, participant in enumerate(people):
        by = world.nurse if person == 0 else world.outsider
        for step in range(2 if person == 2 else 3):
            at = step * WEEK
            kept(dose(world, at, step=step, participant=participant), world, by=by)
            fever = {"temperature_c": 38.5} if (person, step) in with_crs else {}
            for h, changes in ((24, fever), (36, {}), (60, {})):
                kept(vitals(world, at + h, participant=participant, **changes), world, by=by)

    counted = {}
    for row in rows(world, timezone.now()):
        if row["DOSSTAT"] in ("GIVEN", "PARTIAL", "INTERRUPTED"):
            crs_of, doses = counted.get(row["ASPERC"], (0, 0))
            counted[row["ASPERC"]] = (crs_of + (row["CRSFL"] == "Y"), doses + 1)

    assert counted == {"STEP-UP 1": (2, 3), "STEP-UP 2": (1, 3), "FULL DOSE 1": (0, 2)}


@pytest.mark.parametrize(
    ("window", "cut", "expected"),
    [
        (48, 47, {"RISKWCFL": "N", "CENSFL": "Y", "PERENDC": "DATA CUT"}),
        (48, 48, {"RISKWCFL": "Y", "CENSFL": "N", "PERENDC": "DATA CUT"}),
        (None, 48, {"RISKWCFL": "", "CENSFL": "", "PERENDC": "DATA CUT"}),
    ],
)
def test_a_period_is_censored_until_its_risk_window_is_over(world, window, cut, expected):
    with acting(by="test", reason="test"):
        Step.objects.filter(pk=world.steps[0].pk).update(risk_window_h=window)
    kept(dose(world), world)

    row = rows(world, hour(cut))[0]

    assert {name: row[name] for name in expected} == expected


def test_the_longest_gap_is_that_of_the_window(world):
    kept(dose(world), world)
    for h in (2, 7, 20, 80):  # the window is 24 h
        kept(vitals(world, h), world)

    assert rows(world, hour(100))[0]["MAXGAPH"] == "13.00"


@pytest.mark.parametrize(
    ("looks", "more", "cut", "gap"),
    [
        ((), {}, 100, "24.00"),
        ((4,), {}, 100, "20.00"),
        ((4, 80), {}, 100, "20.00"),  # a look after the window ends no gap in it
        ((4,), {}, 18, "14.00"),  # it goes on at the cut
        ((4,), {"dose": 9}, 100, "5.00"),
        ((4,), {"left": 17}, 100, "13.00"),
        ((4, 24), {}, 100, "20.00"),
    ],
    ids=[
        "nobody",
        "then nobody",
        "after it",
        "to the cut",
        "to the next dose",
        "to the end of observation",
        "at its end",
    ],
)
def test_that_nobody_looked_any_more_is_a_gap_too(world, looks, more, cut, gap):
    kept(dose(world), world)
    for h in looks:
        kept(vitals(world, h), world)
    if "dose" in more:
        kept(dose(world, more["dose"], step=1), world)
    if "left" in more:
        kept(draft(Disposition, world, more["left"], kind="discontinued"), world)

    assert rows(world, hour(cut))[0]["MAXGAPH"] == gap
    assert regraded(of_tables(world, hour(cut)))[0] == []
