"""What waited in a database that was restored: it may have left already, so it leaves only after a person's word."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxHold(models.Model):
    """No message that was queued up to `at` leaves before this is decided. Later ones leave as ever.

    `decided_at` None: nobody has decided. What was decided, by whom and why is in the audit trail too.
    """

    class Decision(models.TextChoices):
        RELEASED = "released", _("released")
        DISCARDED = "discarded", _("discarded")

    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    decision = models.CharField(max_length=9, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_hold_decided_when",
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=("released", "discarded"), decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"
