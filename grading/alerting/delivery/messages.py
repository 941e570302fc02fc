"""Each kind of message as data: one row for each says where it goes, who reads it, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from crsmonitor.accounts import invitations, languages
from crsmonitor.accounts.models import User
from crsmonitor.security.sealing import CannotOpen
from grading.alerting.alert_words import asked_text, grade_words
from grading.alerting.delivery.contact_codes import code_of
from grading.alerting.delivery.notification import Destination, Notification
from grading.alerting.delivery.secret_keys import beacon_secrets
from grading.alerting.rota_words import rota_lines
from grading.alerting.stand_down_words import why_text
from grading.alerting.watchdog_words import note_lines
from grading.models import (
    Beacon,
    Channel,
    Contact,
    ContactNote,
    ContactTest,
    Delivery,
    DrillMessage,
    Endpoint,
    Invitation,
    OperatorNote,
    Outgoing,
    Purpose,
    RotaNote,
    UnblindingNote,
)

MAIL_LANE = "email"  # one server takes the mail of all


def notification_of(message: Outgoing) -> Notification:
    """In the language of its reader."""
    kind = KINDS[type(message)]
    with languages.of(kind.reader(message)):
        subject, lines = kind.words(message)
        return Notification(
            destination=kind.destination(message), key=message.key, subject=subject, lines=tuple(lines),
            fields=kind.fields(message),
        )  # fmt: skip


def destination_of(message: Outgoing) -> Destination:
    """Where it goes."""
    return KINDS[type(message)].destination(message)


# --- Where it goes --------------------------------------------------------------------------------------------


def _by_mail(*addresses: str) -> Destination:
    return Destination(channel=Channel.EMAIL, addresses=addresses, lane=MAIL_LANE)


def _by_gateway(name: str) -> Destination:
    return Destination(channel=Channel.GATEWAY, addresses=(name,), lane=f"gateway:{name}")


def _to_endpoint(endpoint: Endpoint) -> Destination:
    if endpoint.gateway:
        return _by_gateway(endpoint.gateway)
    try:
        secret = endpoint.secret
    except CannotOpen:  # the channel says so: nothing is ever sent unsigned
        secret = ""
    lane = f"webhook:{endpoint.pk}"
    return Destination(channel=Channel.WEBHOOK, addresses=(endpoint.url,), lane=lane, secret=secret)


def _to_person(person: User, contact: Contact | None) -> Destination:
    """`contact` None: the e-mail address of the account."""
    if contact is None:
        return _by_mail(person.email)
    if contact.channel == Channel.PUSH:
        return _to_browser(contact)
    return _by_gateway(contact.address) if contact.channel == Channel.GATEWAY else _by_mail(contact.address)


def _to_browser(contact: Contact) -> Destination:
    """All of one push service share a way: where it is slow, it is so for every browser."""
    try:
        endpoint, p256dh, auth = contact.push.opened()
    except CannotOpen:  # the channel says so
        endpoint, p256dh, auth = "", "", ""
    lane = f"push:{contact.address.partition(' ')[0]}"
    return Destination(channel=Channel.PUSH, addresses=(endpoint,), lane=lane, secret=f"{p256dh}.{auth}")


def _of_delivery(delivery: Delivery) -> Destination:
    if delivery.endpoint is not None:
        return _to_endpoint(delivery.endpoint)
    assert delivery.recipient is not None  # a constraint: delivery_to_somebody
    return _to_person(delivery.recipient, delivery.contact)


def _of_beacon(beacon: Beacon) -> Destination:
    url = settings.BEACON_URL.rstrip("/") + reverse("beacon_receipt")
    return Destination(channel=Channel.WEBHOOK, addresses=(url,), secret=beacon_secrets()[0], is_own=True)


# --- What it says ---------------------------------------------------------------------------------------------

Words = tuple[str, list[str]]  # subject, and lines


def _link(name: str, *arguments: object) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=arguments)


def _words_of_delivery(delivery: Delivery) -> Words:
    """A page says what is asked; a stand-down, at the first glance, that nobody needs to come any more."""
    alert, grade = delivery.alert, grade_words(delivery.alert)
    participant = alert.participant
    if delivery.purpose == Purpose.STAND_DOWN:
        at = {"at": f"{delivery.queued_at:%Y-%m-%d %H:%M}"}
        headline = _("stand down: %(told)s") % {"told": grade}
        lines = [why_text(delivery), _("You need not answer this alert any more (%(at)s UTC).") % at, grade]
    else:
        headline, lines = grade, [grade, *(f"- {asked_text(code)}" for code in alert.thresholds)]
    return f"[crsmonitor] {participant.study.code} {participant.site.code}: {headline}", [
        *lines,
        "",
        _("Study %(study)s, site %(site)s") % {"study": participant.study.code, "site": participant.site.code},
        _("Alert %(alert)s, raised %(at)s UTC") % {"alert": alert.pk, "at": f"{alert.raised_at:%Y-%m-%d %H:%M}"},
        _("Who it is and what was seen: %(link)s") % {"link": _link("alert", alert.pk)},
    ]


def _words_of_test(test: ContactTest) -> Words:
    return _("[crsmonitor] Test message"), [
        _("This is a test: no participant is concerned."),
        _("Code: %(code)s") % {"code": code_of(test)},
        _("Type the code here, and alerts will come this way: %(link)s") % {"link": _link("contacts")},
    ]


def _words_of_drill(message: DrillMessage) -> Words:
    drill = message.drill
    # In every language, so that it can be told from an alert at a glance and by a filter.
    return f"TEST [crsmonitor] {drill.study.code} {drill.site.code}: " + _("drill"), [
        _("This is a drill: no participant is concerned."),
        _("Study %(study)s, site %(site)s") % {"study": drill.study.code, "site": drill.site.code},
        _("Say that it has reached you: %(link)s") % {"link": _link("drill", drill.pk)},
    ]


def _words_of_contact_note(note: ContactNote) -> Words:
    return _("[crsmonitor] A browser takes no alerts any more"), [
        _("%(browser)s has ended its subscription: no alert reaches it.") % {"browser": note.contact.address},
        _("If you still need it, open this page there and subscribe again: %(link)s") % {"link": _link("contacts")},
    ]


def _words_of_invitation(invitation: Invitation) -> Words:
    """The link is made as it leaves; where the account was taken up meanwhile, it leads to signing in."""
    study, path = invitation.study, invitations.path_of(invitation.recipient)
    return _("[crsmonitor] Your account for study %(study)s") % {"study": study.code}, [
        _("An account was opened for you: %(name)s") % {"name": invitation.recipient.get_username()},
        _("Choose a password within %(days)s days: %(link)s")
        % {"days": invitations.LASTS.days, "link": settings.SITE_URL.rstrip("/") + path},
        _("If you do not expect this, tell the data manager of the study and do not open the link."),
    ]


def _words_of_rota(note: RotaNote) -> Words:
    """As it was when the note was queued."""
    subject = _("on call now and next")
    lines = rota_lines(note, at=note.queued_at)
    return f"[crsmonitor] {note.study.code} {note.site.code}: {subject}", [
        *lines,
        "",
        _("The rota: %(link)s") % {"link": _link("rota", note.study.code, note.site.code)},
    ]


def _words_of_unblinding(note: UnblindingNote) -> Words:
    subject = _("something tells what is blinded")
    at = {"at": f"{note.queued_at:%Y-%m-%d %H:%M}"}
    line = (
        _("A key was made that is told what the study is blinded for (%(at)s UTC).")
        if note.of_a_key
        else _("Data left that tell what the study is blinded for (%(at)s UTC).")
    )
    return f"[crsmonitor] {note.study.code}: {subject}", [
        line % at,
        "",
        _("What it was, and whose: %(link)s") % {"link": _link("export-unblinding", note.study.code)},
    ]


def _words_of_note(note: OperatorNote) -> Words:
    subject = _("[crsmonitor] A channel works again") if note.over else _("[crsmonitor] A channel does not work")
    return subject, note_lines(note)


def payload_of(delivery: Delivery) -> dict[str, Any]:
    """Ids, the grade, what is asked, and where to look (docs/webhooks.md)."""
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
        "link": _link("alert", alert.pk),
    } | (stood_down if delivery.purpose == Purpose.STAND_DOWN else {})


# --- The kinds ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """`reader`: whose language it is in; None: that of the site."""

    destination: Callable[[Any], Destination]
    reader: Callable[[Any], User | None] = lambda message: None
    words: Callable[[Any], Words] = lambda message: ("", [])
    fields: Callable[[Any], dict[str, Any]] = lambda message: {}


# One that is no alert is never in the way of one that is: in the order in which a sweep hands them out.
KINDS: Mapping[type[Outgoing], MessageKind] = {
    Delivery: MessageKind(
        destination=_of_delivery, reader=lambda one: one.recipient, words=_words_of_delivery,
        fields=payload_of,
    ),
    ContactTest: MessageKind(
        destination=lambda one: _to_person(one.contact.user, one.contact), reader=lambda one: one.contact.user,
        words=_words_of_test, fields=lambda one: {"link": _link("contacts")},
    ),
    ContactNote: MessageKind(
        destination=lambda one: _by_mail(one.contact.user.email), reader=lambda one: one.contact.user,
        words=_words_of_contact_note,
    ),
    Invitation: MessageKind(
        destination=lambda one: _by_mail(one.recipient.email), reader=lambda one: one.recipient,
        words=_words_of_invitation,
    ),
    RotaNote: MessageKind(
        destination=lambda one: _by_mail(one.recipient.email), reader=lambda one: one.recipient, words=_words_of_rota,
    ),
    UnblindingNote: MessageKind(
        destination=lambda one: _by_mail(one.recipient.email), reader=lambda one: one.recipient,
        words=_words_of_unblinding,
    ),
    OperatorNote: MessageKind(destination=lambda one: _by_mail(*settings.OPERATOR_EMAIL), words=_words_of_note),
    DrillMessage: MessageKind(
        destination=lambda one: _to_person(one.recipient, one.contact), reader=lambda one: one.recipient,
        words=_words_of_drill, fields=lambda one: {"link": _link("drill", one.drill_id)},
    ),
    Beacon: MessageKind(destination=_of_beacon, fields=lambda one: {"key": one.key}),
}  # fmt: skip
