"""The plan: a regimen in versions, and its steps."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regimens.library.crossed import EXPORTED_LABEL
from regimens.models.fixed import FixedOnceRecorded
from regimens.models.trial import CODE, Study
from regimens.rules.reading import CaseError
from regimens.rules.tightening import read_tightening


class Regimen(FixedOnceRecorded):
    """One version of a step-up regimen: a draft until it is approved. Approval by a person freezes it, and so does the
    first dose given under it; nobody is enrolled under a draft (triggers hold both).
    """

    fixed = dict.fromkeys(
        ("study", "code", "drug"),
        _("Fixed since the first record of a participant who is on it: set up another regimen."),
    )

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="regimens")
    code = models.CharField(max_length=20, validators=[CODE])
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    drug = models.CharField(max_length=80)
    # Copied from the study; frozen with the version, and exports read it here.
    resolution_hours = models.PositiveSmallIntegerField(default=24, validators=[MinValueValidator(1)])
    source = models.TextField(blank=True, help_text=_("Where the numbers come from."))
    # The file it was made of (regimens/library); null: it was set up by hand.
    document = models.JSONField(null=True, blank=True, editable=False)
    library_id = models.CharField(max_length=40, blank=True, editable=False)
    variant = models.CharField(max_length=10, blank=True, editable=False, help_text=_("The region's label followed."))
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="amended_by"
    )
    reason = models.TextField(blank=True, editable=False, help_text=_("Why this version was made."))
    made_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Null: an operator's command or the administration; the audit trail says which.
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # Null: a draft, under which nobody is enrolled.
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Null with a moment of approval: in force before approvals were kept, or by whoever operates the server.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    approved_because = models.TextField(blank=True, editable=False)
    # A convention (docs/conventions.md), as the limit after which an entry is late; a study sets its own.
    grace_minutes = models.PositiveSmallIntegerField(
        default=30, help_text=_("How many minutes before or after it is due an observation is on time.")
    )
    tightening = models.JSONField(
        null=True,
        blank=True,
        help_text=_("Shorter intervals after a trigger, as in regimens/rules/tightening.py; null: none."),
    )
    untightened_because = models.TextField(
        blank=True, help_text=_("Why intervals never get shorter. Empty with no such intervals: nobody has decided.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "code", "version"], name="regimen_version_once"),
            models.CheckConstraint(
                name="regimen_approved_with_reason",
                condition=Q(approved_at=None, approved_by=None, approved_because="")
                | (Q(approved_at__isnull=False) & ~Q(approved_because="")),
            ),
            models.CheckConstraint(
                name="regimen_approved_by_another",
                condition=Q(approved_by=None) | Q(drafted_by=None) | ~Q(approved_by=F("drafted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def has_records(self) -> bool:
        """Whether anything was recorded of a participant who is on this version."""
        return self.participants.filter(client_ids__isnull=False).exists()

    @property
    def tightening_decided(self) -> bool:
        """Whether somebody said when intervals get shorter, or why they never do."""
        return self.tightening is not None or bool(self.untightened_because.strip())

    def clean(self) -> None:
        self.check_fixed()
        try:
            read_tightening(self.tightening)
        except CaseError as error:
            raise ValidationError({"tightening": error.detail}) from None


class StepKind(models.TextChoices):
    STEP_UP = "step_up", _("step-up dose")
    TARGET = "target", _("target dose")
    PRETREATMENT = "pretreat", _("pretreatment")  # no T-cell engager


class Clock(models.TextChoices):
    """What the inpatient hours are counted from."""

    INFUSION_START = "infusion_start", _("start of infusion")
    INFUSION_END = "infusion_end", _("end of infusion")
    ADMINISTRATION = "administration", _("administration")


SETTINGS = {
    "hospital": _("in hospital"),
    "near_facility": _("near the facility"),
    "outpatient": _("outpatient"),
}


class Step(models.Model):
    """One planned dose. An empty number means: the regimen does not say."""

    regimen = models.ForeignKey(Regimen, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    short_label = models.CharField(
        max_length=EXPORTED_LABEL, blank=True, help_text=_("In exports, where the label has more than 40 characters.")
    )
    kind = models.CharField(max_length=10, choices=StepKind)
    planned_dose = models.DecimalField(max_digits=12, decimal_places=4, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=12)
    planned_day = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1 = day of the first dose"))
    inpatient_h = models.PositiveSmallIntegerField(null=True, blank=True)
    inpatient_clock = models.CharField(max_length=16, choices=Clock, default=Clock.ADMINISTRATION)
    risk_window_h = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("a period observed for this long without CRS is a full observation")
    )
    vitals_every_h = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    neuro_every_h = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)

    # Derived from the document, where the version has one (regimens/services/versions.py); days are calendar days.
    opens_period = models.BooleanField(default=True, help_text=_("No: a pretreatment that is no T-cell engager."))
    rate_segment = models.BooleanField(default=False, help_text=_("A rate of a continuous infusion."))
    infusion_h = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    split_with = models.CharField(max_length=120, blank=True, help_text=_("The step that is the other part."))
    repeats = models.BooleanField(default=False)
    times = models.PositiveSmallIntegerField(null=True, blank=True)
    condition = models.TextField(blank=True)
    interval_min_d = models.PositiveSmallIntegerField(null=True, blank=True)
    interval_planned_d = models.PositiveSmallIntegerField(null=True, blank=True)
    interval_latest_d = models.PositiveSmallIntegerField(null=True, blank=True)
    observed_in = models.CharField(max_length=16, blank=True, choices=SETTINGS)

    class Meta:
        ordering = ["regimen", "position"]
        constraints = [
            models.UniqueConstraint(fields=["regimen", "position"], name="step_position_once"),
            models.CheckConstraint(name="step_kind_known", condition=Q(kind__in=StepKind.values)),
            models.CheckConstraint(name="step_dose_not_negative", condition=Q(planned_dose__gte=0)),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if len(self.label) > EXPORTED_LABEL and not self.short_label and self.opens_period:
            problem = _("Exports hold %(most)s characters of it: give a short label too.") % {"most": EXPORTED_LABEL}
            raise ValidationError({"short_label": problem})
        if self.opens_period and self.risk_window_h is None:
            problem = _("Say for how long after the dose its period has to be observed: no label prints it.")
            raise ValidationError({"risk_window_h": problem})
