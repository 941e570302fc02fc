"""Once a day the trail is verified by itself, and its ends leave the machine: whoever owns the database cannot hide."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from crsmonitor.audit import anchors, tasks, verifying
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import Verification
from crsmonitor.health import NotWell
from grading.models import Grade
from grading.recording.rederiving import under_another_plan
from regimens.models import CohortChange, Participant
from tests.builders import dose, kept, stay, vitals

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    settings.OPERATOR_EMAIL = ["operator@example.org"]
    return tmp_path


def a_course(world):
    for fact in (stay(world), dose(world), vitals(world, 4, temperature_c=39, hypotension=True, sbp=85)):
        kept(fact, world)


def last() -> Verification:
    return Verification.objects.first()


@pytest.mark.long
def test_once_a_day_it_is_verified_and_the_anchor_is_mailed(world, mailoutbox):
    a_course(world)

    assert [verifying.verify_daily(at=DAY + timedelta(minutes=m)) for m in (0, 10, 120)] == [True, False, False]
    assert verifying.verify_daily(at=DAY + timedelta(days=1))

    assert [(one.day, one.problems) for one in Verification.objects.order_by("day")] == [
        (date(2026, 3, 4), 0), (date(2026, 3, 5), 0)]  # fmt: skip
    assert [m.subject for m in mailoutbox] == ["[crsmonitor] Audit trail: every chain holds"] * 2
    name, content, _type = mailoutbox[0].attachments[0]
    assert name == "anchor-2026-03-04.json"
    chains = {one["subject"] for one in json.loads(json.loads(content)["anchor"])["chains"]}
    assert f"participant:{world.participant.pk}" in chains
    assert "DEMO-001" not in str(content)  # ids only


def test_a_mail_that_nobody_took_is_sent_by_the_next_tick(world, mailoutbox, settings):
    settings.EMAIL_BACKEND, works = "tests.audit.test_verifying.Refuses", settings.EMAIL_BACKEND
    verifying.verify_daily(at=DAY)
    settings.EMAIL_BACKEND = works
    assert last().mailed_at is None

    verifying.verify_daily(at=DAY + timedelta(minutes=10))

    assert (len(mailoutbox), last().mailed_at) == (1, DAY + timedelta(minutes=10))


class Refuses:
    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_what_a_lost_worker_began_is_begun_again_an_hour_later(world):
    Verification.objects.create(day=DAY.date(), started_at=DAY)

    assert [verifying.verify_daily(at=DAY + timedelta(minutes=m)) for m in (10, 59, 60)] == [False, False, True]


def test_it_waits_for_its_hour(world, settings, time_machine):
    for hour, runs in ((DAY.replace(hour=2), False), (DAY.replace(hour=3), True), (DAY.replace(hour=4), False)):
        settings.VERIFY_HOUR = 3
        time_machine.move_to(hour, tick=False)
        assert tasks.verify() is runs


@pytest.mark.long
def test_a_problem_is_red_until_somebody_has_verified_that_it_is_gone(world, mailoutbox, capsys, time_machine):
    """The role that runs may change a grade on file: nobody saw it."""
    a_course(world)
    Grade.objects.filter(kind="crs").update(grade=1, at_least=1)
    verifying.verify_daily(at=DAY)

    assert last().problems
    assert "problems" in mailoutbox[0].subject
    assert mailoutbox[0].attachments[0][0] == "found-2026-03-04.json"
    with pytest.raises(NotWell):
        verifying.check_last(at=DAY)

    call_command("rederive", jobs=1)
    time_machine.move_to(DAY + timedelta(hours=1), tick=False)
    call_command("verify_audit")
    verifying.check_last(at=DAY + timedelta(hours=1))
    assert "no anchor is kept here" in capsys.readouterr().out  # none of a trail that held
    verifying.verify_daily(at=DAY + timedelta(days=1))
    assert anchors.newest().name == "anchor-2026-03-05.json"


def test_two_days_without_a_verification_are_red(world):
    verifying.check_last(at=DAY)  # an installation of today
    verifying.verify_daily(at=DAY)
    verifying.check_last(at=DAY + timedelta(hours=49))
    with pytest.raises(NotWell):
        verifying.check_last(at=DAY + timedelta(hours=51))


def test_one_that_never_ends_is_red(world):
    Verification.objects.create(day=DAY.date(), started_at=DAY)

    with pytest.raises(NotWell):
        verifying.check_last(at=DAY + timedelta(hours=51))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        ("TRUNCATE audit_event, audit_head, grading_vitalsigns, grading_grade CASCADE", "is not the one that anchor-"),
        ("""DELETE FROM grading_vitalsigns; DELETE FROM audit_event WHERE subject LIKE 'participant:%';
            DELETE FROM audit_head WHERE subject LIKE 'participant:%'""", "is not the one that anchor-"),
        ("DELETE FROM grading_vitalsigns; DELETE FROM audit_event; DELETE FROM audit_head", "grading_vitalsigns #0: 0"),
    ],
)  # fmt: skip
def test_what_hides_from_the_chains_themselves_does_not_hide_from_the_anchor(
    transactional_world, superuser, tampering, problem, capsys
):
    a_course(transactional_world)
    verifying.verify_daily(at=DAY)
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(tampering)

    for day in (1, 2):  # what the first of them found is no measure for the next
        with pytest.raises(CommandError, match="broken"):
            call_command("verify_audit")
        assert problem in capsys.readouterr().err
        verifying.verify_daily(at=DAY + timedelta(days=day))
        assert last().problems
    assert anchors.newest().name == "anchor-2026-03-04.json"


def test_a_chain_that_went_on_is_the_one_that_the_anchor_saw(world):
    verifying.verify_daily(at=DAY)
    a_course(world)
    with acting(by=world.data_manager, reason="assigned"):
        CohortChange.objects.create(
            participant=world.participant,
            was="",
            becomes="B",
            at=DAY,
            because="assigned",
            recorded_by=world.investigator,
        )
        Participant.objects.update(cohort="B")
        under_another_plan(world.participant, by=world.investigator, at=DAY)  # its dose periods say the cohort

    assert list(verifying.problems(at=DAY)) == []


@pytest.mark.parametrize("spoil", [lambda text: text.replace("chains", "chain5"), lambda text: "{}", lambda text: ""])
def test_an_anchor_that_was_altered_says_so(world, spoil):
    verifying.verify_daily(at=DAY)
    file = anchors.newest()
    file.write_text(spoil(file.read_text()))

    assert ["signature" in one.what for one in verifying.problems(at=DAY)] == [True]


def test_an_anchor_signed_with_the_key_of_before_is_read(world, settings):
    verifying.verify_daily(at=DAY)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10

    assert list(verifying.problems(at=DAY)) == []
