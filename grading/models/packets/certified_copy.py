"""A certified copy of one participant's record, as a site takes it away: that it was made, and its files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from regimens.models import Participant


class CertifiedCopy(models.Model):
    """Written once. `cut`: it holds what was on record then. `language`: of the words of its PDF.

    `chain_seq` and `chain_hash`: where the participant's audit chain ended; what is newer is not in the copy.
    `parameters`: the versions it was made with, and how many rows of each table are in it.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="certified_copies")
    cut = models.DateTimeField()
    language = models.CharField(max_length=8)
    because = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    chain_seq = models.BigIntegerField()
    chain_hash = models.CharField(max_length=64)
    parameters = models.JSONField()

    class Meta:
        constraints = [models.CheckConstraint(name="certified_copy_says_why", condition=~Q(because=""))]

    def __str__(self) -> str:
        return str(self.id)


class CopyFile(models.Model):
    """One file of a copy, by its form: pdf, json, csv, or the zip of all. Written once, with the copy.

    `data` None: the zip, which is made again of the others, the same bytes.
    """

    app_may = "SELECT, INSERT"

    copy = models.ForeignKey(CertifiedCopy, on_delete=models.PROTECT, related_name="files")
    form = models.CharField(max_length=4)
    size = models.BigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, db_index=True)
    data = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["copy", "form"], name="copy_file_once"),
            models.CheckConstraint(name="copy_file_has_its_bytes", condition=Q(form="zip") ^ Q(data__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.form} of {self.copy_id}"
