"""Send one message. Bodies carry ids, the grade and what is asked; who it is stays behind the login (S22).

Nothing here touches the database, and nothing here runs inside a transaction.
"""

import asyncio
import hashlib
import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from crsmonitor.accounts import languages
from crsmonitor.accounts.models import User
from grading.alerting.alert_words import asked_text, grade_words
from grading.alerting.delivery import gateways, signing
from grading.alerting.delivery.webhook_guard import Pinned, RefusedAddress, pin
from grading.alerting.stand_down_words import why_text
from grading.alerting.watchdog_words import note_lines
from grading.models import (
    Alert,
    Beacon,
    Channel,
    ContactTest,
    Delivery,
    Drill,
    DrillMessage,
    OperatorNote,
    Outgoing,
    Purpose,
)

TIMEOUT_SECONDS = 5  # of a whole call of a webhook or a gateway; settings.EMAIL_TIMEOUT is the mail server's
KEY_HEADER = "X-Crsmonitor-Key"


class ChannelFailed(Exception):
    """The message has not left, as far as we know. `code` says why, without addresses or bodies."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads."""

    subject: str
    lines: list[str]

    @property
    def body(self) -> str:
        return "\n".join(self.lines) + "\n"


def send(message: Outgoing, *, at: datetime) -> bool:
    """Send it now, once, in the language of its receiver. Raises ChannelFailed where it was not taken.

    True: the receiver itself has it (a webhook's 2xx). False: something on the way has taken it (a mail server).
    """
    with languages.of(_receiver(message)):
        _send(message, at=at)
    return isinstance(message, Beacon) or (isinstance(message, Delivery) and message.channel == Channel.WEBHOOK)


def _receiver(message: Outgoing) -> User | None:
    match message:
        case ContactTest(contact=contact):
            return contact.user
        case DrillMessage(recipient=recipient) | Delivery(recipient=recipient):
            return recipient
        case _nobody:
            return None


def _send(message: Outgoing, *, at: datetime) -> None:
    match message:
        case Beacon():
            _beacon(message, at=at)
        case OperatorNote():
            _email(settings.OPERATOR_EMAIL, _words_of_note(message), key=message.key)
        case ContactTest(contact=contact):
            _to_contact(Channel(contact.channel), contact.address, _words_of_test(message), key=message.key)
        case DrillMessage(recipient=recipient, contact=contact):
            address = contact.address if contact else recipient.email
            _to_contact(Channel(message.channel), address, _words_of_drill(message.drill), key=message.key)
        case Delivery(endpoint=None, recipient=recipient, contact=contact):
            assert recipient is not None  # a constraint: delivery_to_somebody
            address = contact.address if contact else recipient.email
            _to_contact(Channel(message.channel), address, words_of(message), key=message.key)
        case Delivery(endpoint=endpoint) if message.channel == Channel.GATEWAY:
            _gateway(endpoint.gateway, words_of(message))
        case Delivery():
            _webhook(message, at=at)


# --- What is said ---------------------------------------------------------------------------------------------


def link_to(alert: Alert) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("alert", args=[alert.pk])


def words_of(delivery: Delivery) -> Words:
    """A page says what is asked; a stand-down, at the first glance, that nobody needs to come any more."""
    alert, told = delivery.alert, grade_words(delivery.alert)
    participant = alert.participant
    if delivery.purpose == Purpose.STAND_DOWN:
        at = {"at": f"{delivery.queued_at:%Y-%m-%d %H:%M}"}
        said = [why_text(delivery), _("You need not answer this alert any more (%(at)s UTC).") % at]
        headline, lines = _("stand down: %(told)s") % {"told": told}, [*said, told]
    else:
        headline, lines = told, [told, *(f"- {asked_text(code)}" for code in alert.thresholds)]
    return Words(
        subject=f"[crsmonitor] {participant.study.code} {participant.site.code}: {headline}",
        lines=[
            *lines,
            "",
            _("Study %(study)s, site %(site)s") % {"study": participant.study.code, "site": participant.site.code},
            _("Alert %(alert)s, raised %(at)s UTC") % {"alert": alert.pk, "at": f"{alert.raised_at:%Y-%m-%d %H:%M}"},
            _("Who it is and what was seen: %(link)s") % {"link": link_to(alert)},
        ],
    )


def _words_of_test(test: ContactTest) -> Words:
    link = settings.SITE_URL.rstrip("/") + reverse("contacts")
    return Words(
        subject=_("[crsmonitor] Test message"),
        lines=[
            _("This is a test: no participant is concerned."),
            _("Code: %(code)s") % {"code": signing.code_of(test)},
            _("Type the code here, and alerts will come this way: %(link)s") % {"link": link},
        ],
    )


def _words_of_drill(drill: Drill) -> Words:
    link = settings.SITE_URL.rstrip("/") + reverse("drill", args=[drill.pk])
    return Words(
        # In every language, so that it can be told from an alert at a glance and by a filter.
        subject=f"TEST [crsmonitor] {drill.study.code} {drill.site.code}: " + _("drill"),
        lines=[
            _("This is a drill: no participant is concerned."),
            _("Study %(study)s, site %(site)s") % {"study": drill.study.code, "site": drill.site.code},
            _("Say that it has reached you: %(link)s") % {"link": link},
        ],
    )


def _words_of_note(note: OperatorNote) -> Words:
    subject = _("[crsmonitor] A channel works again") if note.over else _("[crsmonitor] A channel does not work")
    return Words(subject=subject, lines=note_lines(note))


# --- To a person ----------------------------------------------------------------------------------------------


def _to_contact(channel: Channel, address: str, words: Words, *, key: str) -> None:
    if channel == Channel.GATEWAY:
        _gateway(address, words)
    else:
        _email([address], words, key=key)


def _gateway(name: str, words: Words) -> None:
    try:
        gateways.notify(name, title=words.subject, body=words.body, seconds=TIMEOUT_SECONDS)
    except gateways.GatewayFailed as failed:
        raise ChannelFailed(failed.code) from None


def _email(to: list[str], words: Words, *, key: str) -> None:
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    message = EmailMessage(
        subject=words.subject,
        body=words.body,
        to=to,
        headers={KEY_HEADER: key, "Message-ID": f"<{digest}@{domain}>"},
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
    """The body of a webhook call (docs/webhooks.md): ids, the grade, what is asked, and where to look."""
    alert = delivery.alert
    stood_down = {
        "why": delivery.why,
        "by_role": delivery.by_role,
        "drug_class": delivery.drug_class,
        "at": delivery.queued_at.isoformat(),
    }
    return {
        "event": delivery.purpose,
        "key": delivery.key,
        "alert": str(alert.pk),
        "study": alert.participant.study.code,
        "site": alert.participant.site.code,
        "kind": alert.kind,
        "condition": alert.condition,
        "grade": alert.grade,
        "urgency": alert.urgency,
        "at_most": alert.at_most,
        "asked": list(alert.thresholds),
        "raised_at": alert.raised_at.isoformat(),
        "occurrence": delivery.occurrence,
        "link": link_to(alert),
    } | (stood_down if delivery.purpose == Purpose.STAND_DOWN else {})


def _webhook(delivery: Delivery, *, at: datetime) -> None:
    endpoint = delivery.endpoint
    assert endpoint is not None  # a constraint: delivery_to_somebody

    def target() -> Pinned:
        private, http = settings.WEBHOOK_ALLOW_PRIVATE, not settings.PRODUCTION
        return pin(endpoint.url, allow_private=private, allow_http=http)

    _call(target, payload_of(delivery), key=delivery.key, secret=endpoint.secret, at=at)


def _beacon(beacon: Beacon, *, at: datetime) -> None:
    """To our own receiver. Its address is the operator's, so it may be inside and without TLS."""

    def target() -> Pinned:
        url = settings.BEACON_URL.rstrip("/") + reverse("beacon_receipt")
        # Whatever way leads there, the site answers to its own name.
        return replace(pin(url, allow_private=True, allow_http=True), host_header=urlsplit(settings.SITE_URL).netloc)

    _call(target, {"key": beacon.key}, key=beacon.key, secret=signing.beacon_secrets()[0], at=at)


def _call(target: Callable[[], Pinned], payload: dict[str, Any], *, key: str, secret: str, at: datetime) -> None:
    body = json.dumps(payload, separators=(",", ":")).encode()
    timestamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "User-Agent": "crsmonitor",
        "X-Crsmonitor-Timestamp": timestamp,
        "X-Crsmonitor-Signature": "v1=" + signing.signature(secret, timestamp=timestamp, body=body),
    }
    try:
        status = asyncio.run(_post(target(), body=body, headers=headers))
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


async def _post(target: Pinned, *, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; its body is not read. One limit for everything: a server that drips gains nothing."""
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
