"""Messages in the broker that nobody can read: thrown away with a line in the log, and alerts leave as ever."""

import base64
import json
import uuid

import pytest
import redis

from tests.faults.rig.stack import all_arrived, fever, unsent, until, ward

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def packed(args: object) -> str:
    return base64.b64encode(json.dumps(args).encode()).decode()


def a_message(**changes: object) -> dict:
    """A hint as Celery writes it, with something changed; None takes the entry out."""
    headers = {"lang": "py", "task": "grading.alerting.tasks.deliver", "id": str(uuid.uuid4()), "retries": 0,
               "eta": None, "expires": None, "root_id": None, "parent_id": None, "timelimit": [None, None]}  # fmt: skip
    properties = {"correlation_id": headers["id"], "delivery_mode": 2, "delivery_tag": str(uuid.uuid4()),
                  "body_encoding": "base64", "priority": 0,
                  "delivery_info": {"exchange": "", "routing_key": "celery"}}  # fmt: skip
    whole = {"body": packed([[str(uuid.uuid4())], {}, {}]), "content-encoding": "utf-8",
             "content-type": "application/json", "headers": headers, "properties": properties}  # fmt: skip
    for name, value in changes.items():
        where = next(part for part in (whole, headers, properties) if name.replace("_", "-") in part or name in part)
        where[name if name in where else name.replace("_", "-")] = value
    return whole


POISON = {
    "no JSON": b"nonsense",
    "no text": b"\xff\xfe\x00",
    "null": b"null",
    "a number": b"7",
    "a list": b"[1, 2]",
    "an empty object": b"{}",
    "a body that is not base64": a_message(body="%%%not base64%%%"),
    "a body of null": a_message(body=None),
    "a body that is no JSON": a_message(body=base64.b64encode(b"{{{").decode()),
    "a body of another shape": a_message(body=packed({"a": 1})),
    "a body of null arguments": a_message(body=packed(None)),
    "arguments that are no list": a_message(body=packed([7, {}, {}])),
    "another content type": a_message(content_type="application/x-python-serialize"),
    "no content type": a_message(content_type=None),
    "an unknown task": a_message(task="no.such.task"),
    "no headers": a_message(headers=None),
    "no properties": a_message(properties=None),
    "an unknown encoding": a_message(body_encoding="rot13"),
    "an id that is none": a_message(body=packed([[{"a": 1}], {}, {}])),
    "too many arguments": a_message(body=packed([[1, 2, 3], {}, {}])),
    "a due time that is none": a_message(eta="tomorrow"),
    "a huge body": a_message(body=base64.b64encode(b"[" * 5_000_000).decode()),
}


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_poison_ends_no_worker_and_an_alert_leaves(stack, hook, pool):
    world = ward(hook)
    worker = stack.worker(pool=pool, concurrency=2)
    stack.beat()
    stack.until_ready(1)
    with redis.Redis.from_url(stack.broker.url()) as client:
        for queue in ("celery", "ticks"):
            for poison in POISON.values():
                client.lpush(queue, poison if isinstance(poison, bytes) else json.dumps(poison))

    fever(world)
    took = until(lambda: unsent() == 0, 15, "the alert has left")
    until(lambda: stack.waiting_hints() == 0, 15, "all of it is read")

    assert worker.poll() is None
    log = next(stack.folder.glob("worker*.log")).read_text()
    assert "threw away a message that cannot be read" in log
    assert set(all_arrived(stack, hook, slowest=took).values()) == {1}
