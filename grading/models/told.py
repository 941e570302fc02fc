"""Who was told: threshold packs, alerts, and how each message left."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grading.rules.alerts import AlertState
from regimens.facts import text_list
from regimens.models import Participant, Site, Study


class ThresholdPack(models.Model):
    """One version of a study's thresholds: data, each with its source, checked on load."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="packs")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    thresholds = models.JSONField()
    in_force_from = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "version"], name="pack_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Alert(models.Model):
    """One card: a participant rose to a grade. Moves by the table in rules/alerts.py; each move leaves a row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=9)
    fact_root = models.UUIDField(help_text="The set at which the grade rose.")
    grade = models.SmallIntegerField()
    grade_before = models.SmallIntegerField()
    at_most = models.SmallIntegerField()
    thresholds = text_list(help_text="What the pack asks at this grade.")
    reasons = models.JSONField()
    missing = models.JSONField()
    flags = models.JSONField(default=list)
    pack = models.ForeignKey(ThresholdPack, on_delete=models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    late = models.BooleanField(default=False, help_text="Found by a late entry or a correction.")
    state = models.CharField(
        max_length=12, choices={s.value: s.value for s in AlertState}, default=AlertState.OPEN.value
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "kind", "fact_root", "grade"], name="alert_once"),
            models.CheckConstraint(name="alert_state_known", condition=Q(state__in=[s.value for s in AlertState])),
            models.CheckConstraint(
                name="alert_acknowledged_at_with_by",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
        ]
        indexes = [
            # the alert list and the board's counts: selectors/alerts.py
            models.Index(fields=["participant"], name="alert_unanswered", condition=Q(state=AlertState.OPEN.value)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} grade {self.grade}"


class AlertMove(models.Model):
    """An alert came to this state: when and through whom. Written once."""

    app_may = "SELECT, INSERT"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="moves")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.state}"


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("webhook")


class Endpoint(models.Model):
    """Where a study's alerts go besides its people's e-mail: a webhook, signed with the endpoint's secret."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="endpoints")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="endpoints", null=True, blank=True)
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed, will be tried again")
    DEAD = "dead", _("given up: an operator must look")
    DROPPED = "dropped", _("not needed any more")


class Delivery(models.Model):
    """One message of one alert to one recipient by one channel. The row is the guarantee; Celery only hurries it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The idempotency key that goes along, so that a receiver can drop a twin.
    key = models.CharField(max_length=200, unique=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last took it.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="delivery_sent_when",
                condition=Q(state=DeliveryState.SENT.value, sent_at__isnull=False)
                | (~Q(state=DeliveryState.SENT.value) & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="delivery_to_somebody",
                condition=Q(channel=Channel.EMAIL.value, recipient__isnull=False, endpoint=None)
                | Q(channel=Channel.WEBHOOK.value, recipient=None, endpoint__isnull=False),
            ),
        ]
        indexes = [
            # the sweep: outbox.due
            models.Index(
                fields=["next_try_at"],
                name="delivery_due",
                condition=Q(state__in=[DeliveryState.QUEUED.value, DeliveryState.FAILED.value]),
            ),
        ]

    def __str__(self) -> str:
        return self.key
