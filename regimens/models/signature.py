"""Who signed which record, with which meaning, of what content; and what made a signature void."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from crsmonitor.accounts.proof import Proof
from regimens.models.trial import Participant, Study


class Signature(models.Model):
    """One signature of any kind of record (21 CFR 11.50, 11.70). Written once.

    `kind` and `record` say what was signed, `root` what it is known by through corrections. `participant` None: a
    record of the study alone. `name`: as printed then. `content`: the canonical record, `hash` the SHA-256 of it with
    who, when and what for, so that no signature can be put under another record. `since` and `until`: facts of that
    time are covered (None: from the first one on, and none at all). `derived`: what stood beside it, derived.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+", db_index=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="signatures", null=True)
    kind = models.CharField(max_length=12)
    record = models.CharField(max_length=40)
    root = models.CharField(max_length=40)
    meaning = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=310)
    at = models.DateTimeField()
    proof = models.CharField(max_length=8, choices={one.value: one.value for one in Proof})
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    content = models.JSONField()
    derived = models.JSONField(null=True)
    hash = models.CharField(max_length=64)

    if TYPE_CHECKING:
        participant_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signature_proof_known", condition=Q(proof__in=[one.value for one in Proof])
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "root"], name="signature_of_record"),
            models.Index(fields=["study", "-at"], name="signature_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.meaning}"


class SignatureVoid(models.Model):
    """From `at` on the signature no longer holds: what it covers was changed. It is kept, and asks again. Written once.

    `because`: a code. `by` None: a command. `fact_kind` and `fact`: the new fact that did it; empty and None: no fact.
    """

    app_may = "SELECT, INSERT"

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="void")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+", db_index=False)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )  # fmt: skip
    at = models.DateTimeField()
    because = models.CharField(max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )  # fmt: skip
    fact_kind = models.CharField(max_length=40, blank=True)
    fact = models.UUIDField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.signature_id}: {self.because}"
