"""Tablets that post sets to a running server, and send again what was not answered."""

import copy
import http.client
import json
import ssl
import time
import uuid
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.acting import acting
from regimens.models import Participant
from tests.builders import World
from tests.faults.rig.patience import Wait

NO_ANSWER = 0
FEVERISH = {"temperature_c": 38.6}
LOW = FEVERISH | {"sbp": 85, "hypotension": True}


def a_set(**changes: object) -> dict:
    """The body of a set of vital signs of now."""
    return {
        "id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat(), "temperature_c": 36.8, "sbp": 121,
        "dbp": 70, "spo2": 97, "heart_rate": 80, "respiratory_rate": 16, "oxygen_device": "room_air",
        "hypotension": False, "fluid_bolus": False, "vasopressors": [],
    } | changes  # fmt: skip


def address_of(participant: Participant) -> str:
    return f"/api/v1/participants/{participant.pk}/vital-signs/"


class Tablet:
    """The nurse's, at the bed of the world's participant."""

    def __init__(self, server: str, world: World, *, trusted: ssl.SSLContext | None = None) -> None:
        at = timezone.now()
        with acting(by="test", reason="a tablet"):
            _, key = ApiToken.issue(user=world.nurse, label="tablet", at=at, expires_at=at + timedelta(days=1))
        self.host, self.trusted = urlsplit(server).netloc, trusted
        self.address = address_of(world.participant)
        self.headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}

    def at_bed_of(self, participant: Participant) -> Self:
        """The same tablet, carried to another bed."""
        other = copy.copy(self)
        other.address = address_of(participant)
        return other

    def ask(self, body: dict, *, seconds: float = 20) -> tuple[int, bytes]:
        """The status of the answer, and what it says; NO_ANSWER where none came."""
        talk: http.client.HTTPConnection = http.client.HTTPConnection(self.host, timeout=seconds)
        if self.trusted is not None:
            talk = http.client.HTTPSConnection(self.host, timeout=seconds, context=self.trusted)
        try:
            talk.request("POST", self.address, json.dumps(body), self.headers)
            answer = talk.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return NO_ANSWER, b""
        finally:
            talk.close()

    def send(self, body: dict, *, seconds: float = 20) -> int:
        """The status of the answer; NO_ANSWER where none came."""
        return self.ask(body, seconds=seconds)[0]

    def send_until_taken(self, body: dict, *, seconds: float = 30) -> int:
        """Send again until it is answered with 201 (now) or 200 (it was there)."""
        return self.ask_until_taken(body, seconds=seconds)[0]

    def ask_until_taken(self, body: dict, *, seconds: float = 30) -> tuple[int, dict]:
        began, wait = time.monotonic(), Wait()
        while (answered := self.ask(body))[0] not in (200, 201):
            status = answered[0]
            assert status == NO_ANSWER or status >= 500, f"refused with {status}: {answered[1]!r}"
            assert time.monotonic() - began < seconds * wait.patience(), (
                f"not taken within {seconds} s, last answer {status}"
            )
            time.sleep(0.2)
        return answered[0], json.loads(answered[1])
