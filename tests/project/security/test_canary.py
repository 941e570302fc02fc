"""What identifies or is typed is in no line of the log, no task and no key of the broker (S23)."""

import logging
import uuid
from datetime import timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.delivery import hints, outbox
from grading.models import Alert
from regimens.models import Participant
from tests.bodies import BODIES, FEVER
from tests.builders import build_world, call_raised, dose, kept, stay
from tests.pages import undrawn

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "CANARY-7731"
TYPED = "kumquat"
VALUE = "39.77"
CANARIES = (NUMBER, TYPED, VALUE, "canary.person", "canary-ward")
ITS_OWN = {"created", "msecs", "relativeCreated", "thread", "process"}  # figures of a record, of which any may be VALUE


@pytest.fixture
def canaries(transactional_db):
    world = build_world("CAN")
    with acting(by="test", reason=TYPED):
        Participant.objects.filter(pk=world.participant.pk).update(number=NUMBER)
    world.participant.refresh_from_db()
    at = timezone.now()
    kept(stay(world, observed_at=at - timedelta(hours=8), ward="canary-ward"), world)
    kept(dose(world, observed_at=at - timedelta(hours=7)), world)
    return world


def broker_says() -> str:
    """Every key of the broker and what is in it."""
    with redis.Redis.from_url(django_settings.CELERY_BROKER_URL) as broker:
        dumped = []
        for key in broker.scan_iter("*"):
            dumps = {b"list": lambda k: broker.lrange(k, 0, -1), b"set": broker.smembers, b"hash": broker.hgetall,
                     b"zset": lambda k: broker.zrange(k, 0, -1), b"string": broker.get}  # fmt: skip
            dumped.append(repr((key, dumps[broker.type(key)](key))))
        return "\n".join(dumped)


def told_by(record: logging.LogRecord) -> str:
    parts = {name: value for name, value in vars(record).items() if name not in ITS_OWN}
    return f"{record.getMessage()} {record.exc_text or ''} {parts}"


@pytest.mark.long
def test_neither_log_nor_broker_holds_what_is_the_participants(canaries, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("psycopg", "psycopg.pool", "asyncio", "django.db.backends"):  # silent in production: above INFO
        logging.getLogger(name).setLevel(logging.WARNING)
    client = Client(raise_request_exception=False)
    client.force_login(canaries.investigator)
    pk, at = canaries.participant.pk, timezone.now() - timedelta(minutes=45)

    def post(path, **changes):
        body = {"id": str(uuid.uuid4()), "observed_at": at.isoformat(), "reason": TYPED} | changes
        return client.post(f"/api/v1/participants/{pk}/{path}/", body, content_type="application/json")

    assert post("vital-signs", **FEVER | {"temperature_c": VALUE}).status_code == 201
    for path, body in BODIES.items():
        assert post(path, **body).status_code == 201
        assert post(path, **body | {"nonsense": TYPED}).status_code == 400
    assert post("vital-signs", temperature_c=TYPED).status_code == 400
    for address in (f"/participants/{pk}/", f"/participants/{pk}/gate/", f"/participants/{TYPED}/", f"/?q={TYPED}"):
        client.get(address)
    client.post("/accounts/login/", {"username": "canary.person", "password": TYPED})
    alerts = list(Alert.objects.filter(participant=canaries.participant))
    call_raised(at=timezone.now())
    waiting = outbox.due(at=timezone.now())
    hints.deliver_soon(waiting, of_alerts=True, expires=30)
    queued = broker_says()
    for one in waiting:
        tasks.deliver(str(one))

    assert alerts
    assert str(waiting[0]) in queued  # the broker was looked into while something was in it
    assert len(caplog.records) > 5
    texts = {"log": undrawn("\n".join(map(told_by, caplog.records))), "broker": undrawn(queued)}
    assert {where: [one for one in CANARIES if one in text] for where, text in texts.items()} == {
        "log": [], "broker": []}  # fmt: skip
