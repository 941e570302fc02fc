"""Who is on call now and next, by mail in the morning; and one's own shifts in a calendar program."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.calendars import address_of
from grading.alerting.services.on_call.rota import put_on
from grading.alerting.services.on_call.rota_notes import leave_notes
from grading.models import RotaNote
from grading.rules.alerting.on_call.rota import OnCallRole
from tests.alerting.staffed import ESCALATION_STEPS, lose, set_steps

pytestmark = pytest.mark.django_db
SIX = datetime(2026, 3, 1, 22, tzinfo=UTC)  # 06:00 on 2 March in Taipei


def on(world, person, *, start: datetime, hours: int = 12):
    return put_on(
        world.study, world.site, on_call_role=OnCallRole.CHARGE_NURSE, person=person, starts_at=start,
        ends_at=start + timedelta(hours=hours), by=world.charge_nurse,
    )  # fmt: skip


@pytest.fixture
def two_shifts(world):
    """The charge nurse from 20:00 to 08:00, then the investigator."""
    night = SIX - timedelta(hours=10)
    return on(world, world.charge_nurse, start=night), on(world, world.investigator, start=night + timedelta(hours=12))


@pytest.mark.parametrize(
    ("minutes", "left"), [(-1, 0), (0, 2), (5 * 60, 2), (6 * 60, 0)], ids=["05:59", "06:00", "11:00", "12:00"]
)
def test_the_morning_is_that_of_the_site(world, two_shifts, minutes, left):
    on(world, world.charge_nurse, start=SIX + timedelta(hours=2))

    assert leave_notes(at=SIX + timedelta(minutes=minutes)) == left


def test_each_is_told_once_a_day(world, two_shifts):
    assert [leave_notes(at=SIX + timedelta(minutes=10 * n)) for n in range(3)] == [2, 0, 0]
    assert set(RotaNote.objects.values_list("recipient__username", flat=True)) == {"demo.charge", "demo.investigator"}


@pytest.mark.parametrize("lost", ["account", "membership"])
def test_whoever_has_left_is_told_nothing(world, two_shifts, lost):
    lose(world.charge_nurse, lost)

    leave_notes(at=SIX)
    assert [note.recipient for note in RotaNote.objects.all()] == [world.investigator]


def test_who_is_on_only_after_a_day_is_not_told_yet(world):
    on(world, world.charge_nurse, start=SIX + timedelta(days=1))

    assert leave_notes(at=SIX) == 0


def test_the_mail_says_who_is_on_who_is_next_and_what_nobody_covers(world, two_shifts):
    set_steps(world, ESCALATION_STEPS[1])
    with acting(by="test", reason="reads Chinese"):
        type(world.investigator).objects.filter(pk=world.investigator.pk).update(language="zh-hant")
    with time_machine.travel(SIX, tick=False):
        tasks.rota_notes()
        for note in RotaNote.objects.all():
            tasks.deliver(str(note.pk))

    by_language = {sent.to[0]: sent for sent in mail.outbox}
    english = by_language[world.charge_nurse.email]
    assert english.subject == "[crsmonitor] DEMO DEMO-TPE: on call now and next"
    assert (
        "charge nurse: now demo.charge (until 2026-03-02 08:00); next demo.investigator (from 2026-03-02 08:00)"
        in english.body
    )
    assert "/rota/DEMO/DEMO-TPE/" in english.body
    assert "目前" in by_language[world.investigator.email].body
    assert "DEMO-001" not in english.body


# --- The calendar -----------------------------------------------------------------------------------------------


def path_of(person) -> str:
    return address_of(person).removeprefix("http://localhost:8000")


def test_the_feed_has_her_own_shifts_as_a_calendar_reads_them(client, world, two_shifts):
    with time_machine.travel(SIX):
        answer = client.get(path_of(world.charge_nurse))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (two_shifts[0].starts_at, two_shifts[0].ends_at)
    assert str(event["summary"]) == "charge nurse: DEMO, DEMO-TPE"


@pytest.mark.parametrize("lost", ["account", "membership", "password", "shift"])
def test_the_feed_ends_with_what_it_hangs_on(client, world, two_shifts, lost):
    path = path_of(world.charge_nurse)
    if lost == "password":
        world.charge_nurse.set_password("another long password")
        with acting(by="test", reason="a new password"):
            world.charge_nurse.save()
    elif lost == "shift":
        with acting(by="test", reason="called off"):
            type(two_shifts[0]).objects.filter(pk=two_shifts[0].pk).update(called_off=True)
    else:
        lose(world.charge_nurse, lost)

    with time_machine.travel(SIX):
        answer = client.get(path)
    if lost in ("account", "password"):
        assert answer.status_code == 404
    else:
        assert b"VEVENT" not in answer.content


def test_a_key_fits_one_person(client, world):
    key = path_of(world.charge_nurse).split("/")[-2]

    assert client.get(reverse("calendar", args=[world.nurse.pk, key])).status_code == 404
    assert client.get(reverse("calendar", args=[10**12, key])).status_code == 404
    assert client.get(reverse("calendar", args=[world.charge_nurse.pk, "x" * 40])).status_code == 404


def test_the_key_is_in_no_log(client, world, caplog):
    path = path_of(world.charge_nurse)
    with caplog.at_level("DEBUG"):
        client.get(path)

    assert path.split("/")[-2] not in caplog.text
    assert f"/calendar/{world.charge_nurse.pk}/…/shifts.ics" in caplog.text


def test_the_rota_page_gives_the_address_to_who_may_be_on_it(client, world):
    page = reverse("rota", args=["DEMO", "DEMO-TPE"])
    client.force_login(world.nurse)
    assert address_of(world.nurse) in client.get(page).content.decode()
    client.force_login(world.data_manager)
    assert "shifts.ics" not in client.get(page).content.decode()
