"""A data cut: what a sponsor takes away, as it was known at an instant, and the files that were made of it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.models import Study


class DataCut(models.Model):
    """Signed by whoever made it, with name and password at that moment. Written once.

    `sites`: keys of those whose participants are in it, the maker's own; None: all. `parameters`: what can change
    later and went into the files: versions, hashes of policies and regimens, factors, ends of the audit chains.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="data_cuts")
    label = models.CharField(max_length=40)
    cut = models.DateTimeField(help_text="As it was known at this instant.")
    profile = models.CharField(max_length=8, help_text="regimens/blinding.py")
    sites = ArrayField(models.IntegerField(), null=True)
    because = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    parameters = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "label"], name="data_cut_label_once"),
            models.CheckConstraint(name="data_cut_says_why", condition=~Q(because="") & ~Q(label="")),
            models.CheckConstraint(name="data_cut_not_of_the_future", condition=Q(cut__lte=models.F("made_at"))),
        ]

    def __str__(self) -> str:
        return self.label


class PacketState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


UNFINISHED = (PacketState.QUEUED.value, PacketState.RUNNING.value)


class Packet(models.Model):
    """The files of a cut, made once. The row comes before any message: whatever is lost, the tick finds it.

    `claimed_until`: a worker is at it; one that was killed lets that instant pass, and another begins again. `steps`:
    how many of `steps_in_all` are done. `problem`: the code of what went wrong, for an operator; while it is queued,
    what it waits for. `store`: by name in CRS_PACKET_STORES, and `key` what it is called there; empty: its bytes lie
    in the database. `upload`: one that was begun there and is neither whole nor given up; null: none
    (grading/exports/packet/keeping.py).
    """

    cut = models.OneToOneField(DataCut, on_delete=models.PROTECT, primary_key=True, related_name="packet")
    state = models.CharField(max_length=9, choices=PacketState, default=PacketState.QUEUED.value)
    not_before = models.DateTimeField(help_text="By then all that was on its way at the cut has arrived.")
    claimed_until = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField(default=0)
    steps_in_all = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(null=True, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=60, blank=True)
    store = models.CharField(max_length=40, blank=True, db_default="")
    key = models.CharField(max_length=200, blank=True, db_default="")
    upload = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="packet_in_a_store_has_its_key", condition=Q(store="", key="") | (~Q(store="") & ~Q(key=""))
            ),
            models.CheckConstraint(
                name="packet_done_has_its_hash",
                condition=~Q(state="done") | (Q(size__isnull=False, finished_at__isnull=False) & ~Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return f"packet of {self.cut_id}: {self.state}"

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is being made."""
        return self.state in UNFINISHED


class PacketPart(models.Model):
    """A stretch of a packet's bytes, or of those that lie in a store, its SHA-256. All or none, with the packet's end.

    `data` null: it lies in the store, and what is read there is held against `sha256`, which is empty of one here.
    """

    app_may = "SELECT, INSERT"

    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["packet", "number"], name="packet_part_once"),
            models.CheckConstraint(name="packet_part_here_or_known", condition=Q(data__isnull=False) | ~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.packet_id}"
