"""`manage.py drill`: a test alert goes the way of an alert, is answered on a page, and is reported."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.delivery import outbox
from grading.alerting.selectors.drills import drill_report
from grading.alerting.services import drills
from grading.alerting.services.on_call import rota
from grading.models import Channel, Contact, Drill, DrillMessage
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Membership
from tests.alerting.staffed import has_channel
from tests.builders import HOUR_0, hour

pytestmark = pytest.mark.django_db
NOW = hour(4)
SITE = ("--study", "DEMO", "--site", "DEMO-TPE")


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("drill", *args, stdout=out)
    return out.getvalue()


def on_rota(world, person, *, start=HOUR_0):
    has_channel(person)
    return rota.put_on(
        world.study, world.site, on_call_role=OnCallRole.ASSIGNED_NURSE, person=person, starts_at=start,
        ends_at=hour(8), by=world.charge_nurse,
    )  # fmt: skip


def another_contact(user, address, *, tested_at):
    with acting(by="test", reason="a test"):
        return Contact.objects.create(
            user=user, channel=Channel.EMAIL, address=address, added_at=NOW, tested_at=tested_at
        )


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def drilled() -> set[str]:
    return set(DrillMessage.objects.values_list("recipient__username", flat=True))


def test_the_people_on_the_rota_now_and_nobody_else(world, at_now):
    on_rota(world, world.nurse)
    on_rota(world, world.charge_nurse, start=hour(5))  # not yet

    assert "told: demo.nurse\n" in run(*SITE, "--reason", "quarterly", "--by", "pharmacy")

    assert drilled() == {"demo.nurse"}
    drill = Drill.objects.get()
    assert (drill.site, drill.reason, drill.by, drill.at) == (world.site, "quarterly", "pharmacy", NOW)


def test_somebody_who_counts_as_nobody_is_told_and_everybody_else_too(world, at_now):
    """Nobody waits for somebody whose channels were never tested: the drill goes to whom an alert would go."""
    shift = on_rota(world, world.nurse)
    with acting(by="test", reason="ended"):
        Contact.objects.update(ended_at=NOW)

    run(*SITE)

    assert shift.person == world.nurse
    assert drilled() == {"demo.investigator", "demo.nurse", "demo.charge"}


def test_without_a_rota_the_people_an_alert_would_tell(world, at_now):
    run(*SITE)

    assert drilled() == {"demo.investigator", "demo.nurse", "demo.charge"}


def test_without_a_site_every_site_of_the_study(world, at_now):
    run("--study", "DEMO")

    assert set(Drill.objects.values_list("site__code", flat=True)) == {"DEMO-TPE", "DEMO-PAR"}
    assert "demo.outsider" in drilled()


def test_it_goes_through_the_outbox_by_every_channel(world, at_now):
    on_rota(world, world.nurse)
    contact = another_contact(world.nurse, "ward.phone@example.org", tested_at=NOW)
    another_contact(world.nurse, "untested@example.org", tested_at=None)

    drill = drills.hold(world.study, world.site, by="x", reason="", at=NOW)

    waiting = outbox.due(at=NOW)
    assert {m.contact for m in drill.messages.all()} == {None, contact}
    assert sorted(waiting) == sorted(str(m.pk) for m in drill.messages.all())
    assert all(tasks.deliver(pk) for pk in waiting)
    assert {to for m in mail.outbox for to in m.to} == {"demo.nurse@example.org", "ward.phone@example.org"}
    assert outbox.due(at=NOW + timedelta(days=1)) == []


def test_the_message_says_that_it_is_a_test(world, at_now):
    on_rota(world, world.nurse)
    run(*SITE)

    tasks.deliver(str(DrillMessage.objects.get().pk))

    [message] = mail.outbox
    assert message.subject.startswith("TEST")
    assert "no participant is concerned" in message.body
    assert re.search(rf"https?://\S+{reverse('drill', args=[Drill.objects.get().pk])}\n", message.body)


def test_the_person_answers_on_the_page(client, world, at_now):
    on_rota(world, world.nurse)
    another_contact(world.nurse, "b@example.org", tested_at=NOW)
    drill = drills.hold(world.study, world.site, by="x", reason="", at=NOW - timedelta(seconds=90))
    client.force_login(world.nurse)
    assert "It has reached me" in client.get(reverse("drill", args=[drill.pk])).content.decode()

    answer = client.post(reverse("answer_drill", args=[drill.pk]))

    assert (answer.status_code, answer["Location"]) == (302, reverse("drill", args=[drill.pk]))
    assert set(drill.messages.values_list("answered_at", flat=True)) == {NOW}
    assert "You have answered" in client.get(answer["Location"]).content.decode()
    drills.answer(drill.pk, by=world.nurse, at=hour(5))  # the first one stays
    assert set(drill.messages.values_list("answered_at", flat=True)) == {NOW}


@pytest.mark.parametrize("who", ["charge_nurse", "investigator", "sponsor", "outsider"])
def test_nobody_else_can_answer(client, world, at_now, who):
    on_rota(world, world.nurse)
    drill = drills.hold(world.study, world.site, by="x", reason="", at=NOW)
    client.force_login(getattr(world, who))

    assert client.get(reverse("drill", args=[drill.pk])).status_code == 404
    assert client.post(reverse("answer_drill", args=[drill.pk])).status_code == 404
    assert drill.messages.get().answered_at is None


def test_the_answer_is_a_post(client, world, at_now):
    on_rota(world, world.nurse)
    drill = drills.hold(world.study, world.site, by="x", reason="", at=NOW)
    client.force_login(world.nurse)

    assert client.get(reverse("answer_drill", args=[drill.pk])).status_code == 405


def test_the_report(world, at_now):
    on_rota(world, world.nurse)
    on_rota(world, world.investigator)
    drill = drills.hold(world.study, world.site, by="pharmacy", reason="quarterly", at=NOW - timedelta(seconds=90))
    tasks.deliver(str(drill.messages.get(recipient=world.nurse).pk))
    drills.answer(drill.pk, by=world.nurse, at=NOW)

    report = run("--report")

    assert report == run("--report", str(drill.pk))
    assert report.splitlines() == [
        f"drill {drill.pk}: DEMO DEMO-TPE, 2026-03-02 12:58:30 UTC",
        "held by pharmacy: quarterly",
        "demo.investigator: did not answer",
        "  email: has not left, queued",
        "demo.nurse: answered after 90 s",
        "  email: left at 13:00:00 UTC",
        "2 told, 1 answered, 1 did not",
    ]


def test_the_newest_drill_is_reported(world):
    for h in (2, 1):
        drills.hold(world.study, world.site, by="x", reason="", at=hour(h))

    assert drill_report(None)[0].at == hour(2)


@pytest.mark.parametrize(
    "args", [[], ["--study", "NONE"], ["--study", "DEMO", "--site", "NONE"], ["--report"], ["--report", "999"]]
)
def test_what_cannot_be_is_said(world, args):
    with pytest.raises(CommandError):
        run(*args)


def test_a_site_with_nobody_to_tell_is_an_error(world):
    with acting(by="test", reason="a test"):
        Membership.objects.update(ended_at=timezone.now())

    with pytest.raises(CommandError, match="nobody to tell"):
        run(*SITE)

    assert not Drill.objects.exists()


def test_a_drill_is_written_once(world):
    drill = drills.hold(world.study, world.site, by="x", reason="", at=NOW)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Drill.objects.filter(pk=drill.pk).update(reason="another")
