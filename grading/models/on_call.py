"""Who is called when an alert waits: steps, shifts, the escalations that were made, and what was done about it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grading.models.alerts import Alert
from grading.rules.alerting.lifecycle import ActionKind
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Site, Study

ON_CALL_ROLES = {
    OnCallRole.ASSIGNED_NURSE.value: _("assigned nurse"),
    OnCallRole.CHARGE_NURSE.value: _("charge nurse"),
    OnCallRole.ON_CALL_INVESTIGATOR.value: _("on-call investigator"),
    OnCallRole.BACK_UP.value: _("back-up"),
    OnCallRole.PRINCIPAL_INVESTIGATOR.value: _("principal investigator"),
}


class EscalationStep(models.Model):
    """One step of a study's escalation; a site with steps of its own (site set) uses those alone."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="escalation_steps")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    on_call_role = models.CharField(max_length=24, choices=ON_CALL_ROLES)
    wait_minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(240)], help_text=_("before the next is called")
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "site", "position"],
                condition=Q(active=True),
                nulls_distinct=False,
                name="escalation_step_once",
            ),
            models.CheckConstraint(
                name="escalation_step_on_call_role_known", condition=Q(on_call_role__in=list(ON_CALL_ROLES))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.on_call_role}"


class RotaShift(models.Model):
    """One person's on-call role at a site from `starts_at` up to `ends_at` (UTC). Called off, never deleted."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="shifts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="shifts")
    on_call_role = models.CharField(max_length=24, choices=ON_CALL_ROLES)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    called_off = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "on_call_role"]
        constraints = [
            models.CheckConstraint(name="shift_forward", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="shift_on_call_role_known", condition=Q(on_call_role__in=list(ON_CALL_ROLES))),
        ]
        indexes = [
            models.Index(fields=["study", "site", "ends_at"], name="shift_now", condition=Q(called_off=False)),
        ]

    if TYPE_CHECKING:
        person_id: int

    def __str__(self) -> str:
        return f"{self.on_call_role} {self.starts_at:%Y-%m-%d %H:%M}"


class Escalation(models.Model):
    """Step `number` of an occurrence of an alert: to whom it went, and who was passed over. Written once."""

    app_may = "SELECT, INSERT"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="escalations")
    occurrence = models.PositiveSmallIntegerField(help_text="1 when the alert was raised; again after a lapsed answer.")
    number = models.PositiveIntegerField()
    on_call_roles = ArrayField(models.CharField(max_length=24), help_text="Empty: the study has no escalation steps.")
    people = ArrayField(models.IntegerField(), help_text="Keys of the people who were told.")
    passed_over = models.JSONField(default=list, help_text="Who had the role and counts as nobody: key and why.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "occurrence", "number"], name="escalation_once")]
        # the sweep, after a clock was put back: services/escalation.py
        indexes = [models.Index(fields=["at"], name="escalation_at")]

    def __str__(self) -> str:
        return f"{self.alert_id} step {self.number}"


class AlertAction(models.Model):
    """What was done about an alert, so that its answer does not lapse. Written once."""

    app_may = "SELECT, INSERT"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="actions")
    action = models.CharField(max_length=12, choices={action.value: action.value for action in ActionKind})
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200, blank=True)
    treatment = models.ForeignKey(
        "grading.Treatment", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="declined_with_reason", condition=~Q(action=ActionKind.DECLINED.value) | ~Q(because="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.action}"
