"""Many alerts and many messages at once: each is called for, sent and written down as one alone would be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DataError, connection
from django.db.models.expressions import RawSQL
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.delivery import batches, channels, hints, holds, outbox, own_pages
from grading.alerting.delivery.channels import TO_ONE, Try
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.services import sending
from grading.alerting.services.escalation import call_raised, raised_waits
from grading.models import Alert, AlertEvent, AlertState, Channel, Delivery, DeliveryState, Endpoint, Escalation, Lane
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Participant
from tests.alerting.staffed import GRADES, after, on, people_paged
from tests.builders import World, dose, hour, kept, recorded_only, vitals
from tests.sinks import Hook, serving

pytestmark = pytest.mark.django_db
NOW = hour(5)


@pytest.fixture
def ward(staffed_ward: World) -> World:
    return staffed_ward


def another(world: World, number: int, *, there: bool = False) -> World:
    """Another participant under observation, `there`: at the other site."""
    with acting(by="test", reason="one more"):
        participant = Participant.objects.create(
            study=world.study, site=world.other_site if there else world.site, number=f"N{number}",
            regimen=world.regimen,
        )  # fmt: skip
    here = replace(world, participant=participant)
    kept(dose(here), here, by=world.investigator)
    return here


def raised(world: World, h: float = 4) -> Alert:
    """And no worker has come yet."""
    [alert] = recorded_only(vitals(world, h, **GRADES[2]), world, by=world.investigator).alerts
    return alert


# --- Called together --------------------------------------------------------------------------------------------


def test_each_is_called_as_alone_by_the_rota_of_its_own_site_and_its_wait_counts_from_its_commit(ward):
    elsewhere = another(ward, 1, there=True)
    here, there = raised(ward), raised(elsewhere, 4.05)
    on(replace(ward, site=ward.other_site), OnCallRole.ASSIGNED_NURSE, ward.outsider)

    assert call_raised(at=after(4)) == 2

    assert [people_paged(one) for one in (here, there)] == [[["investigator", "nurse"]], [["outsider"]]]
    rows = Alert.objects.in_bulk([here.pk, there.pk])
    assert [rows[one.pk].pages_sent for one in (here, there)] == [1, 1]
    assert [rows[one.pk].escalate_at for one in (here, there)] == [after(5), hour(4.05) + timedelta(minutes=5)]
    assert (call_raised(at=after(4)), raised_waits()) == (0, False)


def test_who_is_called_is_asked_once_for_all_of_a_site(ward):
    others = [another(ward, number) for number in range(3)]
    raised(ward)
    with CaptureQueriesContext(connection) as alone:
        assert call_raised(at=after(1)) == 1
    for other in others:
        raised(other)

    with CaptureQueriesContext(connection) as together:
        assert call_raised(at=after(2)) == 3

    assert len(together) == len(alone)
    assert Escalation.objects.count() == 4
    assert Delivery.objects.count() == 4 * 2


def test_one_alert_that_cannot_be_read_holds_no_other_up(ward):
    elsewhere = another(ward, 1)
    broken, alert = raised(elsewhere), raised(ward)
    with acting(by="test", reason="a time that Python does not have"):
        Alert.objects.filter(pk=broken.pk).update(escalate_at=RawSQL("'infinity'::timestamptz", []))

    with pytest.raises(DataError):
        tasks.escalate()

    assert set(Escalation.objects.values_list("alert", flat=True)) == {alert.pk}


# --- Claimed and sent together ----------------------------------------------------------------------------------


def claimed(world: World, *urls: str) -> list[Delivery]:
    """The pages of one alert to each of these, ours to send."""
    with acting(by="test", reason="endpoints"):
        for url in urls:
            Endpoint.objects.create(study=world.study, url=url, secret="s")
    return left_by(world)


def left_by(world: World, claim=batches.claim_new) -> list[Delivery]:
    """What a worker leaves to itself once it has called for an alert."""
    raised(world)
    with TestCase.captureOnCommitCallbacks(execute=True), own_pages.delivering(claim) as mine:
        call_raised(at=NOW)
    return mine


def pages() -> list[Delivery]:
    rows = Delivery.objects.filter(channel=Channel.WEBHOOK.value).select_related(*Delivery.sending_reads)
    return list(rows.order_by("endpoint"))


HOOK = "https://hook.example.org/"


def states() -> set[tuple[str, int]]:
    return {(row.state, row.attempts) for row in pages()}


def test_what_a_worker_leaves_to_itself_is_claimed_from_the_first_and_the_others_wait(ward, monkeypatch):
    hurry: list[str] = []
    monkeypatch.setattr(hints, "deliver_soon", lambda ids, **_: hurry.extend(ids))

    [page] = claimed(ward, HOOK)

    [row] = pages()
    assert (row.pk, row.state, row.attempts) == (page.pk, DeliveryState.SENDING, 1)
    assert (row.claimed_at, row.claimed_until) == (NOW, NOW + outbox.LEASE)
    assert outbox.claim(str(page.pk), at=NOW) is None
    others = {str(pk) for pk in Delivery.objects.exclude(pk=page.pk).values_list("pk", flat=True)}
    assert (set(outbox.due(at=NOW)), set(hurry)) == (others, others)
    assert outbox.claim(str(page.pk), at=NOW + outbox.LEASE)  # its worker is dead


def test_a_page_that_is_there_already_is_nobodys_to_send_again(ward):
    def claim(rows, at):
        mine = batches.claim_new(rows, at)
        twins = [Delivery(key=one.key, alert=one.alert, endpoint=one.endpoint, channel=one.channel, occurrence=1,
                          queued_at=at, next_try_at=at) for one in mine]  # fmt: skip
        Delivery.objects.bulk_create(twins)
        return mine

    with acting(by="test", reason="an endpoint"):
        Endpoint.objects.create(study=ward.study, url=HOOK, secret="s")

    assert left_by(ward, claim) == []
    assert states() == {(DeliveryState.QUEUED, 0)}


@pytest.mark.parametrize("why", ["slow", "restored"])
def test_none_is_claimed_whose_receiver_is_slow_or_while_a_restore_waits_for_a_person(ward, why):
    with acting(by="test", reason="an endpoint"):
        endpoint = Endpoint.objects.create(study=ward.study, url=HOOK, secret="s")
    if why == "slow":
        Lane.objects.create(name=f"webhook:{endpoint.pk}", waits=1, open_at=NOW)
    else:
        holds.hold(by="command:restore", reason="a drill", at=hour(1))

    assert left_by(ward) == []
    assert states() == {(DeliveryState.QUEUED, 0)}
    assert {str(row.pk) for row in pages()} <= set(outbox.due(at=NOW))


def test_a_receiver_that_keeps_callers_waiting_holds_up_nobody_else(ward):
    with serving(Hook("late")) as slow, serving(Hook()) as first, serving(Hook()) as second:
        groups = channels.send_at_once(claimed(ward, slow.url, first.url, second.url), at=NOW)
        done: list[Try] = []
        while len(done) < 2:
            done += next(groups)
        assert {one.message.endpoint.url for one in done} == {first.url, second.url}

        slow.go.set()
        [last] = next(groups)

    assert (last.message.endpoint.url, last.error, last.proven) == (slow.url, None, True)


def test_what_is_done_is_written_down_together_and_what_fails_by_itself(ward):
    with serving(Hook()) as good, serving(Hook(503)) as bad:
        for tries in channels.send_at_once(claimed(ward, good.url, bad.url), at=NOW):
            sending.keep(tries, at=NOW)

    assert [(row.state, row.failure) for row in pages()] == [
        (DeliveryState.DELIVERED, ""), (DeliveryState.FAILED, "webhook_503")
    ]  # fmt: skip
    assert Alert.objects.get().state == AlertState.DELIVERED
    assert AlertEvent.objects.filter(state=AlertState.DELIVERED).count() == 1


def test_what_could_not_begin_in_time_waits_and_that_was_no_try(ward):
    with serving(Hook()) as hook:
        [page] = claimed(ward, hook.url)
    assert page.attempts == 1

    sending.keep([Try(message=page, is_begun=False)], at=NOW)

    [row] = pages()
    assert (row.state, row.attempts, row.claimed_until, row.next_try_at) == (DeliveryState.QUEUED, 0, None, NOW)


def test_what_nobody_expected_of_one_is_raised_when_the_others_are_written_down(ward):
    with serving(Hook()) as first, serving(Hook()) as second:
        broken, sent = claimed(ward, first.url, second.url)

    with pytest.raises(ZeroDivisionError):
        sending.keep([Try(message=broken, error=ZeroDivisionError()), Try(message=sent, proven=True)], at=NOW)

    assert [row.state for row in pages()] == [DeliveryState.FAILED, DeliveryState.DELIVERED]
    assert Alert.objects.get().state == AlertState.DELIVERED


def test_a_receiver_that_hangs_for_several_at_once_rests_as_for_one(ward):
    with serving(Hook()) as hook:
        [page] = claimed(ward, hook.url)
    hung = Try(message=page, took=timedelta(seconds=5), error=ChannelFailed("webhook_timeout"))

    sending.keep([hung] * TO_ONE, at=NOW)

    lane = Lane.objects.get()
    assert (lane.waits, lane.open_at) == (1, NOW + timedelta(seconds=5))


# --- Looked for again -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_whom_somebody_records_for_is_looked_for_again_and_not_what_a_worker_is_about(ward, superuser):
    alert = raised(ward)

    def waits_beside(table: str, key: object) -> bool:
        with superuser.transaction(force_rollback=True):
            superuser.execute(f"SELECT FROM {table} WHERE id = %s FOR NO KEY UPDATE", [key])
            assert call_raised(at=NOW) == 0
            return raised_waits()

    assert waits_beside("regimens_participant", ward.participant.pk)
    assert not waits_beside("grading_alert", alert.pk)
    assert raised_waits()


def test_what_is_raised_while_a_task_calls_is_called_by_it_and_no_pause_is_made_for_it(ward, monkeypatch):
    monkeypatch.setattr(tasks, "PAUSES", ())
    later = another(ward, 1)
    raised(ward)

    def meanwhile(execute, sql, *more):
        done = execute(sql, *more)
        if "pages_sent = one.pages_sent" in sql and not later.participant.alerts.exists():
            raised(later)
        return done

    with connection.execute_wrapper(meanwhile):
        assert tasks.page(tasks.ANY) == 2


@pytest.mark.django_db(transaction=True)
def test_who_waits_is_called_for_before_what_others_messages_became_is_written_down(ward, monkeypatch):
    monkeypatch.setattr(tasks, "KEPT_WITHIN", 600)
    with serving(Hook("late")) as hook:
        with acting(by="test", reason="an endpoint"):
            Endpoint.objects.create(study=ward.study, url=hook.url, secret="s")
        later = another(ward, 1)
        raised(ward)
        seen_states: list[set[tuple[str, int]]] = []

        def meanwhile(execute, sql, *more):
            done = execute(sql, *more)
            if "pages_sent = one.pages_sent" in sql:
                seen_states.append(states())
                if len(seen_states) == 1:
                    raised(later)
                else:
                    hook.go.set()
            return done

        with connection.execute_wrapper(meanwhile):
            assert tasks.page(tasks.ANY) == 2

    assert seen_states == [{(DeliveryState.SENDING, 1)}] * 2
    assert [row.state for row in pages()] == [DeliveryState.DELIVERED] * 2
    assert len(hook.taken) == 2


# --- Hurried once -----------------------------------------------------------------------------------------------


def waiting() -> int:
    return hints.waiting("celery")


def test_one_task_is_asked_for_until_it_begins_and_then_another(monkeypatch):
    """Whoever finds that one is asked for has committed: the task takes that away before it looks."""
    monkeypatch.setattr(hints, "ASKED_MS", 600_000)
    hints.taken_up()
    before = waiting()

    assert [hints.page_soon("one"), hints.page_soon("two")] == [True, True]
    assert waiting() == before + 1

    hints.taken_up()
    assert hints.page_soon("three")
    assert waiting() == before + 2
    hints.taken_up()


def test_a_task_takes_the_mark_away_before_it_looks(monkeypatch):
    """Or who commits in between would neither be found nor have another task."""
    monkeypatch.setattr(hints, "ASKED_MS", 600_000)
    hints.taken_up()
    assert hints.page_soon(tasks.ANY)
    marked: list[int] = []

    def look(execute, *statement):
        assert hints._with_broker(lambda one: marked.append(one.channel.client.exists(hints.ASKED)), what="a look")
        return execute(*statement)

    with connection.execute_wrapper(look):
        tasks.page(tasks.ANY)

    assert set(marked) == {0}
