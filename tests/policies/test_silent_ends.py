"""A version that runs silently is begun and ended by people, or falls out, and is read by page."""

import csv
import io

import pytest
from django.urls import reverse

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import Forbidden, InvalidInput, Message
from grading.models import AlertPolicy, SilentCourse, SilentRun
from grading.policies.library import parse_policy
from grading.policies.services import load_policy
from grading.policies.silent.selectors import courses_for
from grading.policies.silent.services import begin_run, end_run
from tests.builders import build_world, dose, hour, kept, stay, vitals
from tests.policies.pages import TEXT, page_text
from tests.policies.silent import lines, tick

pytestmark = pytest.mark.django_db


# --- Begun and ended -----------------------------------------------------------------------------------------------


@pytest.mark.req("R10")
def test_who_began_and_ended_it_and_why_is_in_the_trail(world, running):
    end_run(running.pk, because="enough seen", by=world.data_manager, at=hour(5))

    insert, update = AuditEvent.objects.filter(table_name="grading_silentrun").order_by("id")
    assert (insert.action, insert.reason, insert.subject) == ("INSERT", "amendment 2", f"study:{world.study.pk}")
    assert (update.action, update.reason) == ("UPDATE", "enough seen")
    assert f":{world.investigator.username}" in insert.actor
    assert f":{world.data_manager.username}" in update.actor


def refusal(call, field="because") -> list[Message]:
    with pytest.raises(InvalidInput) as refused:
        call()
    return refused.value.fields[field]


def test_one_at_a_time_of_a_study_and_never_the_one_in_force(world, running):
    again = lambda policy, why="x": begin_run(policy, because=why, by=world.investigator, at=hour(2))  # noqa: E731

    assert refusal(lambda: again(running.policy_id)) == [Message("silent_run_already")]
    assert refusal(lambda: again(world.policy.pk)) == [Message("silent_run_of_in_force")]
    assert refusal(lambda: again(running.policy_id, " ")) == [Message("say_why_silent_run")]
    assert refusal(lambda: end_run(running.pk, because="", by=world.investigator, at=hour(2))) == [
        Message("say_why_silent_run_ends")
    ]
    end_run(running.pk, because="enough", by=world.investigator, at=hour(3))
    assert refusal(lambda: end_run(running.pk, because="x", by=world.investigator, at=hour(4))) == [
        Message("silent_run_over")
    ]
    assert again(running.policy_id).pk != running.pk


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "sponsor"])
def test_only_who_drafts_or_approves_begins_and_ends_one(world, running, who):
    with pytest.raises(Forbidden):
        begin_run(running.policy_id, because="x", by=getattr(world, who), at=hour(2))
    with pytest.raises(Forbidden):
        end_run(running.pk, because="x", by=getattr(world, who), at=hour(2))


def approve(policy, h: float) -> None:
    with acting(by="test", reason="approved"):
        AlertPolicy.objects.filter(pk=policy.pk).update(in_force_from=hour(h))


def loaded(world, h: float) -> AlertPolicy:
    text = TEXT.replace("from_grade: 2", "from_grade: 3")
    return load_policy(parse_policy(text), study=world.study, by="test", reason="x", at=hour(h))


@pytest.mark.parametrize(
    ("happens", "why", "ended_h"),
    [
        (lambda world, run: approve(run.policy, 3), "in_force", 3),
        (lambda world, run: loaded(world, 3), "replaced", 3),
    ],
)
def test_a_version_that_fell_out_ends_as_of_then_with_words(client, world, running, happens, why, ended_h):
    kept(vitals(world, 2, temperature_c=38.6), world)
    happens(world, running)
    client.force_login(world.investigator)
    words = {"in_force": "the version came into force", "replaced": "another version came into force"}[why]

    assert words in page_text(client.get(reverse("silent-run", args=[running.pk])))  # before the job has seen it
    tick(4)
    running.refresh_from_db()
    assert (running.fell_out, running.ended_at, running.ended_by) == (why, hour(ended_h), None)
    assert words in page_text(client.get(reverse("silent-run", args=[running.pk])))
    assert lines(world, running) == [("fewer", "crs", 1)]
    [update] = AuditEvent.objects.filter(table_name="grading_silentrun", action="UPDATE")
    assert (update.actor, update.reason) == ("silent run", why)


@pytest.mark.parametrize(("thresholds", "why"), [([{"code": "?"}], "edited")])
def test_a_version_that_says_something_else_than_at_the_beginning_ends(client, world, running, thresholds, why):
    kept(vitals(world, 2, temperature_c=38.6), world)
    tick(2.1)
    with acting(by="test", reason="an operator's hand"):
        AlertPolicy.objects.filter(pk=running.policy_id).update(thresholds=thresholds)
    client.force_login(world.investigator)
    kept(vitals(world, 3, temperature_c=38.6, hypotension=True), world)

    tick(4)
    running.refresh_from_db()
    assert (running.fell_out, running.ended_at) == (why, hour(4))
    assert lines(world, running) == [("fewer", "crs", 1)]  # as it was
    assert "does not say any more" in page_text(client.get(reverse("silent-run", args=[running.pk])))


def test_a_run_that_fell_out_unseen_does_not_hold_up_the_next(world, running):
    loaded(world, 3)

    after = begin_run(running.policy_id, because="once more", by=world.investigator, at=hour(4))
    running.refresh_from_db()
    assert (running.fell_out, after.ended_at) == ("replaced", None)


# --- Pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_it_is_begun_read_and_ended_by_page(at_desk, world, draft):
    kept(stay(world), world)
    kept(dose(world), world)
    list_page = reverse("silent-runs", args=[world.study.code])
    refused = at_desk.post(list_page, {"policy": draft.pk, "because": ""})
    assert (refused.status_code, SilentRun.objects.count()) == (400, 0)
    assert at_desk.post(list_page, {"policy": world.policy.pk, "because": "x"}).status_code == 400

    page = at_desk.post(list_page, {"policy": draft.pk, "because": "amendment 2"})["Location"]
    assert "Nothing is computed yet" in page_text(at_desk.get(page))
    run = SilentRun.objects.get()
    with acting(by="test", reason="a test"):
        SilentRun.objects.filter(pk=run.pk).update(begun_at=hour(1))
    kept(vitals(world, 4, temperature_c=38.6), world)
    kept(vitals(world, 8, temperature_c=38.6, hypotension=True), world)
    tick(8.1)

    text = page_text(at_desk.get(page))
    for words in (
        "Runs silently: it tells nobody", f"by {world.data_manager.username}: amendment 2", "Alerts 2 1",
        "Raised, and it would not have been: 1", "Not raised, and it would have been: 0", "it is up to date",
        "2026-03-02 DEMO-TPE 1 0 1 0", "2026-03-03 DEMO-TPE 1 1 0 0", "DEMO-001 DEMO-TPE 2 1 1 0",
    ):  # fmt: skip
        assert words in text
    kept(vitals(world, 9), world)
    assert "What changed since of 1 participant is not in it yet." in page_text(at_desk.get(page))

    [header, first, second] = csv.reader(io.StringIO(at_desk.get(f"{page}alerts.csv").content.decode()))
    line = dict(zip(header, first, strict=True))
    assert (line["participant"], line["verdict"], line["real_utc"], line["silent_utc"], line["minutes_later"]) == (
        "DEMO-001", "fewer", "2026-03-02T13:00:00Z", "", ""
    )  # fmt: skip
    line = dict(zip(header, second, strict=True))
    assert (line["verdict"], line["minutes_later"], line["real_asks"], line["silent_asks"]) == (
        "otherwise", "0", "new_grade tocilizumab", "new_grade"
    )  # fmt: skip

    assert at_desk.post(page, {"because": ""}).status_code == 400
    assert at_desk.post(page, {"because": "enough"}).status_code == 302
    text = page_text(at_desk.get(page))
    assert f"by {world.data_manager.username}: enough" in text
    assert "End the run" not in text
    assert "amendment 2" in page_text(at_desk.get(list_page))


def test_a_person_sees_the_wards_that_she_sees(client, world, running):
    kept(vitals(world, 4, temperature_c=38.6), world)
    tick(4.1)
    course = SilentCourse.objects.get()
    elsewhere = build_world("FAR")
    assert list(courses_for(elsewhere.investigator, running)) == []
    assert [one.participant for one in courses_for(world.data_manager, running)] == [course.participant.number]
