"""How a message leaves: the channels, where they lead, and one row for each message."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crsmonitor.security.sealing import open_sealed, seal
from grading.models.alerts import Alert
from grading.rules.alerting.stand_down import Why
from regimens.models import Site, Study


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("webhook")
    GATEWAY = "gateway", _("gateway")
    PUSH = "push", _("push to a browser")


class Endpoint(models.Model):
    """Where a study's alerts go besides its people: a webhook, signed with a secret, or a gateway of the operator.

    A gateway is a name of CRS_GATEWAYS; its addresses and secrets stay in the environment.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="endpoints")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="endpoints", null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    sealed_secret = models.TextField(blank=True, editable=False)
    gateway = models.SlugField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="endpoint_webhook_or_gateway",
                condition=(Q(gateway="") & ~Q(url="") & ~Q(sealed_secret=""))
                | (~Q(gateway="") & Q(url="", sealed_secret="")),
            ),
        ]

    def __str__(self) -> str:
        return f"gateway {self.gateway}" if self.gateway else f"webhook {self.pk}"

    @property
    def secret(self) -> str:
        """In the clear, to sign with. Raises CannotOpen. The row and the audit trail have it sealed."""
        return open_sealed(self.sealed_secret)

    @secret.setter
    def secret(self, clear: str) -> None:
        self.sealed_secret = seal(clear)

    @property
    def channel(self) -> Channel:
        return Channel.GATEWAY if self.gateway else Channel.WEBHOOK

    def clean(self) -> None:
        if self.gateway and self.gateway not in settings.GATEWAYS:
            raise ValidationError({"gateway": _("The operator has configured no gateway of this name.")})


OF_PEOPLE = (Channel.EMAIL, Channel.GATEWAY, Channel.PUSH)  # by which a contact can be


class Contact(models.Model):
    """One way to reach a person, which counts once she has shown that its test message arrived. Ended, never deleted.

    `address`: an e-mail address, the name of a gateway, or what a browser is called (PushSubscription). It is never
    changed: another address is another contact.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=8, choices=[(c.value, c.label) for c in OF_PEOPLE])
    address = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "address"], condition=Q(ended_at=None), name="contact_once"
            ),
            models.CheckConstraint(
                name="contact_channel_known", condition=Q(channel__in=[channel.value for channel in OF_PEOPLE])
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class PushSubscription(models.Model):
    """Of one contact by push, and ended with it.

    `sealed`: its address and keys, since whoever has them can call the browser. `browser`: digest of the key in that
    browser's cookie, by which it is known again when somebody signs in or out there. `gone_at`: when its push service
    took no more for it; None: it does, or its person ended it herself.
    """

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="push")
    sealed = models.TextField(editable=False)
    browser = models.CharField(max_length=64, editable=False)
    gone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["browser"], name="push_browser")]  # services/on_call/browsers.py

    def __str__(self) -> str:
        return f"push {self.pk}"

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    @staticmethod
    def sealed_of(endpoint: str, p256dh: str, auth: str) -> str:
        return seal(json.dumps([endpoint, p256dh, auth]))

    def opened(self) -> tuple[str, str, str]:
        """Address, p256dh, auth. Raises CannotOpen."""
        endpoint, p256dh, auth = json.loads(open_sealed(self.sealed))
        return endpoint, p256dh, auth


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed, will be tried again")
    DEAD = "dead", _("given up: an operator must look")
    DROPPED = "dropped", _("not needed any more")


S = DeliveryState
# Where a message may go from each state: the table is what runs (outbox.py).
DELIVERY_MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    S.QUEUED: frozenset({S.SENDING, S.DROPPED}),
    # To itself: the lease has lapsed, another worker takes it.
    # Back to the queue: it may not leave yet (standing_down.py).
    S.SENDING: frozenset({S.SENDING, S.QUEUED, S.SENT, S.DELIVERED, S.FAILED, S.DEAD, S.DROPPED}),
    # A worker that was taken for dead may still send; what has left has left.
    S.FAILED: frozenset({S.SENDING, S.SENT, S.DELIVERED, S.DROPPED}),
    S.DROPPED: frozenset({S.SENT, S.DELIVERED}),
    S.DEAD: frozenset({S.SENT, S.DELIVERED, S.QUEUED, S.DROPPED}),  # the last two: manage.py revive_deliveries
    S.SENT: frozenset({S.DELIVERED}),
    S.DELIVERED: frozenset(),
}
UNSENT = (S.QUEUED.value, S.SENDING.value, S.FAILED.value)
LEFT = (S.SENT.value, S.DELIVERED.value)


def may_leave(to: DeliveryState) -> list[str]:
    """The states, as stored, from which a message may come to `to`."""
    return [state.value for state, ways in DELIVERY_MOVES.items() if to in ways]


class Outgoing(models.Model):
    """One message to one receiver by one channel. The row is the guarantee; Celery only hurries it.

    Time to deliver: from `queued_at` to `delivered_at` where the channel can prove it, else to `sent_at`.
    """

    sending_reads: ClassVar[tuple[str, ...]] = ()  # the relations that a worker needs in order to send it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The idempotency key that goes along, so that a receiver can drop a twin.
    key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last took it.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="When the receiver was proven to have it.")
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="%(class)s_sent_when",
                condition=Q(state__in=LEFT, sent_at__isnull=False) | (~Q(state__in=LEFT) & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="%(class)s_delivered_when",
                condition=Q(state=DeliveryState.DELIVERED.value, delivered_at__isnull=False)
                | (~Q(state=DeliveryState.DELIVERED.value) & Q(delivered_at=None)),
            ),
            models.CheckConstraint(
                name="%(class)s_sending_has_lease",
                condition=~Q(state=DeliveryState.SENDING.value) | Q(claimed_until__isnull=False),
            ),
        ]
        indexes = [
            # the sweep: outbox.due
            models.Index(fields=["next_try_at"], name="%(class)s_due", condition=Q(state__in=UNSENT)),
        ]

    def __str__(self) -> str:
        return self.key


class Purpose(models.TextChoices):
    PAGE = "page", _("page")
    STAND_DOWN = "stand_down", _("stand-down")


class Delivery(Outgoing):
    """A message of an alert: to a person's e-mail or other contact, or to an endpoint of the study.

    A page calls, a stand-down says to whoever was paged that nobody needs to come any more: `why`, through somebody of
    which role (empty: nobody's act), and which class of drug was recorded (empty: none). `occurrence`: of the alert.
    """

    sending_reads = ("alert__participant__study", "alert__participant__site", "recipient", "endpoint", "contact")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # None with a recipient: the e-mail address of the account.
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    revived_because = models.CharField(max_length=200, blank=True, help_text="Why it was queued again or let go.")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PAGE)
    occurrence = models.PositiveSmallIntegerField(default=1)
    why = models.CharField(max_length=10, choices={why.value: why.value for why in Why}, blank=True)
    by_role = models.CharField(max_length=20, blank=True)
    drug_class = models.CharField(max_length=16, blank=True)

    class Meta(Outgoing.Meta):
        verbose_name_plural = "deliveries"
        constraints = [
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                name="stand_down_says_why",
                condition=Q(purpose=Purpose.PAGE.value, why="", by_role="", drug_class="")
                | Q(purpose=Purpose.STAND_DOWN.value, why__in=[why.value for why in Why]),
            ),
            models.CheckConstraint(
                name="delivery_to_somebody",
                condition=Q(channel=Channel.EMAIL.value, recipient__isnull=False, endpoint=None)
                | Q(channel=Channel.WEBHOOK.value, recipient=None, contact=None, endpoint__isnull=False)
                | Q(
                    channel__in=[Channel.GATEWAY.value, Channel.PUSH.value],
                    recipient__isnull=False,
                    contact__isnull=False,
                    endpoint=None,
                )
                | Q(channel=Channel.GATEWAY.value, recipient=None, contact=None, endpoint__isnull=False),
            ),
        ]


class ContactTest(Outgoing):
    """A test message with a code that its receiver types into the app. The code is derived, not kept."""

    sending_reads = ("contact__user",)

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tests")
    wrong_codes = models.PositiveSmallIntegerField(default=0)


class ContactNote(Outgoing):
    """To somebody whose browser takes no message any more, by mail."""

    sending_reads = ("contact__user",)

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notes")
