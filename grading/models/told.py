"""Who was told: threshold packs and alerts. How each message left is in outgoing.py."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from grading.rules.lifecycle import WAITING, AlertState
from regimens.facts import text_list
from regimens.models import Participant, Study


class ThresholdPack(models.Model):
    """One version of a study's thresholds: data, each with its source, checked on load."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="packs")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    thresholds = models.JSONField()
    # rules/drugs/pack.py; null: the pack has no rules for drugs, and nothing is computed
    drugs = models.JSONField(null=True, blank=True)
    in_force_from = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "version"], name="pack_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Alert(models.Model):
    """One card: a participant rose to a grade. Moves by the table in rules/lifecycle.py; each move leaves a row.

    While it waits for an answer, `next_call_at` is when the next rung of the ladder is called (None: nobody is), and
    `calls` how many were. `lapses_at` is when its answer lapses unless something is done. All are due times that
    the sweep finds: nothing waits in a broker or in memory.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=9)
    fact_root = models.UUIDField(help_text="The set at which the grade rose.")
    grade = models.SmallIntegerField()
    grade_before = models.SmallIntegerField()
    at_most = models.SmallIntegerField()
    thresholds = text_list(help_text="What the pack asks at this grade.")
    reasons = models.JSONField()
    missing = models.JSONField()
    flags = models.JSONField(default=list)
    pack = models.ForeignKey(ThresholdPack, on_delete=models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    late = models.BooleanField(default=False, help_text="Found by a late entry or a correction.")
    state = models.CharField(
        max_length=12, choices={s.value: s.value for s in AlertState}, default=AlertState.OPEN.value
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    going = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="Who goes to the bedside, as the answer says.",
    )  # fmt: skip
    lapses_at = models.DateTimeField(null=True, blank=True)
    opening = models.PositiveSmallIntegerField(default=1, help_text="How often it has begun to wait.")
    calls = models.PositiveIntegerField(default=0)
    next_call_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "kind", "fact_root", "grade"], name="alert_once"),
            models.CheckConstraint(name="alert_state_known", condition=Q(state__in=[s.value for s in AlertState])),
            models.CheckConstraint(
                name="alert_acknowledged_at_with_by",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
        ]
        indexes = [
            # the alert list and the board's counts: selectors/alerts.py
            models.Index(
                fields=["participant"],
                name="alert_unanswered",
                condition=Q(state__in=sorted(state.value for state in WAITING)),
            ),
            # the sweep: services/escalating.py
            models.Index(fields=["next_call_at"], name="alert_call_due", condition=Q(next_call_at__isnull=False)),
            models.Index(fields=["lapses_at"], name="alert_lapse_due", condition=Q(lapses_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} grade {self.grade}"


class AlertMove(models.Model):
    """An alert came to this state: when and through whom. Written once."""

    app_may = "SELECT, INSERT"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="moves")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.state}"
