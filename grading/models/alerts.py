"""Who was told: threshold policies and alerts. How each message left is in deliveries.py."""

import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grading.models.projection_fields import PROJECTION
from grading.rules.alerting.lifecycle import WAITING, AlertState
from grading.rules.alerting.policy.rules import PolicyRules
from grading.rules.alerting.policy.thresholds import ThresholdCode
from regimens.facts import text_list
from regimens.models import Participant, Study


class AlertPolicy(models.Model):
    """One version of a study's thresholds: data, each with its source, checked on load.

    Every JSON column is a section. `in_force_from` None: a draft, which nothing reads but its pages, until an
    investigator has approved it. `drafted_by` and `approved_by` None with that done: an operator's command did it,
    or it was before approvals were kept; the audit trail says which.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="policies")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    thresholds = models.JSONField()
    # rules/treatment/drug_rules.py; null: the policy has no rules for drugs, and nothing is computed
    drugs = models.JSONField(null=True, blank=True)
    text = models.TextField(blank=True, help_text="The YAML as it was written.")
    drafted_at = models.DateTimeField(null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField(blank=True, help_text="What the version is for.")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_because = models.TextField(blank=True)
    in_force_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "version"], name="policy_version_once"),
            models.CheckConstraint(
                name="policy_draft_is_not_approved",
                condition=Q(in_force_from__isnull=False) | Q(approved_by=None, approved_because=""),
            ),
            models.CheckConstraint(
                name="policy_approval_says_why", condition=Q(approved_by=None) | ~Q(approved_because="")
            ),
            models.CheckConstraint(
                name="policy_two_people",
                condition=Q(drafted_by=None) | Q(approved_by=None) | ~Q(drafted_by=F("approved_by")),
            ),
        ]
        # which came into force lately: services/conditions.py
        indexes = [models.Index(fields=["in_force_from"], name="policy_in_force")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def data(self) -> dict[str, Any]:
        """Section -> what is kept of it."""
        columns = (field for field in self._meta.concrete_fields if isinstance(field, models.JSONField))
        return {field.name: getattr(self, field.name) for field in columns}

    @cached_property
    def rules(self) -> PolicyRules:
        """As its sections were when they were first asked for."""
        return PolicyRules(self.thresholds, self.drugs)


_WAITS = Q(state__in=sorted(state.value for state in WAITING))
_ANSWERED = Q(state=AlertState.ACKNOWLEDGED.value)


class Alert(models.Model):
    """One card: a participant rose to a grade, or meets a condition of the policy. Moves by the table in
    rules/alerting/lifecycle.py; each move leaves a row.

    While it waits for an answer, `escalate_at` is when the next step of the escalation is taken (None: nobody is), and
    `pages_sent` how many were. `lapses_at` is when its answer lapses unless something is done. All are due times that
    the sweep finds: nothing waits in a broker or in memory.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=9)
    condition = models.CharField(max_length=32, blank=True, help_text="Empty: a grade rose.")
    fact_root = models.UUIDField(help_text="The set at which the grade rose; the fact or slot a condition rests on.")
    grade = models.SmallIntegerField()
    urgency = models.SmallIntegerField(
        null=True,
        blank=True,
        help_text="The grade as which it is called and lapses; empty: its own, and 2 of a provisional one.",
    )
    grade_before = models.SmallIntegerField()
    at_most = models.SmallIntegerField()
    thresholds = text_list(help_text="What the policy asks at this grade.")
    reasons = models.JSONField()
    missing = models.JSONField()
    flags = models.JSONField(default=list)
    policy = models.ForeignKey(
        AlertPolicy, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="In force when it was raised; empty: the study had none, and it is told in every study.",
    )  # fmt: skip
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
    responder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="Who goes to the bedside, as the answer says.",
    )  # fmt: skip
    lapses_at = models.DateTimeField(null=True, blank=True)
    occurrence = models.PositiveSmallIntegerField(default=1, help_text="How often it has begun to wait.")
    pages_sent = models.PositiveIntegerField(default=0)
    escalate_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    unreviewed_since = models.DateTimeField(
        null=True, blank=True, help_text="Its drug was recorded, and no investigator has looked yet."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind", "fact_root", "grade", "urgency"],
                name="alert_once",
                condition=Q(condition=""),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["participant", "condition", "kind", "fact_root"],
                name="alert_condition_once",
                condition=~Q(condition=""),
            ),
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
                condition=_WAITS,
            ),
            # the sweep, what waits alone: services/escalation.py; the last of each is for a clock that was put back
            models.Index(fields=["escalate_at"], name="alert_calls", condition=_WAITS),
            models.Index(fields=["raised_at"], name="alert_uncalled", condition=_WAITS & Q(pages_sent=0)),
            models.Index(fields=["lapses_at"], name="alert_lapses", condition=_ANSWERED),
            models.Index(fields=["acknowledged_at"], name="alert_answered", condition=_ANSWERED),
        ]

    def __str__(self) -> str:
        return f"{self.kind} grade {self.grade}"

    @property
    def is_before_dosing(self) -> bool:
        """Whether it tells of a fever before the first dose, which is no CRS."""
        return ThresholdCode.BEFORE_DOSING.value in self.thresholds

    @property
    def counts_as(self) -> int:
        """The grade by which it is called, lapses and takes its place; -1 counts as 2 wherever it is asked."""
        return self.grade if self.urgency is None else self.urgency

    @property
    def rank(self) -> int:
        """By which it is above or below what else waits: a provisional episode (-1) would be grade 2 at least."""
        return 2 if self.counts_as < 0 else self.counts_as


class AlertEvent(models.Model):
    """An alert came to this state: when and through whom. Written once."""

    app_may = "SELECT, INSERT"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.state}"


class ConditionCheck(models.Model):
    """When something next becomes due in a course by itself, under this policy: the sweep looks then.

    `at`: the first instant after `met_until` at which a condition comes to hold or to be over. None: there is none.
    `met_until`: up to when all that was due was met. `policy` None: the study had none in force.
    """

    app_may = PROJECTION

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, primary_key=True, related_name="condition_check"
    )
    policy = models.ForeignKey(AlertPolicy, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(null=True)
    met_until = models.DateTimeField()

    class Meta:
        # the sweep: services/conditions.py
        indexes = [models.Index(fields=["at"], name="condition_check_due", condition=Q(at__isnull=False))]

    def __str__(self) -> str:
        return f"next check of {self.participant_id}"
