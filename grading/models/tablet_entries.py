"""How a fact came that a tablet kept first, and where its grade was another than the tablet showed."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from regimens.facts import text_list
from regimens.models import Participant


class TabletEntry(models.Model):
    """The times of a fact that came out of a tablet's outbox, and what was shown there. Written once, beside the fact;
    a fact without one came by a page, the API or an import.

    `id` is that of the fact. `opened_at`, `kept_at`, `sent_at` are by the tablet's clock, `received_at` by ours.
    `doubts`: what does not fit in them (ClockDoubt). `shown`: the grade that the tablet showed at Save, None: none.
    `gate`: of a dose, the gate's answer that stood on the tablet, of when, and the second tap; None: it was asked here.
    `digest`: SHA-256 of what was sent, so that the same sent again is told from another under its id.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="tablet_entries")
    kind = models.CharField(max_length=10)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    doubts = text_list(default=list)
    rules_version = models.CharField(max_length=100)
    shown = models.JSONField(null=True)
    gate = models.JSONField(null=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def skew(self) -> timedelta:
        """By how much the tablet's clock ran ahead when it was sent; negative: behind."""
        return self.sent_at - self.received_at


class GradeDifference(models.Model):
    """The tablet showed another grade than the record gave: for the data manager, until somebody has looked at it.

    `id` is that of the fact. `shown` and `derived`: grade, at_least, at_most, flags, and the version of the rules.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="grade_differences")
    kind = models.CharField(max_length=9)
    at = models.DateTimeField()
    shown = models.JSONField()
    derived = models.JSONField()
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grade_difference_seen_with_reason",
                condition=Q(seen_at=None, seen_by=None, because="")
                | (Q(seen_at__isnull=False, seen_by__isnull=False) & ~Q(because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
