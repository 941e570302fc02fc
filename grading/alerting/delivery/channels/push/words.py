"""A message as a browser shows it: a title, few lines, and where a tap leads. Ids, the grade, what is asked; nobody."""

import hashlib
import json
from datetime import datetime

from crsmonitor.security.p256 import base64url
from grading.alerting.delivery.channels.push.sealing import MOST
from grading.alerting.delivery.channels.push.vapid import authorization
from grading.alerting.delivery.notification import Notification

# A push service keeps it so long for a telephone without a network: then an answer has lapsed, and pages go out anew.
KEPT_S = 1800
LONGEST = MOST // 2  # of the text; what is escaped in JSON takes more


def text_of(notification: Notification) -> bytes:
    """The line that gives the address is left out: a tap opens it."""
    link = str(notification.fields.get("link", ""))
    lines = [line for line in notification.lines if line and not (link and link in line)]
    shown = {
        "title": notification.subject, "body": "\n".join(lines)[:LONGEST], "link": link, "tag": _about(notification),
    }  # fmt: skip
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(notification: Notification, *, at: datetime) -> dict[str, str]:
    """`Topic`: a stand-down takes the place of its page where that still waits for the telephone (RFC 8030, 5.4)."""
    return {
        "Authorization": authorization(notification.destination.address, at=at),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_S),
        "Topic": _about(notification),
        "Urgency": "high",
    }


def _about(notification: Notification) -> str:
    """The same for what is told of one alert: 32 characters of base64url, which tell nothing."""
    about = str(notification.fields.get("alert", notification.key))
    return base64url(hashlib.sha256(about.encode()).digest()[:24])
