"""Send one message. Bodies carry ids, the grade and what is asked; who it is stays behind the login (S22).

Nothing here touches the database, and nothing here runs inside a transaction.
"""

import asyncio
import hashlib
import hmac
import json
import smtplib
import ssl
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from grading.alert_words import asked_text, grade_words
from grading.models import Alert, Channel, Delivery
from grading.webhook_guard import RefusedAddress, pin

TIMEOUT_SECONDS = 5  # of a whole webhook call; settings.EMAIL_TIMEOUT is the mail server's
KEY_HEADER = "X-Crsmonitor-Key"


class ChannelFailed(Exception):
    """The message has not left, as far as we know. `code` says why, without addresses or bodies."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def send(delivery: Delivery, *, at: datetime) -> None:
    """Send it now, once. Returns when the other side has taken it; raises ChannelFailed otherwise."""
    match Channel(delivery.channel):
        case Channel.EMAIL:
            _email(delivery)
        case Channel.WEBHOOK:
            _webhook(delivery, at=at)


# --- What is said ---------------------------------------------------------------------------------------------


def link_to(alert: Alert) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("alert", args=[alert.pk])


# --- E-mail ---------------------------------------------------------------------------------------------------


def _email(delivery: Delivery) -> None:
    alert = delivery.alert
    participant = alert.participant
    lines = [
        grade_words(alert),
        *(f"- {asked_text(code)}" for code in alert.thresholds),
        "",
        _("Study %(study)s, site %(site)s") % {"study": participant.study.code, "site": participant.site.code},
        _("Alert %(alert)s, raised %(at)s UTC") % {"alert": alert.pk, "at": f"{alert.raised_at:%Y-%m-%d %H:%M}"},
        _("Who it is and what was seen: %(link)s") % {"link": link_to(alert)},
    ]
    digest = hashlib.sha256(delivery.key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    message = EmailMessage(
        subject=f"[crsmonitor] {participant.study.code} {participant.site.code}: {grade_words(alert)}",
        body="\n".join(lines) + "\n",
        to=[delivery.recipient.email],  # type: ignore[union-attr]  # a constraint: delivery_to_somebody
        headers={KEY_HEADER: delivery.key, "Message-ID": f"<{digest}@{domain}>"},
    )
    try:
        sent = message.send()
    except TimeoutError as error:
        raise ChannelFailed("mail_timeout") from error
    except smtplib.SMTPResponseException as error:
        raise ChannelFailed(f"mail_{error.smtp_code}") from error
    except smtplib.SMTPException as error:
        raise ChannelFailed(f"mail_{type(error).__name__}") from error
    except OSError as error:
        raise ChannelFailed("mail_unreachable") from error
    if not sent:
        raise ChannelFailed("mail_not_taken")


# --- Webhook --------------------------------------------------------------------------------------------------


def payload_of(delivery: Delivery) -> dict[str, Any]:
    """The body of a webhook call: ids, the grade, what is asked, and where to look."""
    alert = delivery.alert
    return {
        "key": delivery.key,
        "alert": str(alert.pk),
        "study": alert.participant.study.code,
        "site": alert.participant.site.code,
        "kind": alert.kind,
        "grade": alert.grade,
        "at_most": alert.at_most,
        "asked": list(alert.thresholds),
        "raised_at": alert.raised_at.isoformat(),
        "link": link_to(alert),
    }


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "timestamp.body", so that an old call cannot be sent again as a new one."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _webhook(delivery: Delivery, *, at: datetime) -> None:
    endpoint = delivery.endpoint
    assert endpoint is not None  # a constraint: delivery_to_somebody
    body = json.dumps(payload_of(delivery), separators=(",", ":")).encode()
    timestamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": delivery.key,
        "User-Agent": "crsmonitor",
        "X-Crsmonitor-Timestamp": timestamp,
        "X-Crsmonitor-Signature": "v1=" + signature(endpoint.secret, timestamp=timestamp, body=body),
    }
    try:
        status = asyncio.run(_post(endpoint.url, body=body, headers=headers))
    except RefusedAddress as error:
        raise ChannelFailed(f"webhook_refused_{error.code}") from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ChannelFailed("webhook_timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ChannelFailed("webhook_unreachable") from error
    if not 200 <= status < 300:
        raise ChannelFailed(f"webhook_{status}")


@cache
def _tls() -> ssl.SSLContext:
    """The usual checks of certificates. Made once: reading all the authorities takes longer than the whole call."""
    return httpx.create_ssl_context(trust_env=False)


async def _post(url: str, *, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; its body is not read. One limit for everything: a server that drips gains nothing."""
    target = pin(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE, allow_http=not settings.PRODUCTION)
    async with (
        asyncio.timeout(TIMEOUT_SECONDS),
        # trust_env: a proxy of the environment would resolve the name again.
        httpx.AsyncClient(verify=_tls(), follow_redirects=False, timeout=TIMEOUT_SECONDS, trust_env=False) as client,
        client.stream(
            "POST", target.url, content=body, headers=headers | {"Host": target.host_header},
            extensions={"sni_hostname": target.host},
        ) as answer,
    ):  # fmt: skip
        return answer.status_code
