"""The watch over the watch: signs of life of the alert loop, and channels that do not work."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grading.models.deliveries import Channel, Contact, Endpoint, Outgoing
from regimens.models import Site, Study


class Heartbeat(models.Model):
    """When something that runs by the clock last ran, written by the run itself: through beat, broker and worker.

    Of a worker's machine (`clock:NAME`), `at` is the database's time, and `clock_offset` the database's clock less its
    own; of the sweep it is None.
    """

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
    clock_offset = models.DurationField(null=True)

    def __str__(self) -> str:
        return self.name


class Lane(models.Model):
    """The way to one receiver, since it first kept a worker waiting. `waits`: slow tries in a row; 0: as any other.

    `open_at`: not before then is it tried again. `tried_until`: a worker is at it; None: nobody.
    """

    name = models.CharField(max_length=220, primary_key=True)
    waits = models.PositiveSmallIntegerField(default=0)
    open_at = models.DateTimeField()
    tried_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Beacon(Outgoing):
    """A synthetic alert that travels the whole way, from the outbox to a receiver of our own.

    `received_at`: when the receiver took it. None: not yet. Old ones are removed.
    """

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    received_at = models.DateTimeField(null=True, blank=True)

    class Meta(Outgoing.Meta):
        indexes = [*Outgoing.Meta.indexes, models.Index(fields=["-queued_at"], name="beacon_newest")]


class ChannelOutage(models.Model):
    """Failures in a row of one channel to one receiver, until it works again.

    `raised_at`: when there were so many, or a message was given up, that operators are told. None: not yet.
    """

    channel = models.CharField(max_length=8, choices=Channel)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="troubles", null=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="channel_troubles", null=True
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="troubles", null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True, help_text="Code of the last one.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "endpoint", "recipient", "contact"],
                condition=Q(resolved_at=None),
                nulls_distinct=False,
                name="channel_trouble_once",
            ),
        ]

    def __str__(self) -> str:
        return f"trouble {self.pk}"


class OperatorNote(Outgoing):
    """A message to the operators: a channel has failed for long, or works again."""

    sending_reads = ("trouble__endpoint__study",)

    trouble = models.ForeignKey(ChannelOutage, on_delete=models.PROTECT, related_name="notes")
    over = models.BooleanField(default=False)


class PhoneTree(models.Model):
    """Whom to call, in which order, when messages cannot be trusted to arrive."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="phone_trees")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="phone_trees", null=True, blank=True)
    text = models.TextField(max_length=1000, help_text="Functions and numbers, a line each. No names of participants.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "site"], nulls_distinct=False, name="phone_tree_once"),
        ]

    def __str__(self) -> str:
        return f"phone tree {self.pk}"
