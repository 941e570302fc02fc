"""Hours that an earlier grade asks for with the next dose: kept with it, and observed at the bedside."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.bedside.selectors.ward import ward_board
from grading.dosing.selectors.gate import rules_asking
from grading.dosing.selectors.gate_case import case_of
from grading.dosing.selectors.window import window_page
from grading.models import DosePeriod
from grading.recording.rederiving import rederive_participant
from regimens.library import document_from, plan_named, read
from regimens.models import Dose, DoseEnd, DoseStatus
from regimens.services.versions import amend
from tests.builders import RISK_WINDOWS, dose, draft, hour, kept, neuro, vitals
from tests.dosing.conftest import DAY, close_window, enrolled
from tests.stages import stage

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": Decimal("38.6")}
LOW = {"sbp": Decimal(84), "hypotension": True}  # no vasopressor: grade 2
SWISS = "after G>=2 CRS: inpatient >=72 h with the NEXT dose, daily to 7 d (Swiss)"  # regimens.yaml, MOS_CH


def under(name, region):
    world = enrolled("LNG", name, region)
    with acting(by="test", reason="looked at every 12 h"):
        world.regimen.steps.update(vitals_every_h=12)
    return world


def given(world, h, step, **columns):
    return kept(dose(world, h, step=step, **columns), world).fact


def crs(world, h, *, grade):
    """An episode of this grade from `h` on, observed free for a day by the time two days have passed."""
    kept(neuro(world, h - 1), world)
    kept(vitals(world, h, **FEVER | (LOW if grade == 2 else {})), world)
    for later in range(6, 49, 6):
        kept(vitals(world, h + later), world)


@stage(lasts_s=600)
def dosed():
    """Mosunetuzumab, Swiss label: it names no window, and 72 h with the next dose after grade 2. The first is given."""
    world = under("mosunetuzumab_IV", "CH")
    given(world, 0, 0)
    return world


@stage(lasts_s=600)
def swiss_1(dosed):
    """Grade 1 after the first dose."""
    crs(dosed, 10, grade=1)
    return dosed


@stage(lasts_s=600)
def swiss_2(dosed):
    """Grade 2 after the first dose."""
    crs(dosed, 10, grade=2)
    return dosed


def length(world):
    """Hours from the dose to the end of its window; None: none is known."""
    row = DosePeriod.objects.filter(participant=world.participant).order_by("-dose_number").first()
    return None if row.window_ends_at is None else (row.window_ends_at - row.started_at) / timedelta(hours=1)


def test_grade_1_gives_the_next_dose_no_window(swiss_1):
    second = given(swiss_1, 7 * DAY, 1)

    assert (second.longer_h, length(swiss_1)) == (None, None)


def test_grade_2_gives_the_next_dose_a_window(stayed):
    assert (stayed.second.longer_h, length(stayed)) == (72, 72)


@pytest.mark.parametrize(("grade", "noted", "hours"), [(1, None, 9), (2, 24, 25)])
def test_it_lengthens_a_window_counted_from_the_end_of_the_infusion(grade, noted, hours):
    world = under("tarlatamab", "US")  # C1D15: 6-8 h after the infusion; after grade 2, 22-24 h
    given(world, 0, 0)
    given(world, 7 * DAY, 1)
    crs(world, 7 * DAY + 10, grade=grade)
    third = given(world, 14 * DAY, 2)
    kept(draft(DoseEnd, world, 14 * DAY + 1, dose=third), world)

    assert (third.longer_h, length(world)) == (noted, hours)


def test_a_shorter_stay_shortens_no_window():
    world = under("talquetamab_weekly", "CH")  # 48 h after each step-up dose; 36 h after grade 2
    given(world, 0, 0, unit="mg/kg")
    crs(world, 10, grade=2)
    given(world, 4 * DAY, 1, unit="mg/kg")

    assert length(world) == 48
    assert window_page(world.nurse, world.participant.pk, at=hour(4 * DAY + 1)).longer is None


def test_the_hours_are_those_of_the_dose_before_alone(swiss_2):
    given(swiss_2, 7 * DAY, 1)
    crs(swiss_2, 7 * DAY + 10, grade=1)

    assert given(swiss_2, 14 * DAY, 2).longer_h is None


def test_an_incomplete_set_that_may_have_been_grade_2_counts_as_it(swiss_1):
    no_pressure = FEVER | {"sbp": None, "dbp": None, "hypotension": None}
    kept(vitals(swiss_1, 10.5, **no_pressure, reason="was on paper"), swiss_1, at=hour(80))

    assert given(swiss_1, 7 * DAY, 1).longer_h == 72


def test_nobody_looked_counts_as_the_worst(dosed):
    assert given(dosed, 7 * DAY, 1).longer_h == 72


def test_a_dose_that_was_not_given_is_observed_for_nothing(swiss_2):
    left_out = given(swiss_2, 7 * DAY, 1, status=DoseStatus.NOT_GIVEN, amount=None, not_given_because="infection")

    assert left_out.longer_h is None


def test_a_regimen_without_rules_on_file_asks_for_nothing(world):
    given(world, 0, 0)
    crs(world, 10, grade=2)
    given(world, 7 * DAY, 1)

    assert length(world) == 24


def test_after_a_step_that_an_amendment_took_out(swiss_2):
    data = read("mosunetuzumab_IV").data
    renamed = data | {"steps": [step | {"label": "C1D1 new"} if step["label"] == "C1D1" else step
                                for step in data["steps"]]}  # fmt: skip
    renamed["premedication"] = [one for one in data["premedication"] if "steps" not in one]
    renamed["published"] = {}
    second = amend(
        regimen=swiss_2.regimen, document=document_from(renamed), variant="CH", by="test", reason="label", at=hour(99),
        looks=RISK_WINDOWS,
    )  # fmt: skip
    with acting(by="test", reason="amended"):
        swiss_2.participant.regimen = second
        swiss_2.participant.save()
    swiss_2.steps = list(second.steps.order_by("position"))

    assert given(swiss_2, 7 * DAY, 1).longer_h == 72


# --- What follows from it -----------------------------------------------------------------------------------------


@stage(lasts_s=600)
def stayed(swiss_2):
    """The second dose after grade 2: 72 h are asked for."""
    swiss_2.second = given(swiss_2, 7 * DAY, 1)
    return swiss_2


def test_looks_are_due_for_as_long(stayed):
    page = window_page(stayed.nurse, stayed.participant.pk, at=hour(7 * DAY + 1))
    slots = page.kinds[0].slots

    assert [(one.slot_state.slot.due_at - hour(7 * DAY)) / timedelta(hours=1) for one in slots] == [
        12,
        24,
        36,
        48,
        60,
        72,
    ]
    assert (page.longer.hours, page.longer.now_h) == (72, None)
    assert page.longer.rules.startswith(SWISS)


def test_the_board_counts_down_to_its_end(stayed):
    (row,) = ward_board(stayed.nurse, at=hour(7 * DAY + 71))

    assert (row.in_window, row.window_left) == (True, timedelta(hours=1))


def test_looks_in_the_longer_part_fill_its_slots_as_they_come_in(stayed):
    for h in range(12, 73, 12):
        kept(vitals(stayed, 7 * DAY + h), stayed)
    row = DosePeriod.objects.get(dose=stayed.second)

    assert (row.vitals_on_time, row.vitals_unfilled) == (6, [])
    assert not rederive_participant(stayed.participant.pk, check=True, at=hour(11 * DAY)).differences


@pytest.mark.parametrize("h", [48, 71])
def test_it_is_not_complete_before(stayed, h):
    with pytest.raises(InvalidInput) as refused:
        close_window(stayed, stayed.second, 7 * DAY + h)

    assert list(refused.value.fields) == ["complete"]


def test_the_page_and_the_api_say_why(stayed, client):
    client.force_login(stayed.nurse)
    page = client.get(reverse("window", args=[stayed.participant.pk])).content.decode()
    data = client.get(f"/api/v1/participants/{stayed.participant.pk}/window/").json()

    assert "Observed for 72 h, as an earlier grade asks for: after G&gt;=2 CRS" in page
    assert (data["longer_h"], data["longer_now_h"]) == (72, None)
    assert data["longer_because"].startswith(SWISS)


# --- A grade that is known only later -----------------------------------------------------------------------------


@stage(lasts_s=600)
def late(swiss_1):
    """Grade 1 when the second dose was given; an hour after it somebody enters a pressure of three days ago."""
    swiss_1.second = given(swiss_1, 7 * DAY, 1)
    entered = vitals(swiss_1, 10.5, **FEVER | LOW, reason="was on paper")
    kept(entered, swiss_1, at=hour(7 * DAY + 1))
    return swiss_1


def test_it_moves_no_window_and_is_told(late, client):
    page = window_page(late.nurse, late.participant.pk, at=hour(7 * DAY + 2))
    client.force_login(late.nurse)
    shown = client.get(reverse("window", args=[late.participant.pk])).content.decode()

    assert (length(late), page.longer.hours, page.longer.now_h) == (None, None, 72)
    assert "The grades on file by now ask for 72 h after this dose." in shown


def test_a_correction_of_the_dose_takes_it_over(late):
    again = dose(late, 7 * DAY, step=1, supersedes=late.second, reason="longer observation")
    kept(again, late, at=hour(7 * DAY + 2))

    assert (Dose.objects.get(pk=again.pk).longer_h, length(late)) == (72, 72)
    assert window_page(late.nurse, late.participant.pk, at=hour(7 * DAY + 3)).longer.now_h is None


@pytest.mark.long
def test_what_was_called_complete_before_its_window_grew_is_so_no_longer():
    world = under("tarlatamab", "US")
    given(world, 0, 0)
    given(world, 7 * DAY, 1)
    crs(world, 7 * DAY + 10, grade=1)
    third = given(world, 14 * DAY, 2)
    for fact in (draft(DoseEnd, world, 14 * DAY + 1, dose=third), vitals(world, 14 * DAY + 2),
                 neuro(world, 14 * DAY + 2)):  # fmt: skip
        kept(fact, world)
    close_window(world, third, 14 * DAY + 9)
    kept(vitals(world, 7 * DAY + 10.5, **FEVER | LOW, reason="was on paper"), world, at=hour(14 * DAY + 10))
    plan = plan_named("tarlatamab")
    assert case_of(world.participant, plan, dose_at=hour(28 * DAY)).state.window_complete is True
    again = dose(world, 14 * DAY, step=2, supersedes=third, reason="longer observation")
    kept(again, world, at=hour(14 * DAY + 11))

    assert (again.longer_h, length(world)) == (24, 25)
    assert case_of(world.participant, plan, dose_at=hour(28 * DAY)).state.window_complete is None


def test_a_corrected_dose_is_not_the_one_before_itself(swiss_1):
    second = given(swiss_1, 7 * DAY, 1)
    again = dose(swiss_1, 7 * DAY, step=1, supersedes=second, reason="the route", route="SUBCUTANEOUS")
    kept(again, swiss_1, at=hour(7 * DAY + 1))

    assert again.longer_h is None


def test_what_came_after_the_dose_asks_nothing_of_it(swiss_1):
    given(swiss_1, 7 * DAY, 1)
    crs(swiss_1, 7 * DAY + 10, grade=2)

    assert window_page(swiss_1.nurse, swiss_1.participant.pk, at=hour(10 * DAY)).longer is None


EVERYWHERE = "withhold; with the next dose 48 h in hospital"
IN_SWITZERLAND = "after prior CRS G2: inpatient >=48 h with the next dose (Swiss)"
REGIONS = [("US", EVERYWHERE), ("CH", f"{IN_SWITZERLAND}; {EVERYWHERE}")]


@pytest.mark.parametrize(("region", "rules"), REGIONS)
def test_only_the_rules_of_the_region_that_is_followed_are_named(db, region, rules):
    """Teclistamab: 48 h after ICANS G2; the Swiss label asks for as many after CRS G2."""
    world = enrolled("REG", "teclistamab", region)

    assert rules_asking(Dose(step=world.steps[2], longer_h=48)) == rules
