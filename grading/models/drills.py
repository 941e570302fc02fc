"""A drill: a test alert to the people who would be called now, and who answered it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grading.models.deliveries import Channel, Contact, Outgoing
from regimens.models import Site, Study


class Drill(models.Model):
    """One test of a site's alerting. Written once; what became of it is in its messages."""

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="drills")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="drills")
    at = models.DateTimeField()
    by = models.CharField(max_length=150, help_text="Who had it sent, as typed at the command.")
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"drill {self.pk}"


class DrillMessage(Outgoing):
    """Its message to a person by one channel. `contact` None: the e-mail address of the account.

    `answered_at`: when the person answered the drill, by whichever of her messages. None: not yet.
    """

    sending_reads = ("drill__study", "drill__site", "recipient", "contact")

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(Outgoing.Meta):
        constraints = [
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                name="drill_message_to_somebody",
                condition=Q(channel=Channel.EMAIL.value)
                | Q(channel__in=[Channel.GATEWAY.value, Channel.PUSH.value], contact__isnull=False),
            ),
        ]
