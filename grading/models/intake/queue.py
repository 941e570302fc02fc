"""The review queue: what an import brought, what it proposes, and what somebody made of that.

Of what was sent only hashes, codes and values are kept: a resource of a hospital's record may hold a name.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regimens.models import Participant, Study


class IntakeDoor(models.TextChoices):
    """Through which door an import came."""

    FHIR = "fhir", _("FHIR")
    FILE = "file", _("file")
    STREAM = "stream", _("device")


class IntakeBatch(models.Model):
    """One import: a request, a file. Written once.

    `origin`: what the sending system calls itself. `sha256`: of the bytes that came. `counts`: of the reconciliation
    report, as they were when it came in (grading/rules/intake/received.py).
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    door = models.CharField(max_length=8, choices=IntakeDoor)
    origin = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    counts = models.JSONField()

    def __str__(self) -> str:
        return f"{self.door} {self.id}"


class RowState(models.TextChoices):
    PROPOSED = "proposed", _("waits")
    HELD = "held", _("held")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    REPLACED = "replaced", _("replaced by a newer one")


WAITING = (RowState.PROPOSED.value, RowState.HELD.value)


class IntakeRow(models.Model):
    """A fact that an import proposes for a participant. `id` is that of the fact, once it is accepted.

    `kind`: which fact (grading/rules/intake/received.py). `proposed`: its fields, as text. `supersedes`: the version on
    file that it corrects; `withdraws`: it says that it never happened. `reasons`: why it is held, or what is to be
    known of it, each a code with its values (grading/rules/intake/reasons.py). `automatic`: the study let it in
    without a person.
    """

    app_may = "SELECT, INSERT, UPDATE"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(IntakeBatch, on_delete=models.PROTECT, related_name="rows")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="intake_rows")
    kind = models.CharField(max_length=12)
    observed_at = models.DateTimeField()
    proposed = models.JSONField(encoder=DjangoJSONEncoder)
    supersedes = models.UUIDField(null=True)
    withdraws = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=RowState)
    reasons = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, blank=True)
    automatic = models.BooleanField(default=False)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        constraints = [
            models.CheckConstraint(name="intake_state_known", condition=Q(state__in=RowState.values)),
            models.CheckConstraint(
                name="intake_decided_by_somebody",
                condition=Q(decided_by=None, decided_at=None) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="intake_decision_stands",
                condition=~Q(state__in=["accepted", "rejected"]) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(name="intake_rejected_with_reason", condition=~Q(state="rejected") | ~Q(because="")),
            models.CheckConstraint(
                name="intake_withdraws_something", condition=Q(withdraws=False) | Q(supersedes__isnull=False)
            ),
        ]
        indexes = [
            # the review page: grading/intake/selectors.py
            models.Index(
                fields=["participant", "observed_at"], name="intake_waiting",
                condition=Q(state__in=["proposed", "held"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


class IntakeOutcome(models.TextChoices):
    """What became of one thing that was sent, at once."""

    PROPOSED = "proposed", _("waits in the queue")
    HELD = "held", _("held")
    DUPLICATE = "duplicate", _("known already")
    REJECTED = "rejected", _("rejected")
    RETRACTED = "retracted", _("taken back before anybody accepted it")
    IGNORED = "ignored", _("nothing that is graded")


class IntakeEntry(models.Model):
    """One thing that was sent: a resource, a line of a file. Written once.

    `place`: where in the import, from 0. `key`: SHA-256 of what it is known by at the sender; `digest`: of its content.
    `gives`: the fields it gave the row. `row` None: it came to none.
    """

    app_may = "SELECT, INSERT"

    batch = models.ForeignKey(IntakeBatch, on_delete=models.PROTECT, related_name="entries")
    place = models.PositiveIntegerField()
    key = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=9, choices=IntakeOutcome)
    reasons = models.JSONField(default=list)
    gives = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    row = models.ForeignKey(IntakeRow, on_delete=models.PROTECT, null=True, related_name="entries")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="intake_entry_once"),
            models.CheckConstraint(name="intake_entry_outcome_known", condition=Q(outcome__in=IntakeOutcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.place}"


class IntakePolicy(models.Model):
    """Which imports of a study are let in without a person: the newest row says so. Signed, written once.

    `automatic`: the doors; empty, which is so without a row too: none.
    """

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="intake_policies")
    automatic = ArrayField(models.CharField(max_length=8, choices=IntakeDoor), default=list)
    because = models.CharField(max_length=300)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="intake_policy_says_why", condition=~Q(because=""))]
        indexes = [models.Index(F("study"), F("signed_at").desc(), name="intake_policy_newest")]

    def __str__(self) -> str:
        return f"{self.study_id} {self.automatic}"
