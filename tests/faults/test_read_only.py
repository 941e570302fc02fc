"""The database takes no writes, as a standby does during a failover: people read on, and nothing is lost in silence."""

import contextlib
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from crsmonitor.accounts.sign_in.idle import SEEN_AT
from grading.alerting import heartbeat
from tests.bedside.posted import text_of, typed, url
from tests.builders import dose, kept, stay, vitals
from tests.faults.rig.tablets import a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


@contextlib.contextmanager
def read_only():
    """What a standby answers to whoever writes, for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        try:
            yield
        finally:
            cursor.execute("SET default_transaction_read_only = off")


@pytest.fixture
def ward(transactional_world):
    for fact in (stay(transactional_world), dose(transactional_world), vitals(transactional_world, 1)):
        kept(fact, transactional_world)
    heartbeat.beat(at=timezone.now())
    return transactional_world


@pytest.fixture
def nurse(ward, client):
    """Signed in, and last seen a minute ago: her next page has it noted."""
    client.force_login(ward.nurse)
    assert client.get("/").status_code == 200
    session = client.session
    session[SEEN_AT] = (timezone.now() - timedelta(minutes=1)).isoformat()
    session.save()
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("address", ["/", "/participants/{pk}/", "/alerts/"])
def test_pages_are_read_on_with_a_stripe(nurse, ward, address):
    address = address.format(pk=ward.participant.pk)
    with read_only():
        answer = nurse.get(address)

    assert answer.status_code == 200, answer.content[:300]
    assert "Nothing can be saved now" in text_of(answer)
    assert "Nothing can be saved now" not in text_of(nurse.get(address))


def test_a_set_by_the_api_is_503_and_kept_once_afterwards(ward):
    client, body = APIClient(raise_request_exception=False), a_set()
    client.force_authenticate(ward.nurse)
    address = f"/api/v1/participants/{ward.participant.pk}/vital-signs/"
    with read_only():
        refused = client.post(address, body)

    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
    assert refused["Retry-After"]
    assert client.post(address, body).status_code == 201


def test_a_form_keeps_what_was_typed(nurse, ward):
    with read_only():
        refused = nurse.post(url(ward, "vitals"), typed())

    assert refused.status_code == 503
    assert 'name="temperature_c" value="38.6"' in text_of(refused)


def test_readyz_is_red(nurse):
    with read_only():
        answer = nurse.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "failed"
    assert nurse.get("/readyz").json()["parts"]["database"] == "ok"
