"""The facts of the bedside. Empty means nobody looked, which is never the same as normal."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grading.rules.drugs.names import TOCILIZUMAB, class_of, generic
from grading.rules.neuro.adaptations import Interpreter
from regimens.facts import Fact, text_list


def measured(**options: Any) -> models.DecimalField:
    """A measured value with its decimals, compared unrounded. None: nobody measured."""
    return models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True, **options)


class VitalSigns(Fact):
    """One set of vital signs with the support that decides the CRS grade."""

    temperature_c = measured()
    temperature_site = models.CharField(max_length=12, blank=True)
    sbp = measured()
    dbp = measured()
    mean_pressure = measured()
    mean_pressure_computed = models.BooleanField(default=False)
    heart_rate = measured()
    respiratory_rate = measured()
    spo2 = measured()
    oxygen_device = models.CharField(max_length=24, null=True, blank=True)
    oxygen_flow_l_min = measured()
    fio2_percent = measured()
    oxygen_indication = models.CharField(max_length=10, blank=True)
    pressure_unrecordable = models.BooleanField(default=False)
    position = models.CharField(max_length=8, blank=True, help_text=_("Of the pressure; empty counts as lying."))
    arm = models.CharField(max_length=5, blank=True, help_text=_("Where the pressure was taken."))
    hypotension = models.BooleanField(null=True, blank=True, help_text=_("Clinical judgement; beats the number."))
    fluid_bolus = models.BooleanField(null=True, blank=True)
    fluid_bolus_ml = measured()
    fluid_bolus_reason = models.CharField(max_length=60, blank=True)
    vasopressors = text_list(null=True, blank=True)
    rigors = models.BooleanField(null=True, blank=True)
    infection_suspected = models.BooleanField(
        null=True, blank=True, help_text=_("Recorded and shown; silences nothing.")
    )
    differential = text_list(default=list, blank=True)
    infusion = models.CharField(max_length=12, blank=True, help_text=_("interrupted, slowed or resumed"))
    not_done = models.JSONField(default=dict, blank=True, help_text=_("Field -> why it was not looked at."))
    retyped = text_list(default=list, blank=True)
    unconfirmed = text_list(default=list, blank=True, help_text=_("Rare values kept at once, to be typed again."))
    dropped = models.JSONField(
        default=dict, blank=True, help_text=_("Field -> what an import held there, which nobody can have.")
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text=_("When the form was opened."))

    class Meta(Fact.Meta):
        verbose_name_plural = "vital signs"
        indexes = [*Fact.Meta.indexes, models.Index(fields=["recorded_by", "recorded_at"], name="vitals_of_a_shift")]


class NeuroAssessment(Fact):
    """One look at the mind: ICE item by item (or CAPD), wakefulness, seizure, motor, raised pressure."""

    ice_year = models.BooleanField(null=True, blank=True)
    ice_month = models.BooleanField(null=True, blank=True)
    ice_city = models.BooleanField(null=True, blank=True)
    ice_hospital = models.BooleanField(null=True, blank=True)
    ice_naming = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(3)])
    ice_command = models.BooleanField(null=True, blank=True)
    ice_writing = models.BooleanField(null=True, blank=True)
    ice_attention = models.BooleanField(null=True, blank=True)
    ice_unable_reason = models.CharField(max_length=20, blank=True)
    capd_score = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(0)])
    consciousness = models.CharField(max_length=20, null=True, blank=True)
    seizure = models.CharField(max_length=32, null=True, blank=True)
    motor = models.CharField(max_length=24, null=True, blank=True)
    oedema = models.CharField(max_length=8, blank=True)
    icp_signs = text_list(null=True, blank=True)
    intracranial_haemorrhage = models.BooleanField(default=False)
    not_done = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    # With which words the ICE was asked; empty: not on record.
    bank_language = models.CharField(max_length=8, blank=True)
    bank_version = models.CharField(max_length=4, blank=True)
    object_set = models.CharField(max_length=8, blank=True, help_text=_("Which three objects were shown."))
    bank_because = models.CharField(
        max_length=200, blank=True, help_text=_("Why it was asked with other words than before.")
    )
    adaptations = text_list(default=list, blank=True, help_text=_("What the test was adapted to."))
    interpreter = models.CharField(max_length=12, blank=True, help_text=_("Who interpreted; empty: nobody."))
    sentence = models.JSONField(null=True, blank=True, help_text=_("The sentence written on the tablet, as strokes."))
    sentence_on_paper = models.BooleanField(default=False)

    class Meta(Fact.Meta):
        indexes = [*Fact.Meta.indexes, models.Index(fields=["recorded_by", "recorded_at"], name="neuro_of_a_shift")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="neuro_bank_whole",
                condition=Q(bank_language="", bank_version="", object_set="")
                | (~Q(bank_language="") & ~Q(bank_version="")),
            ),
            models.CheckConstraint(name="neuro_sentence_once", condition=Q(sentence=None) | Q(sentence_on_paper=False)),
            models.CheckConstraint(
                name="neuro_interpreter_known",
                condition=Q(interpreter="") | Q(interpreter__in=[one.value for one in Interpreter]),
            ),
        ]


class DrugClass(models.TextChoices):
    ANTIPYRETIC = "antipyretic", _("antipyretic")
    ANTICYTOKINE = "anticytokine", _("anticytokine")
    CORTICOSTEROID = "corticosteroid", _("corticosteroid")
    VASOPRESSOR = "vasopressor", _("vasopressor")
    OXYGEN = "oxygen", _("oxygen")
    FLUID = "fluid", _("intravenous fluid")
    ANTIBIOTIC = "antibiotic", _("antibiotic")
    OTHER = "other", _("other")


class Indication(models.TextChoices):
    CRS = "crs", _("CRS")
    ICANS = "icans", _("ICANS")
    PREMEDICATION = "premedication", _("premedication")
    PROPHYLAXIS = "prophylaxis", _("prophylaxis")
    OTHER = "other", _("other")


class Treatment(Fact):
    """A drug given; `observed_at` is its start. The indication decides whether the fever waiver may open."""

    drug = models.CharField(max_length=60)
    drug_class = models.CharField(max_length=16, choices=DrugClass)
    dose = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(max_length=16, blank=True)
    route = models.CharField(max_length=16, blank=True)
    indication = models.CharField(max_length=16, choices=Indication)
    checked_by = models.CharField(max_length=150, blank=True, help_text=_("Sign-in name of the second person."))
    ordered_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was ordered, where that is known."))
    retyped = text_list(default=list, blank=True)
    because = models.CharField(max_length=300, blank=True, help_text=_("Why an unusual dose was given."))
    unusual = text_list(default=list, blank=True, help_text=_("What was unusual about it: written by the server."))

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="treatment_ordered_before_start",
                condition=Q(ordered_at=None) | Q(ordered_at__lte=models.F("observed_at")),
            ),
            models.CheckConstraint(name="treatment_class_known", condition=Q(drug_class__in=DrugClass.values)),
            models.CheckConstraint(name="treatment_indication_known", condition=Q(indication__in=Indication.values)),
        ]

    @property
    def acts_as(self) -> str:
        """The class that counts wherever it bears on a grade, the gate or a ledger; `drug_class` is what was tapped."""
        return class_of(self.drug, self.drug_class)

    @property
    def needs_second_person(self) -> bool:
        """Tocilizumab, by whichever of its names; a study dose does always."""
        return generic(self.drug) == TOCILIZUMAB


class TreatmentEnd(Fact):
    """A treatment that ran has stopped."""

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="ends")


class TreatmentCheck(Fact):
    """A second person looked at this version of a treatment that needs it, as `DoseCheck` says it of a study dose."""

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="checks")


class Sign(models.TextChoices):
    """What an investigator may attribute to another cause."""

    FEVER = "fever", _("fever")
    HYPOTENSION = "hypotension", _("hypotension")
    HYPOXIA = "hypoxia", _("hypoxia")
    CONSCIOUSNESS = "consciousness", _("depressed consciousness")
    SEIZURE = "seizure", _("seizure")
    MOTOR = "motor", _("motor weakness")
    OEDEMA = "oedema", _("cerebral oedema")


class Attribution(Fact):
    """An investigator's judgement that a sign, from `observed_at` until `until` (None: still), has another cause."""

    sign = models.CharField(max_length=16, choices=Sign)
    until = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=60)
    because = models.TextField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="attribution_sign_known", condition=Q(sign__in=Sign.values)),
            models.CheckConstraint(name="attribution_says_why", condition=~Q(cause="") & ~Q(because="")),
            models.CheckConstraint(
                name="attribution_forward", condition=Q(until=None) | Q(until__gt=models.F("observed_at"))
            ),
        ]
