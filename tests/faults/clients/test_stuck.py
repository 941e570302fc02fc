"""One stuck transaction: whoever needs its rows is told so after 3 s, keeps what was typed, and saves it once."""

import http.client
import json
import re
import time
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection

from crsmonitor.api.answers import PROBLEM
from crsmonitor.middleware import BUSY, _busy
from grading.models import VitalSigns
from tests.bedside.posted import typed, url
from tests.faults.rig.stack import a_stuck_transaction, ward
from tests.faults.rig.tablets import Tablet, a_set

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def ask(tablet: Tablet, body: dict) -> tuple[int, str, str | None, dict, float]:
    """Status, type, Retry-After, body, seconds."""
    began = time.monotonic()
    talk = http.client.HTTPConnection(tablet.host, timeout=30)
    talk.request("POST", tablet.address, json.dumps(body), tablet.headers)
    answer = talk.getresponse()
    problem = json.loads(answer.read())
    talk.close()
    took = time.monotonic() - began
    return answer.status, answer.getheader("Content-Type", ""), answer.getheader("Retry-After"), problem, took


def test_a_held_set_is_answered_with_a_problem_and_is_kept_once_afterwards(stack):
    tablet, body = Tablet(stack.server(), ward()), a_set()
    with a_stuck_transaction("DEMO-001"):
        status, kind, again, problem, took = ask(tablet, body)
    assert (status, kind.split(";")[0], problem["type"]) == (503, "application/problem+json", "urn:crsmonitor:busy")
    assert int(again) > 0
    assert took > 2.5  # after the limit of a lock; the row is held for longer than the tablet waits
    assert not VitalSigns.objects.exists()

    assert [tablet.send(body) for _twice in range(2)] == [201, 200]
    assert VitalSigns.objects.count() == 1


def test_whose_key_cannot_be_looked_up_is_told_the_same(client, superuser):
    tablet = Tablet("http://testserver", ward())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")  # the tests' own connection has no limits
    superuser.execute("BEGIN")
    superuser.execute("LOCK TABLE accounts_apitoken")
    try:
        answer = client.post(tablet.address, a_set(), headers=tablet.headers, content_type="application/json")
    finally:
        superuser.execute("ROLLBACK")

    assert (answer.status_code, answer["Content-Type"], answer.json()["title"]) == (503, PROBLEM, "busy")
    assert int(answer["Retry-After"]) > 0
    assert not VitalSigns.objects.exists()


def sent_again(page: str) -> dict[str, list[str]]:
    """What the button of the page sends."""
    again: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        again.setdefault(name, []).append(unescape(value))
    return again


def test_a_held_form_keeps_what_was_typed_and_is_saved_once_by_its_button(client):
    world, typed_in = ward(), typed()
    client.force_login(world.nurse)
    address = url(world, "vitals")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")  # the tests' own connection has no limits
    with a_stuck_transaction("DEMO-001"):
        answer = client.post(address, typed_in)
    page = answer.content.decode()

    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert "Not saved yet" in page
    assert f'action="{address}"' in page
    again = sent_again(page)
    assert {name: value for name, [value] in again.items() if name != "csrfmiddlewaretoken"} == {
        name: str(value[0] if isinstance(value, list) else value) for name, value in typed_in.items()
    }
    assert [client.post(address, again).status_code for _twice in range(2)] == [302, 302]
    assert VitalSigns.objects.get().temperature_c == Decimal("38.6")


def test_a_password_is_never_written_into_the_page(rf):
    request = rf.post("/participants/1/judge/", {"id": "1", "password": "the secret"})

    page = _busy(request).content.decode()

    assert "the secret" not in page
    assert "Go back in your browser" in page


def test_whoever_waited_for_its_turn_in_vain_is_told_the_same(client):
    world = ward()
    client.force_login(world.nurse)

    page = client.post(url(world, "vitals"), typed(), **{BUSY: True})
    answer = client.post("/api/v1/participants/1/vital-signs/", {}, **{BUSY: True})

    assert (page.status_code, "Not saved yet" in page.content.decode()) == (503, True)
    assert (answer.status_code, answer["Content-Type"], answer.json()["title"]) == (503, PROBLEM, "busy")
    assert not VitalSigns.objects.exists()
