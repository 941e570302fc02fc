"""A file of vital signs on its way into the queue, and how its columns were read the last time."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regimens.models import Site, Study


class FileState(models.TextChoices):
    """`UPLOADED`: its columns are not named yet."""

    UPLOADED = "uploaded", _("to be read")
    QUEUED = "queued", _("on its way")
    DONE = "done", _("in the queue")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


class IntakeFile(models.Model):
    """`content`: its bytes until all of it is taken in, it is cancelled, or a day is over; null then. What of it stays
    are hash, size and counts: a column that nobody maps may hold a name. `mapping`: as it is being read. `lines_done`
    of `lines_in_all` are in the queue. `claimed_until`: a worker is at it; a killed one lets that instant pass.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="intake_files")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    content = models.BinaryField(null=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=FileState)
    lines_done = models.PositiveIntegerField(default=0)
    lines_in_all = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    claimed_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="intake_file_state_known", condition=Q(state__in=FileState.values)),
            models.CheckConstraint(
                name="intake_file_has_its_bytes",
                condition=Q(content__isnull=False) | ~Q(state__in=["uploaded", "queued"]),
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.id}: {self.state}"


class IntakeMapping(models.Model):
    """How files of a study at a site are read: the newest row holds. Written once.

    `mapping`: grading/rules/intake/files/mapping.py, as it was confirmed with a file.
    """

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="intake_mappings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("study"), F("site"), F("saved_at").desc(), name="intake_mapping_newest")]

    def __str__(self) -> str:
        return f"mapping of {self.study_id} at {self.site_id}"
