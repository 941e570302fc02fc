"""A fever before the first dose: told as such, no CRS, and made CRS where the dose turns out to have been earlier."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from crsmonitor.audit.acting import acting
from grading.alerting.alert_words import grade_words
from grading.alerting.services.answers import acknowledge
from grading.course.compare import comparison_of
from grading.course.derive import rederive
from grading.models import Alert, Checkpoint, CurrentState, Episode, Grade
from grading.rules.course.timeline import BEFORE_DOSING
from regimens.models import Dose, StepKind
from tests.builders import dose, hour, kept, stay, vitals
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db

ROW = ("CRSFL", "CRSMAXGR", "CRSEPN", "CRSCARFL", "CRSONH", "CRSMAXUP")


def fever(world, h, **changes):
    return kept(vitals(world, h, temperature_c=38.5, **changes), world)


def alerts() -> list[tuple[str, str, int, list[str]]]:
    return [(a.state, a.kind, a.grade, a.thresholds) for a in Alert.objects.order_by("observed_at", "grade")]


def differences(world) -> int:
    differences = comparison_of(rederive(world.participant, at=hour(99)))
    return sum(len(one.added) + len(one.changed) + len(one.gone) for one in differences)


def test_it_opens_no_episode_and_is_told_as_a_fever(world):
    recorded = fever(world, -2)

    assert (recorded.grade.grade, recorded.grade.flags) == (1, [BEFORE_DOSING])
    assert not Episode.objects.exists()
    assert alerts() == [("open", "crs", 1, [BEFORE_DOSING])]
    assert Alert.objects.get().is_before_dosing
    assert CurrentState.objects.get().crs_episode_since is None


def test_cf5(world):
    """Cases, CF5: fever 24 min before dose 1, then grade 2 an hour after it."""
    fever(world, -0.4)
    kept(dose(world), world)
    fever(world, 1, sbp=85, hypotension=True, fluid_bolus=True)

    (row,) = rows(world, hour(2))

    assert picked(row, *ROW) == ("Y", "2", "1", "N", "1.00", "2")
    assert differences(world) == 0


def test_the_first_dose_ends_what_was_told_and_crs_is_told_anew(world):
    fever(world, -2)
    kept(dose(world), world)
    fever(world, 4)

    assert alerts() == [("resolved", "crs", 1, [BEFORE_DOSING]), ("open", "crs", 1, ["new_grade"])]


def test_a_set_free_of_it_ends_it_too(world):
    fever(world, -14)
    kept(vitals(world, -10), world)
    assert alerts() == [("open", "crs", 1, [BEFORE_DOSING])]  # it may come back

    kept(vitals(world, -2), world)
    assert alerts() == [("resolved", "crs", 1, [BEFORE_DOSING])]


def test_a_fever_that_swings_is_told_once_and_again_after_12_hours(world):
    for h, t in ((-20, 38.1), (-19, 37.9), (-18, 38.0), (-17, 37.8), (-16, 38.2), (-7, 37.9), (-6, 38.3)):
        kept(vitals(world, h, temperature_c=t), world)

    assert [(a.observed_at, a.state) for a in Alert.objects.order_by("observed_at")] == [
        (hour(-20), "resolved"), (hour(-6), "open")]  # fmt: skip
    assert differences(world) == 0


def test_a_dose_entered_late_makes_crs_of_it(world):
    """The dose of hour 0 is entered at hour 3, after the fever of hour 2: one alert, told again as CRS."""
    fever(world, 2)
    kept(dose(world, 0, reason="entered late"), world, at=hour(3))

    assert alerts() == [("open", "crs", 1, ["new_grade"])]
    assert Alert.objects.get().occurrence == 2
    assert Alert.objects.get().escalations.count() == 2
    assert Grade.objects.get().flags == []
    assert Episode.objects.get().started_at == hour(2)
    assert differences(world) == 0


def test_a_dose_corrected_to_a_later_time_makes_a_fever_of_it(world):
    kept(dose(world), world)
    fever(world, 2)
    given = Dose.objects.get()
    kept(dose(world, 3, supersedes=given, reason="the clock was wrong"), world, at=hour(4))

    assert alerts() == [("resolved", "crs", 1, [BEFORE_DOSING])]
    assert not Episode.objects.exists()
    assert differences(world) == 0


def test_an_answer_to_the_fever_is_none_to_the_crs(world):
    fever(world, 2)
    acknowledge(str(Alert.objects.get().pk), by=world.nurse, at=hour(2.1))
    kept(dose(world, 0, reason="entered late"), world, at=hour(3))

    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by) == ("open", None)


def test_a_fever_before_dosing_entered_after_the_dose_pages_nobody(world):
    kept(dose(world), world)
    kept(vitals(world, -1, temperature_c=38.5, reason="entered late"), world, at=hour(1))

    assert alerts() == [("resolved", "crs", 1, [BEFORE_DOSING])]
    assert Alert.objects.get().pages_sent == 0


def test_a_pretreatment_that_is_no_engager_is_no_first_dose(world):
    with acting(by="test", reason="a pretreatment"):
        world.steps.append(
            world.regimen.steps.create(
                position=9,
                label="OBINUTUZUMAB",
                planned_dose=1000,
                unit="mg",
                planned_day=1,
                kind=StepKind.PRETREATMENT,
                opens_period=False,
            )
        )
    kept(dose(world, -48, step=-1), world)
    fever(world, -2)

    assert not Episode.objects.exists()
    assert alerts() == [("open", "crs", 1, [BEFORE_DOSING])]


def test_with_checkpoints_before_the_dose_it_is_the_same(world):
    kept(stay(world, -49), world)
    for h in range(-48, -18):
        kept(vitals(world, h, temperature_c=38.5 if h % 5 == 0 else 36.8), world)
    assert Checkpoint.objects.exists()
    kept(dose(world, -20, reason="entered late"), world, at=hour(-18.9))
    fever(world, -15)

    assert Episode.objects.order_by("started_at").first().started_at == hour(-20)
    assert differences(world) == 0


def test_rederiving_finds_nothing_else_to_say(world):
    fever(world, -2)
    kept(dose(world), world)
    fever(world, 4)

    out = io.StringIO()
    call_command("rederive", "--check", jobs=1, stdout=out)

    assert out.getvalue() == "1 participants, 2 sets: 0 values differ\n"


def test_pages_and_messages_say_a_fever_and_no_grade(world, client):
    alert = fever(world, -2).alerts[0]
    client.force_login(world.nurse)

    page = client.get(reverse("participant", args=[world.participant.pk])).content.decode()

    assert grade_words(alert) == "Fever before the first dose"
    assert "fever before the first dose" in page
    assert "CRS grade 1" not in page
