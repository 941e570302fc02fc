"""The facts of dosing and stay."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.facts import Fact, text_list
from regimens.models.plan import Step


class Unit(models.TextChoices):
    MG = "mg", "mg"
    UG = "ug", "µg"
    MG_PER_KG = "mg/kg", "mg/kg"
    UG_PER_KG = "ug/kg", "µg/kg"
    UG_PER_DAY = "ug/day", "µg/day"
    UG_PER_M2_PER_DAY = "ug/m2/day", "µg/m²/day"


class DoseStatus(models.TextChoices):
    GIVEN = "GIVEN", _("given")
    PARTIAL = "PARTIAL", _("given in part")
    INTERRUPTED = "INTERRUPTED", _("interrupted")
    NOT_GIVEN = "NOT GIVEN", _("not given")


class Dose(Fact):
    """One administration of the study drug; `observed_at` is its start. A dose not given keeps a row."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="doses")
    planned_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=DoseStatus, default=DoseStatus.GIVEN)
    amount = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(max_length=12, choices=Unit)
    route = models.CharField(
        max_length=20, choices={"SUBCUTANEOUS": _("subcutaneous"), "INTRAVENOUS": _("intravenous")}
    )
    checked_by = models.CharField(max_length=150, blank=True, help_text=_("Sign-in name of the second person."))
    not_given_because = models.CharField(max_length=200, blank=True)
    retyped = text_list(default=list, blank=True)
    because = models.CharField(max_length=300, blank=True, help_text=_("Why an unusual dose was given."))
    unusual = text_list(default=list, blank=True, help_text=_("What was unusual about it: written by the server."))
    despite_gate = models.CharField(
        max_length=300, blank=True, help_text=_("Why it was given although the gate did not say go.")
    )
    # The gate's words bind the bedside: kept with the dose, so that a grade said later does not move its window.
    longer_h = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text=_("Hours of observation that earlier grades ask for with this dose: written by the server."),
    )

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="dose_given_has_amount",
                condition=(Q(status=DoseStatus.NOT_GIVEN.value, amount=None) & ~Q(not_given_because=""))
                | (~Q(status=DoseStatus.NOT_GIVEN.value) & Q(amount__isnull=False, amount__gt=0)),
            ),
        ]


class DoseEnd(Fact):
    """The end of an infusion."""

    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, related_name="ends")


class DoseCheck(Fact):
    """A second person looked at this version of a dose, on their own session: a corrected dose is looked at anew."""

    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, related_name="checks")


class StayKind(models.TextChoices):
    WARD = "ward", _("ward")
    ICU = "icu", _("intensive care")


class Stay(Fact):
    """The participant lies in this bed from `observed_at` on."""

    kind = models.CharField(max_length=4, choices=StayKind, default=StayKind.WARD)
    ward = models.CharField(max_length=40)
    bed = models.CharField(max_length=20)


class StayEnd(Fact):
    """The participant left the hospital or the unit."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="ends")


class Measured(models.TextChoices):
    """What a Measurement measures: weight, baselines before the first dose, and dated laboratory values."""

    WEIGHT = "weight_kg", _("weight, kg")
    BASELINE_SBP = "baseline_sbp", _("baseline systolic pressure, mmHg")
    BASELINE_SPO2 = "baseline_spo2", _("baseline oxygen saturation, %")
    BASELINE_OXYGEN = "baseline_oxygen", _("baseline oxygen or CPAP use")
    BASELINE_VASOPRESSORS = "baseline_vasopressors", _("vasopressors before the first dose")
    BASELINE_DBP = "baseline_dbp", _("baseline diastolic pressure, mmHg")
    BASELINE_ICE = "baseline_ice", _("baseline ICE score")
    BASELINE_CAPD = "baseline_capd", _("baseline CAPD score")
    SBP_PROMPT = "sbp_prompt_below", _("ask about hypotension below, mmHg")
    CRP = "crp_mg_l", _("CRP, mg/L")
    FERRITIN = "ferritin_ug_l", _("ferritin, µg/L")
    FIBRINOGEN = "fibrinogen_g_l", _("fibrinogen, g/L")
    ALT = "alt_u_l", _("ALT, U/L")
    AST = "ast_u_l", _("AST, U/L")
    IL6 = "il6_ng_l", _("IL-6, ng/L")
    NEUTROPHILS = "neutrophils_1e9_l", _("neutrophils, 10⁹/L")
    GLUCOSE = "glucose_mmol_l", _("glucose, mmol/L")
    URINE_OUTPUT = "urine_ml_h", _("urine output, mL/h")
    CULTURES = "cultures_taken", _("cultures taken")
    ON_SITE = "tocilizumab_on_site", _("tocilizumab on site, doses")
    INFECTION = "active_infection", _("active infection: 1 yes, 0 no")
    CEILING = "care_ceiling", _("resuscitation and ICU-ceiling status")
    LANGUAGE = "language", _("language in which the participant is asked")


class Measurement(Fact):
    """A dated value: its unit is in the name of what is measured. Text where there is no number."""

    kind = models.CharField(max_length=24, choices=Measured)
    value = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    text = models.CharField(max_length=60, blank=True)
    retyped = text_list(default=list, blank=True)
    because = models.CharField(max_length=300, blank=True, help_text=_("Why an unusual weight is right."))
    unusual = text_list(default=list, blank=True, help_text=_("What was unusual about it: written by the server."))

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="measurement_says_something", condition=Q(value__isnull=False) | ~Q(text="")),
        ]


class DispositionKind(models.TextChoices):
    """How observation ended (SDTM DS). Death is recorded with its cause by a person, never computed."""

    DEATH_CRS = "death_crs", _("death due to CRS")
    DEATH_ICANS = "death_icans", _("death due to ICANS")
    DEATH_OTHER = "death_other", _("death of another cause")
    COMPLETED = "completed", _("end of observation")
    DISCONTINUED = "discontinued", _("discontinued")
    LOST = "lost", _("lost to follow-up")


class Disposition(Fact):
    """Observation of the participant ended at `observed_at`."""

    kind = models.CharField(max_length=12, choices=DispositionKind)
