"""Rows of the outbox: who is told, who may send, and what becomes of a try."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.alerting.delivery import outbox, receivers
from grading.alerting.delivery.callees import Callees
from grading.models import Alert, Channel, Delivery, DeliveryState, Endpoint
from grading.models.deliveries import UNSENT
from grading.rules.alerting.stand_down import Why
from regimens.models import Membership
from tests.builders import build_world, hour, kept, vitals
from tests.builders import person as builders_person

pytestmark = pytest.mark.django_db
NOW = hour(4)
FEVER = {"temperature_c": 38.6}
GRADE_2 = FEVER | {"sbp": 85, "hypotension": True}


def seconds(s: float) -> timedelta:
    return timedelta(seconds=s)


def raised(world, **changes) -> Alert:
    [alert] = kept(vitals(world, 4, **changes), world).alerts
    return alert


def paged(alert: Alert) -> set[str]:
    return set(alert.deliveries.filter(channel=Channel.EMAIL).values_list("recipient__username", flat=True))


def person(*who):
    with acting(by="test", reason="one more person"):
        return builders_person(*who)


def endpoint(world, *, site=None, active=True) -> Endpoint:
    with acting(by="test", reason="an endpoint"):
        return Endpoint.objects.create(
            study=world.study, site=site, url="https://gateway.example/hook", secret="s", active=active
        )


def one_delivery(world) -> Delivery:
    return raised(world, **FEVER).deliveries.get()


# --- Who is told ------------------------------------------------------------------------------------------------


def test_what_has_no_grade_is_told_as_a_provisional_episode_is(ward):
    """An ICE drop or a seizure without a grade "is as urgent as a provisional episode", which is grade 2 at least."""
    alert = Alert(participant=ward.participant, kind="icans", condition="ice_drop", grade=-1)

    assert {ward.nurse, ward.investigator} <= set(receivers.people_to_tell(alert))


def test_grade_1_is_told_to_the_investigator(ward):
    assert paged(raised(ward, **FEVER)) == {"demo.investigator"}


def test_from_grade_2_the_nurses_of_the_site_are_told_too(ward):
    assert paged(raised(ward, **GRADE_2)) == {"demo.investigator", "demo.nurse", "demo.charge"}


def test_investigators_of_the_site_and_of_all_sites_are_told_and_of_another_site_not(ward):
    person("demo.here", ward.study, Role.INVESTIGATOR, ward.site)
    person("demo.there", ward.study, Role.INVESTIGATOR, ward.other_site)

    assert paged(raised(ward, **FEVER)) == {"demo.investigator", "demo.here"}


def test_where_no_investigator_of_the_site_can_be_reached_every_one_of_the_study_is_told(ward):
    person("demo.there", ward.study, Role.INVESTIGATOR, ward.other_site)
    ward.investigator.email = ""
    with acting(by="test", reason="test"):
        ward.investigator.save()

    assert paged(raised(ward, **FEVER)) == {"demo.there"}


@pytest.mark.parametrize("change", ["left", "inactive"])
def test_who_has_left_is_not_told(ward, change):
    second = person("demo.second", ward.study, Role.INVESTIGATOR)
    with acting(by="test", reason="left"):
        if change == "left":
            Membership.objects.filter(user=second).update(ended_at=hour(0))
        else:
            second.is_active = False
            second.save()

    assert paged(raised(ward, **FEVER)) == {"demo.investigator"}


def test_two_roles_of_one_person_are_one_message(ward):
    with acting(by="test", reason="also a nurse"):
        Membership.objects.create(user=ward.investigator, study=ward.study, site=ward.site, role=Role.NURSE.value)

    alert = raised(ward, **GRADE_2)

    assert alert.deliveries.filter(recipient=ward.investigator).count() == 1


def test_active_endpoints_of_the_study_and_of_the_site_are_called(ward):
    everywhere, here = endpoint(ward), endpoint(ward, site=ward.site)
    endpoint(ward, site=ward.other_site)
    endpoint(ward, active=False)
    endpoint(build_world("OTHER"))

    called = raised(ward, **FEVER).deliveries.filter(channel=Channel.WEBHOOK)

    assert set(called.values_list("endpoint", flat=True)) == {everywhere.pk, here.pk}


def test_nobody_to_tell_is_an_error_in_the_log(ward, caplog):
    with acting(by="test", reason="no address"):
        ward.investigator.email = ""
        ward.investigator.save()

    alert = raised(ward, **FEVER)

    assert not alert.deliveries.exists()
    assert [record.levelname for record in caplog.records if str(alert.pk) in record.getMessage()] == ["ERROR"]


def test_keys_name_the_alert_its_opening_the_channel_and_whom(ward):
    alert = raised(ward, **FEVER)

    assert alert.deliveries.get().key == f"alert:{alert.pk}:1:email:{ward.investigator.pk}"


def test_queueing_the_same_opening_again_adds_nothing(ward):
    alert = raised(ward, **FEVER)

    everybody = list(receivers.people_to_tell(alert))
    outbox.queue(
        outbox.pages(alert, people=everybody, callees=Callees(at=hour(5)), escalation=0, due=hour(5)), at=hour(5)
    )

    assert alert.deliveries.count() == 1


def test_a_message_without_its_fact_cannot_be(ward):
    with pytest.raises(RuntimeError), transaction.atomic():
        kept(vitals(ward, 4, **FEVER), ward)
        assert Delivery.objects.exists()
        raise RuntimeError

    assert not Delivery.objects.exists()


# --- Who may send -----------------------------------------------------------------------------------------------


def test_one_claim_wins_until_the_lease_ends(ward):
    waiting = one_delivery(ward)

    first = outbox.claim(str(waiting.pk), at=NOW)

    assert (first.attempts, first.claimed_until) == (1, NOW + outbox.LEASE)
    assert outbox.claim(str(waiting.pk), at=NOW + outbox.LEASE - seconds(0.001)) is None
    assert outbox.claim(str(waiting.pk), at=NOW + outbox.LEASE).attempts == 2


@pytest.mark.parametrize("claimed", [False, True])
def test_what_a_clock_wrote_that_was_put_back_an_hour_does_not_wait_for_it(ward, claimed):
    waiting = one_delivery(ward)
    if claimed:
        outbox.claim(str(waiting.pk), at=NOW)
    before = NOW - timedelta(hours=1)

    assert outbox.due(at=before) == [str(waiting.pk)]
    assert outbox.claim(str(waiting.pk), at=before)
    assert outbox.due(at=before + seconds(1)) == []


def test_a_claim_by_a_clock_that_differs_a_little_holds(ward):
    waiting = one_delivery(ward)
    outbox.claim(str(waiting.pk), at=NOW)

    assert outbox.claim(str(waiting.pk), at=NOW - seconds(119)) is None


def test_due_is_what_nobody_has_claimed(ward):
    waiting = one_delivery(ward)
    assert outbox.due(at=NOW - seconds(1)) == []
    assert outbox.due(at=NOW) == [str(waiting.pk)]
    assert outbox.oldest_due(at=NOW + seconds(30)) == NOW

    outbox.claim(str(waiting.pk), at=NOW)

    assert outbox.due(at=NOW) == []
    assert outbox.oldest_due(at=NOW) is None
    assert Delivery.objects.get().state in UNSENT
    assert outbox.due(at=NOW + outbox.LEASE) == [str(waiting.pk)]


@pytest.mark.parametrize("forged", ["", "nonsense", "00000000-0000-0000-0000-000000000000", None, 7])
def test_a_forged_message_does_nothing(ward, forged):
    one_delivery(ward)

    assert outbox.claim(forged, at=NOW) is None


def test_what_was_sent_is_never_sent_again(ward):
    claimed = outbox.claim(str(one_delivery(ward).pk), at=NOW)

    outbox.mark_sent(claimed, at=NOW + seconds(1))

    sent = Delivery.objects.get()
    assert (sent.state, sent.sent_at, sent.claimed_until) == (DeliveryState.SENT, NOW + seconds(1), None)
    assert outbox.claim(str(sent.pk), at=hour(99)) is None
    assert sent.state not in UNSENT


# --- What becomes of a try --------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_failed_try_is_repeated_later_and_later_and_at_last_given_up(ward, caplog):
    waiting, at, waited = one_delivery(ward), NOW, []
    for _try in range(outbox.ATTEMPTS):
        claimed = outbox.claim(str(waiting.pk), at=at)
        outbox.mark_failed(claimed, why="webhook_500", at=at)
        waiting.refresh_from_db()
        waited.append((waiting.next_try_at - at).total_seconds())
        assert waiting.claimed_until is None
        at = waiting.next_try_at
        if waiting.state == DeliveryState.FAILED:
            assert outbox.due(at=at - seconds(0.001)) == []

    assert waited[:6] == [5, 15, 45, 135, 300, 300]
    assert timedelta(hours=1) < at - NOW < timedelta(hours=2)  # a mail server may be down for an hour
    assert (waiting.state, waiting.failure) == (DeliveryState.DEAD, "webhook_500")
    assert outbox.due(at=hour(99)) == []
    assert caplog.records[-1].levelname == "ERROR"
    assert str(waiting.pk) in caplog.records[-1].getMessage()


def test_a_message_that_kills_its_worker_every_time_is_given_up_too(ward, caplog):
    waiting, at = one_delivery(ward), NOW
    for _try in range(outbox.ATTEMPTS):
        assert outbox.claim(str(waiting.pk), at=at)
        at += outbox.LEASE

    assert outbox.claim(str(waiting.pk), at=at) is None

    assert Delivery.objects.get().state == DeliveryState.DEAD
    assert caplog.records[-1].levelname == "ERROR"


def test_a_worker_that_was_taken_for_dead_does_not_undo_what_the_next_one_did(ward):
    waiting = one_delivery(ward)
    slow = outbox.claim(str(waiting.pk), at=NOW)
    outbox.claim(str(waiting.pk), at=NOW + outbox.LEASE)

    outbox.mark_failed(slow, why="late", at=NOW + outbox.LEASE)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.claimed_until) == (DeliveryState.SENDING, NOW + 2 * outbox.LEASE)


def test_what_is_not_needed_any_more_is_dropped_and_what_left_stays_sent(ward):
    alert = raised(ward, **GRADE_2)
    ids = [str(pk) for pk in alert.deliveries.values_list("pk", flat=True)]
    before = outbox.claim(ids[0], at=NOW)
    outbox.mark_sent(before, at=NOW)
    underway = outbox.claim(ids[1], at=NOW)

    outbox.stand_down(alert, why=Why.OVER, by=None, at=NOW)
    outbox.mark_sent(underway, at=NOW)

    states = {str(d.pk): d.state for d in alert.deliveries.all()}
    assert [states[i] for i in ids] == [DeliveryState.SENT, DeliveryState.SENT, DeliveryState.DROPPED]
    assert outbox.claim(ids[2], at=NOW) is None


def test_sent_without_a_time_is_refused_by_the_database(ward):
    one_delivery(ward)

    with pytest.raises(IntegrityError, match="delivery_sent_when"):
        Delivery.objects.update(state=DeliveryState.SENT)
