"""A version that runs silently: begun and ended by people, computed from facts beside every save, told to nobody."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crsmonitor.audit.acting import acting
from crsmonitor.errors import NotFound
from grading.alerting.services.conditions import meet
from grading.models import Alert, AlertPolicy, EscalationStep, SilentRun
from grading.policies.courses import course_of
from grading.policies.library import parse_policy
from grading.policies.services import draft_policy, load_policy
from grading.policies.silent.computing import DueCourse, refuse_writes
from grading.policies.silent.selectors import courses_for
from grading.policies.silent.services import begin_run, end_run
from grading.policies.tasks import in_turn
from grading.rules.alerting.policy.replay import read_rules, replayed_alerts
from regimens.models import Regimen
from tests.builders import build_world, dose, hour, kept, stay, vitals
from tests.policies.pages import TEXT
from tests.policies.silent import lines, tick

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


# --- What it would have said ---------------------------------------------------------------------------------------


def test_each_entry_correction_and_late_entry_moves_it(world, running):
    first = kept(vitals(world, 4, temperature_c=38.6), world).fact
    tick(4.1)
    assert lines(world, running) == [("fewer", "crs", 1)]

    kept(vitals(world, 8, temperature_c=38.6, hypotension=True), world)
    tick(8.1)
    # tocilizumab is asked by the policy in force alone
    assert lines(world, running) == [("fewer", "crs", 1), ("otherwise", "crs", 2)]

    kept(vitals(world, 6, temperature_c=38.6, hypotension=True, reason="busy"), world, at=hour(9))
    tick(9.1)
    assert [one for one in lines(world, running) if one[2] == 2] == [("otherwise", "crs", 2)]  # now of 6 h

    corrected = vitals(world, 4, supersedes=first, reason="a slip")
    kept(corrected, world, at=hour(10))
    tick(10.1)
    assert ("fewer", "crs", 1) in lines(world, running)  # it was raised, and was withdrawn


def test_only_what_changed_is_computed_again(world, running):
    kept(vitals(world, 4, temperature_c=38.6), world)

    assert [tick(4.1), tick(4.2)] == [1, 0]
    kept(vitals(world, 5), world)
    assert [tick(5.1), tick(5.2)] == [1, 0]


def test_an_answer_at_the_bedside_and_a_call_are_seen_too(world, running):
    with acting(by="test", reason="a test"):
        EscalationStep.objects.create(study=world.study, position=1, on_call_role="assigned_nurse", wait_minutes=5)
    kept(vitals(world, 4, temperature_c=38.6), world)
    tick(4.1)

    [course] = courses_for(world.investigator, running)
    assert (course.content.lines[0].real.pages, course.content.lines[0].silent.pages) == (1, 0)


def test_what_comes_due_by_itself_is_computed_without_an_entry(world):
    text = TEXT + "  - {code: fever_persisting, hours: 24, source: x}\n"
    later = load_policy(parse_policy(text), study=world.study, by="test", reason="x", at=hour(-9))
    sooner = load_policy(
        parse_policy(text.replace("hours: 24", "hours: 12").replace("from_grade: 2", "from_grade: 1")),
        study=world.study, by="test", reason="x", at=hour(-8),
    )  # fmt: skip
    AlertPolicy.objects.filter(pk=later.pk)
    with acting(by="test", reason="a test"):
        AlertPolicy.objects.filter(pk=sooner.pk).update(in_force_from=hour(-10))
    kept(stay(world), world)
    kept(dose(world), world)
    run = begin_run(sooner.pk, because="sooner", by=world.investigator, at=hour(1))
    for h in (4, 10):
        kept(vitals(world, h, temperature_c=38.6), world)

    assert tick(10.1) == 1
    assert lines(world, run) == [("more", "crs", 1)]
    assert [tick(15.9), tick(16.1)] == [0, 1]  # 12 h after the first
    assert lines(world, run) == [("more", "crs", 1), ("more", "crs", 1)]
    meet(world.participant.pk, at=hour(28))
    assert tick(28.1) == 1
    [course] = courses_for(world.investigator, run)
    assert [one.minutes_later for one in course.content.lines] == [None, -12 * 60]


def test_a_look_that_does_not_come_is_told_by_the_version_alone(world):
    """Vital signs every 4 h, neuro every 8 h, half an hour of grace; as the policy in force would have told them."""
    text = TEXT + "  - {code: observation_overdue, minutes: 10, source: x}\n"
    policy = draft_policy(parse_policy(text), study=world.study, by=world.data_manager, reason="x", at=hour(0))
    with acting(by="test", reason="half an hour"):
        Regimen.objects.filter(pk=world.regimen.pk).update(grace_minutes=30)
    kept(stay(world), world)
    kept(dose(world), world)
    run = begin_run(policy.pk, because="overdue looks", by=world.investigator, at=hour(1))

    assert tick(4) == 1
    assert [tick(4.6), lines(world, run)] == [0, []]
    assert [tick(4.7), lines(world, run)] == [1, [("more", "vitals", 0)]]
    kept(vitals(world, 5), world)
    tick(9)  # vital signs of 8 h are late by 40 min, and neuro of 8 h
    [course] = courses_for(world.investigator, run)
    assert [(one.kind, one.silent_at) for one in course.content.lines] == [
        ("vitals", hour(4) + timedelta(minutes=40)), ("neuro", hour(8) + timedelta(minutes=40)),
        ("vitals", hour(8) + timedelta(minutes=40)),
    ]  # fmt: skip
    alike = load_policy(parse_policy(text), study=world.study, by="test", reason="in force", at=hour(9))
    meet(world.participant.pk, at=hour(9.1))
    real = Alert.objects.filter(policy=alike, condition="observation_overdue").order_by("kind")
    silent = {one.key[2]: one.kind for one in replayed_overdue(world, policy)}
    assert {str(one.fact_root): one.kind for one in real}.items() <= silent.items()
    assert [one.kind for one in real] == ["neuro", "vitals"]


def replayed_overdue(world, policy):
    course = course_of(world.participant, with_looks=True)
    return replayed_alerts(course, read_rules(policy.data), until=hour(9.1), with_looks=True)


def test_after_its_end_it_is_brought_up_to_it_and_stays(world, running):
    kept(vitals(world, 4, temperature_c=38.6), world)
    end_run(running.pk, because="enough", by=world.data_manager, at=hour(5))
    kept(vitals(world, 8, temperature_c=38.6, hypotension=True), world)

    assert [tick(9), tick(10)] == [1, 0]
    assert lines(world, running) == [("fewer", "crs", 1)]


def test_courses_that_fail_take_nobody_s_place():
    done = []

    def computed(one: DueCourse) -> None:
        if one.participant < 3:
            raise ValueError("a record that cannot be read")
        done.append(one.participant)

    n, failure = in_turn([DueCourse(key, "") for key in range(6)], computed, most=2)

    assert (n, done, type(failure)) == (2, [3, 4], ValueError)


# --- Told to nobody ------------------------------------------------------------------------------------------------


def test_computing_writes_nothing_but_its_own_rows(world, running):
    kept(vitals(world, 4, temperature_c=38.6, hypotension=True), world)
    before = rows()

    tick(4.1)

    after = rows()
    assert {name for name in after if after[name] != before[name]} == {"grading.SilentCourse"}


def test_the_database_refuses_a_write_while_it_computes(world, running):
    with pytest.raises(InternalError, match="read-only"), transaction.atomic():
        refuse_writes()
        SilentRun.objects.filter(pk=running.pk).update(fell_out="")
    with acting(by="test", reason="afterwards it may write again"):
        SilentRun.objects.filter(pk=running.pk).update(begun_because="x")


def statements(world, h: float) -> list[str]:
    """Of a save that raises an alert, without its values; taken back."""
    with (
        CaptureQueriesContext(
            connection,
        ) as caught,
        transaction.atomic(),
    ):
        kept(vitals(world, h, temperature_c=38.6, hypotension=True), world)
        transaction.set_rollback(True)
    return [re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b", "?", one["sql"]) for one in caught.captured_queries]


def test_a_save_makes_the_statements_that_it_made_before(world, draft):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 2), world)
    without = statements(world, 4)
    begin_run(draft.pk, because="amendment 2", by=world.investigator, at=hour(3))
    tick(3.1)

    assert statements(world, 4) == without
    assert not [one for one in without if "silent" in one]


@pytest.mark.long
@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "sponsor"])
def test_nobody_at_the_bedside_hears_of_it(client, world, running, who):
    kept(vitals(world, 4, temperature_c=38.6), world)
    tick(4.1)
    client.force_login(getattr(world, who))
    pages = [
        reverse("board"),
        reverse("participant", args=[world.participant.pk]),
        reverse("alerts"),
        reverse("policies"),
        reverse("policy", args=[running.policy_id]),
    ]

    for page in pages:
        text = client.get(page).content.decode()
        assert "silent-run" not in text
        assert "amendment 2" not in text or page in pages[3:]
    assert client.get(reverse("silent-run", args=[running.pk])).status_code == 403
    assert client.get(reverse("silent-run-csv", args=[running.pk])).status_code == 403
    assert client.get(reverse("silent-runs", args=[world.study.code])).status_code == 403
    assert client.post(reverse("silent-run", args=[running.pk]), {"because": "x"}).status_code == 403


def test_strangers_find_nothing(client, world, running):
    other = build_world("OTHER")
    client.force_login(other.investigator)

    for name, key in (("silent-run", running.pk), ("silent-run-csv", running.pk), ("silent-runs", world.study.code)):
        assert client.get(reverse(name, args=[key])).status_code == 404
    with pytest.raises(NotFound):
        begin_run(running.policy_id, because="x", by=other.investigator, at=hour(2))
    with pytest.raises(NotFound):
        end_run(running.pk, because="x", by=other.investigator, at=hour(2))
