"""The plan: a regimen in versions, and its steps."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.models.trial import CODE, Study


class Regimen(models.Model):
    """One version of a step-up regimen. The first dose given under it freezes it (a trigger holds that)."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="regimens")
    code = models.CharField(max_length=20, validators=[CODE])
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    drug = models.CharField(max_length=80)
    # Copied from the study; frozen with the version, and exports read it here.
    resolution_hours = models.PositiveSmallIntegerField(default=24, validators=[MinValueValidator(1)])
    source = models.TextField(blank=True, help_text=_("Where the numbers come from."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "code", "version"], name="regimen_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class StepKind(models.TextChoices):
    STEP_UP = "step_up", _("step-up dose")
    TARGET = "target", _("target dose")


class Clock(models.TextChoices):
    """What the inpatient hours are counted from."""

    INFUSION_START = "infusion_start", _("start of infusion")
    INFUSION_END = "infusion_end", _("end of infusion")
    ADMINISTRATION = "administration", _("administration")


class Step(models.Model):
    """One planned dose. An empty number means: the regimen does not say."""

    regimen = models.ForeignKey(Regimen, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=StepKind)
    planned_dose = models.DecimalField(max_digits=12, decimal_places=4, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=12)
    planned_day = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1 = day of the first dose"))
    minimum_interval_h = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("hours since the dose before")
    )
    inpatient_h = models.PositiveSmallIntegerField(null=True, blank=True)
    inpatient_clock = models.CharField(max_length=16, choices=Clock, default=Clock.ADMINISTRATION)
    risk_window_h = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("a period observed for this long without CRS is a full observation")
    )
    vitals_every_h = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    neuro_every_h = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["regimen", "position"]
        constraints = [
            models.UniqueConstraint(fields=["regimen", "position"], name="step_position_once"),
            models.CheckConstraint(name="step_kind_known", condition=Q(kind__in=StepKind.values)),
            models.CheckConstraint(name="step_dose_not_negative", condition=Q(planned_dose__gte=0)),
        ]

    def __str__(self) -> str:
        return self.label
