"""The page of alert burden: who sees which counts, by which dates, and the same as CSV."""

import csv
import io

import pytest
import time_machine
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import act_on
from grading.models import Alert
from grading.rules.alerting.lifecycle import ActionKind
from tests.alerting.paged import send
from tests.builders import build_world, dose, hour, kept, person, stay, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
PERIOD = {"first": "2026-03-01", "last": "2026-03-31"}


@stage(lasts_s=600)
def ward(world):
    """Dosed at hour 0 (09:00 UTC, 17:00 in Taipei); fever at hour 12, which is 05:00 there."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 12, temperature_c=38.6), world)
    act_on(str(Alert.objects.get().pk), ActionKind.AT_BEDSIDE, by=world.nurse, at=hour(12.5))
    return world


@pytest.fixture
def course(ward):
    """Looked at 48 h on."""
    with time_machine.travel(hour(48), tick=False):
        yield ward


def table(client, user, **query) -> list[dict[str, str]]:
    client.force_login(user)
    answer = client.get(reverse("burden_csv"), query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_the_figures(client, course):
    rows = {(row["site"], row["group"], row["name"]): row for row in table(client, course.nurse, **PERIOD)}

    every = rows["DEMO-TPE", "all", ""]
    # 17:00 on the 2nd to 17:00 on the 4th: two days; evening, night, day, evening, night, day, evening.
    assert (every["participant_days"], every["nurse_shifts"]) == ("2.0000", "7")
    assert (every["alerts"], every["alerts_per_participant_day"]) == ("1", "0.5000")
    assert (every["share_by_night"], every["share_acted_on"]) == ("1.0000", "1.0000")
    assert rows["DEMO-TPE", "shift", "night"]["alerts_per_nurse_shift"] == "0.5000"
    assert rows["DEMO-TPE", "asked", "new_grade"]["alerts"] == "1"
    assert rows["DEMO-TPE", "policy", "1"]["alerts"] == "1"
    assert rows["", "all", ""]["alerts"] == "1"


def test_messages_that_left_and_stand_downs_stand_beside_the_alerts(client, course):
    """The investigator is mailed of the alert, a nurse acts, and she is stood down: at hour 12 it is night there."""
    assert send(hour(12.6)) == ["page investigator", "stand_down investigator"]

    rows = {(row["site"], row["group"], row["name"]): row for row in table(client, course.nurse, **PERIOD)}

    for place in (("DEMO-TPE", "all", ""), ("DEMO-TPE", "channel", "email"), ("", "all", "")):
        row = rows[place]
        assert (row["alerts"], row["pages"], row["stand_downs"]) == ("1", "1", "1")
        assert (row["pages_per_participant_day"], row["pages_per_nurse_shift"]) == ("0.5000", "0.1429")  # 1 of 2, of 7
    assert rows["DEMO-TPE", "shift", "night"]["pages"] == "1"
    assert rows["DEMO-TPE", "shift", "day"]["pages"] == "0"
    page = client.get(reverse("burden"), PERIOD).content.decode()
    assert "Messages by e-mail" in page
    assert "Stand-downs" in page


def test_what_never_left_is_no_message(client, course):
    rows = {(row["site"], row["group"]): row for row in table(client, course.nurse, **PERIOD)}

    assert (rows["DEMO-TPE", "all"]["pages"], ("DEMO-TPE", "channel") in rows) == ("0", False)


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "investigator", "data_manager", "sponsor"])
def test_whoever_sees_the_site_or_the_study(client, course, who):
    assert {row["site"] for row in table(client, getattr(course, who), **PERIOD)} == {"", "DEMO-TPE"}
    answer = client.get(reverse("burden"), PERIOD)

    assert answer.status_code == 200
    assert course.participant.number not in answer.content.decode()


def test_another_site_sees_nothing_of_it(client, course):
    assert table(client, course.outsider, **PERIOD) == []


def test_another_study_sees_nothing_of_it(client, course):
    other = build_world("OTHER")

    assert {row["study"] for row in table(client, other.investigator, **PERIOD)} == {"OTHER"}


@pytest.mark.parametrize("name", ["burden", "burden_csv"])
def test_a_stranger_finds_nothing(client, course, name):
    with acting(by="test", reason="a test"):
        stranger = User.objects.create_user("nobody", password="nobody-password")
    client.force_login(stranger)

    assert client.get(reverse(name), PERIOD).status_code == 404


def test_the_last_thirty_days_by_default(client, course):
    rows = table(client, course.nurse)

    assert {(row["first_day"], row["last_day"]) for row in rows} == {("2026-02-03", "2026-03-04")}


def test_no_participant_day_yet(client, world):
    client.force_login(world.nurse)

    answer = client.get(reverse("burden"), PERIOD)

    assert answer.status_code == 200
    assert "No participant-day yet." in answer.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("junk", "2026-03-31", "first"), ("2026-03-01", "", "last"), ("", "2026-03-31", "first"),
        ("2026-02-30", "2026-03-31", "first"), ("0001-01-01", "2026-03-31", "first"),
        ("2026-03-01", "9999-12-31", "last"), ("2026-03-31", "2026-03-01", "last"),
        ("2001-01-01", "2026-01-01", "last"),
        ("\x00", "2026-03-31", "first"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["burden", "burden_csv"])
def test_dates_that_cannot_be_are_told_at_their_field(client, course, name, first, last, field):
    client.force_login(course.nurse)

    answer = client.get(reverse(name), {"first": first, "last": last})

    assert answer.status_code == 400
    assert f'id="{field}_wrong"' in answer.content.decode()


def test_the_alert_list_leads_there(client, course):
    client.force_login(course.nurse)

    assert f'href="{reverse("burden")}"' in client.get(reverse("alerts")).content.decode()


def test_a_central_reviewer_sees_the_study(client, course):
    with acting(by="test", reason="a test"):
        reviewer = person("reviewer", course.study, Role.CENTRAL)

    assert {row["site"] for row in table(client, reviewer, **PERIOD)} == {"", "DEMO-TPE"}
