"""How it runs, for operators: clocks, and messages that wait for a person, decided by page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.operating import clocks
from grading.alerting import health, metrics
from grading.alerting.delivery import holds, outbox
from grading.alerting.health import Doubtful, NotWell
from grading.models import Delivery, DeliveryState, OutboxHold
from tests.builders import kept, signature, vitals

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client, ward) -> User:
    with acting(by="test", reason="an operator"):
        made = User.objects.create_user("ops", email="ops@example.org", password="ops-password", is_staff=True)
    client.force_login(made)
    client.post(reverse("account_reauthenticate"), {"password": "ops-password"})
    return made


@pytest.fixture
def waiting(ward) -> int:
    """How many messages of an alert are held after a restore."""
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    return sum(holds.hold(by="test", reason="restored from last night", at=timezone.now()).values())


def post(client, act: str, reason: str = "looked at the mail server"):
    return client.post(reverse("running"), {"act": act, "reason": reason})


@pytest.mark.parametrize("who", ["nurse", "investigator", "data_manager", "sponsor"])
def test_the_page_is_operators(client, ward, who):
    client.force_login(getattr(ward, who))
    assert (client.get(reverse("running")).status_code, post(client, "release").status_code) == (403, 403)


def test_held_messages_leave_by_page_with_a_reason_in_the_trail(client, operator, waiting):
    assert waiting
    assert f"Since a restore: {waiting}." in client.get(reverse("running")).content.decode()
    assert post(client, "release", reason=" ").status_code == 400
    assert OutboxHold.objects.get().decision == ""

    assert post(client, "release").status_code == 302

    assert (OutboxHold.objects.get().decision, holds.counts()) == ("released", {})
    event = AuditEvent.objects.filter(table_name="grading_outboxhold", action="UPDATE").latest("pk")
    assert ("ops" in event.actor, event.reason) == (True, "looked at the mail server")


def test_held_messages_are_dropped_by_page(client, operator, waiting):
    assert post(client, "discard").status_code == 302
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DROPPED.value}


def test_given_up_messages_are_sent_again_by_page(client, operator, ward):
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    Delivery.objects.update(state=DeliveryState.DEAD.value)

    assert post(client, "revive").status_code == 302

    rows = Delivery.objects.values_list("state", "revived_because")
    assert set(rows) == {(DeliveryState.QUEUED.value, "looked at the mail server")}
    assert outbox.oldest_due(at=timezone.now()) is not None


def test_who_did_not_say_again_who_she_is_decides_nothing(client, operator, waiting):
    other = type(client)()
    other.force_login(operator)
    assert post(other, "release")["Location"].startswith(reverse("account_reauthenticate"))
    assert OutboxHold.objects.get().decision == ""


# --- Clocks (21 CFR 11.10(e)) ---------------------------------------------------------------------------------


@pytest.mark.req("R15")
@pytest.mark.parametrize(
    ("seconds", "far", "signs_nothing"),
    [(0, False, False), (2, False, False), (2.001, True, False), (-2.001, True, False), (60, True, False),
     (60.001, True, True), (-60.001, True, True)],
)  # fmt: skip
def test_from_when_clocks_are_told_and_from_when_nobody_signs(seconds, far, signs_nothing):
    offset = timedelta(seconds=seconds)
    assert (clocks.is_far_off(offset), clocks.is_too_far_to_sign(offset)) == (far, signs_nothing)


@pytest.mark.parametrize(
    ("seconds", "readyz", "signed"), [(0, None, 302), (-20, Doubtful, 302), (-90, Doubtful, 403), (-150, NotWell, 403)]
)
def test_a_clock_that_is_put_back_warns_then_nobody_signs(client, ward, time_machine, seconds, readyz, signed):
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    time_machine.move_to(timezone.now() + timedelta(seconds=seconds), tick=True)
    client.force_login(ward.investigator)
    address = reverse("window", args=[ward.participant.pk])
    now = timezone.now().isoformat()
    form = {"id": "00000000-0000-4000-8000-000000000001", "opened_at": now, "do": "close", "complete": "no"}

    answer = client.post(address, form | {"because": "left"} | signature(ward.investigator))

    assert answer.status_code == signed
    if readyz is None:
        health.check_clock()
    else:
        with pytest.raises(readyz):
            health.check_clock()


def test_the_page_and_the_metrics_tell_of_clocks(client, operator, time_machine):
    time_machine.move_to(timezone.now() - timedelta(seconds=90), tick=True)
    client.force_login(operator)
    page = client.get(reverse("running")).content.decode()
    assert "nothing is signed until they agree" in page
    text = metrics.text(at=timezone.now()).decode()
    [offset] = re.findall(r"^crs_clock_offset_seconds (\S+)$", text, re.MULTILINE)
    assert float(offset) == pytest.approx(90, abs=5)  # half of what asking took is not known
    assert ("crs_ntp_synchronised" in text) == (clocks.ntp() is not None)
    assert client.get("/readyz").json()["parts"]["clock"] == "warn"
