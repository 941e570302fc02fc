"""A message as a machine reads it: JSON, signed over its time and body (docs/webhooks.md)."""

import json
from datetime import datetime

from grading.alerting.delivery.channels.webhook import signing
from grading.alerting.delivery.notification import Notification


def body_of(notification: Notification) -> bytes:
    return json.dumps(dict(notification.fields), separators=(",", ":")).encode()


def headers_of(notification: Notification, *, body: bytes, at: datetime) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    signed = signing.signature(notification.destination.secret, timestamp=timestamp, body=body)
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": notification.key,
        "User-Agent": "crsmonitor",
        "X-Crsmonitor-Timestamp": timestamp,
        "X-Crsmonitor-Signature": f"v1={signed}",
    }
