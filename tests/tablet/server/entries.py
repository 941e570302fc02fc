"""What a tablet's outbox sends, as its script writes it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.bedside.posted import typed
from tests.builders import World, hour

OUTBOX = "/tablet/outbox/"
NIGHT = hour(9 + 1 / 6)  # 02:10 in Taipei
MORNING = hour(15)  # 08:00


def listed(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a browser posts, each name with all its values."""
    return {name: [*value] if isinstance(value, list) else [str(value)] for name, value in values.items()}


def entry(
    world: World,
    kind: str = "vitals",
    fields: Mapping[str, Any] | None = None,
    *,
    kept_at: datetime = NIGHT,
    now: datetime = MORNING,
    key: str = "",
    opened_at: datetime | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """What the nurse keeps at `kept_at`, a minute after she opened its form, and the tablet sends `now`; both by the
    tablet's clock. `fields` None: a febrile, hypotensive set.
    """
    opened_at, key = opened_at or kept_at - timedelta(minutes=1), key or str(uuid4())
    common = {"id": key, "opened_at": opened_at.isoformat(), "when": "0", "confirm_number": "001"}
    return {
        "id": key,
        "kind": kind,
        "participant": world.participant.pk,
        "person": world.nurse.pk,
        "fields": listed({**(typed() if fields is None else fields), **common}),
        "opened_at": opened_at.isoformat(),
        "kept_at": kept_at.isoformat(),
        "tablet_now": now.isoformat(),
        "rules": "sha256-test",
        "shown": None,
    } | changes


def without(one: Mapping[str, Any], **fields: list[str] | None) -> dict[str, Any]:
    """The same entry with other fields; None: without."""
    changed = {name: values for name, values in {**one["fields"], **fields}.items() if values is not None}
    return {**one, "fields": changed}


def send(client: Any, entries: Sequence[Mapping[str, Any]], **options: Any) -> Any:
    body = json.dumps({"entries": list(entries)})
    return client.post(OUTBOX, body, content_type="application/json", **options)


def answers_to(client: Any, *entries: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = send(client, entries)
    assert answer.status_code == 200, answer.content
    answers: list[dict[str, Any]] = answer.json()["answers"]
    return answers


def states(client: Any, *entries: Mapping[str, Any]) -> list[str]:
    return [one["state"] for one in answers_to(client, *entries)]
