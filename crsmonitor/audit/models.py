"""The audit trail. The database writes it by trigger (migrations/0001); the app's role may only read it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class AuditEvent(models.Model):
    """One change of one row: who, when (UTC), what before and after, why. Chained by hash per subject."""

    app_may = "SELECT"

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=100)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    reason = models.TextField()
    request_id = models.CharField(max_length=64)
    action = models.CharField(max_length=6)
    table_name = models.CharField(max_length=100)
    row_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_event"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="audit_event_one_chain")]
        indexes = [BrinIndex(fields=["at"], name="audit_event_at")]  # rows come in the order of time

    def __str__(self) -> str:
        return f"{self.subject} #{self.seq} {self.action} {self.table_name}"


class AuditHead(models.Model):
    """The newest link of each chain: what an operator copies to a place outside the database, daily."""

    app_may = "SELECT"

    subject = models.CharField(max_length=100, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_head"

    def __str__(self) -> str:
        return f"{self.subject} #{self.seq}"


class Verification(models.Model):
    """One day's verification of the trail and of the tables: begun once, whichever worker comes first.

    `problems` None: not finished. `anchor`: SHA-256 of the file that was written of the chains' ends, empty before.
    """

    day = models.DateField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problems = models.PositiveIntegerField(null=True)
    anchor = models.CharField(max_length=64, blank=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_verification"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.problems}"
