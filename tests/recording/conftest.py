"""What the tests of the API share: clients that are signed in by key, and a participant dosed hours ago."""

import itertools
import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.audit.acting import acting
from regimens.models import Participant
from tests.builders import World, dose, kept, stay
from tests.stages import stage

_labels = itertools.count(1)


class Api:
    """The API as one user sees it: by a key, and by her session what no key may do. Bodies are JSON, or bytes."""

    by_hand = (
        "attributions/", "grade-assessments/", "window-closings/", "gate/", "acknowledge/", "act/", "snooze/", "seen/",
        "review/",
    )  # fmt: skip

    def __init__(self, user: User | None) -> None:
        headers = {}
        if user is not None:
            at = timezone.now()
            with acting(by="test", reason="a key for a test"):
                token, key = ApiToken.issue(
                    user=user, label=f"test {next(_labels)}", at=at, expires_at=at + timedelta(days=1)
                )
                # in use already: its first use within an hour is noted
                ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
            headers["authorization"] = f"Token {key}"
        self.client = Client(headers=headers, raise_request_exception=False)
        self.session = self.client
        if user is not None and user.is_active:
            self.session = Client(raise_request_exception=False)
            self.session.force_login(user)

    def get(self, address: str, **query: Any):
        return self.client.get(f"/api/v1/{address}", query)

    def post(self, address: str, body: Any):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        client = self.session if address.endswith(self.by_hand) else self.client
        return client.post(f"/api/v1/{address}", content, content_type="application/json")


@pytest.fixture
def api(db: None) -> Callable[[User | None], Api]:
    return Api


@stage
def dosed(world: World) -> World:
    """The world, with its participant in bed and dosed six hours ago."""
    kept(stay(world, observed_at=_ago(hours=7)), world)
    kept(dose(world, observed_at=_ago(hours=6)), world)
    return world


def _ago(**how_long: float) -> datetime:
    return timezone.now() - timedelta(**how_long)


@pytest.fixture
def body() -> Callable[..., dict[str, Any]]:
    """A fact's body, observed a minute ago unless said otherwise."""

    def make(**fields: Any) -> dict[str, Any]:
        return {"id": str(uuid.uuid4()), "observed_at": _ago(minutes=1).isoformat()} | fields

    return make


@pytest.fixture
def well(body: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The body of a well participant's set of vital signs."""

    def make(**changes: Any) -> dict[str, Any]:
        return body(
            temperature_c=36.8, sbp=120, dbp=70, spo2=97, heart_rate=80, respiratory_rate=16, oxygen_device="room_air",
            hypotension=False, fluid_bolus=False, vasopressors=[],
        ) | changes  # fmt: skip

    return make


@pytest.fixture
def ago() -> Callable[..., datetime]:
    """The moment that long ago."""
    return _ago


@pytest.fixture
def address(dosed):
    return f"participants/{dosed.participant.pk}/vital-signs/"


@stage
def elsewhere(dosed):
    """A participant of the other site, whom the outsider may see."""
    with acting(by="test", reason="another participant"):
        return Participant.objects.create(
            study=dosed.study, site=dosed.other_site, number="DEMO-900", regimen=dosed.regimen
        )
