"""Regimen versions that were made of a design: of which one, and what was predicted when they came into force."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from regimens.models.designs import DesignRun, DesignVersion
from regimens.models.plan import Regimen


class DesignedRegimen(models.Model):
    """The version of a design that a regimen version was compiled from. Written once, with the draft.

    `rungs`: name of a cohort of the regimen -> name of the regimen in the design; where there are no cohorts the one
    name stands under the empty text. `run`: the virtual trial, or the operating characteristics, that were shown.
    `band_from`: what the band is drawn from when it comes into force; empty: none is. `by` None: an operator's command.
    """

    app_may = "SELECT, INSERT"

    regimen = models.OneToOneField(Regimen, on_delete=models.PROTECT, related_name="designed")
    version = models.ForeignKey(DesignVersion, on_delete=models.PROTECT, related_name="designed")
    rungs = models.JSONField()
    run = models.ForeignKey(DesignRun, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    band_from = models.CharField(max_length=9, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    at = models.DateTimeField()

    if TYPE_CHECKING:
        regimen_id: int
        version_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="designed_band_source_known", condition=Q(band_from__in=["", "prior", "posterior"])
            ),
            models.CheckConstraint(name="designed_has_a_regimen", condition=~Q(rungs={})),
        ]

    def __str__(self) -> str:
        return f"{self.regimen_id} of design version {self.version_id}"


class PredictedBand(models.Model):
    """What was not known of the hazard when the regimen version came into force: draws of it, before any data of its
    own. Written once, in that very transaction.

    `draws`: triples of the logarithms of SMAX (per day), S50 (ug/mL) and KIN (per day). `fields`: all else that a
    prediction needs besides doses and weights, as the contract names it: drug or pk, patient, hill, i50_over_s50,
    last_period_d, and the endpoint. `engine`: the version of equations and parameters it was drawn by.
    """

    app_may = "SELECT, INSERT"

    designed = models.OneToOneField(
        DesignedRegimen, on_delete=models.PROTECT, primary_key=True, related_name="band"
    )  # fmt: skip
    taken_from = models.CharField(max_length=9)
    draws = models.JSONField()
    seed = models.BigIntegerField()
    engine = models.CharField(max_length=120)
    fields = models.JSONField()
    at = models.DateTimeField()

    if TYPE_CHECKING:
        designed_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(name="band_source_known", condition=Q(taken_from__in=["prior", "posterior"])),
        ]

    def __str__(self) -> str:
        return f"band of {self.designed_id}, from its {self.taken_from}"

    @property
    def endpoint(self) -> str:
        """What is predicted: CRS of grade 2 or more (grade2plus), or any."""
        fields: dict[str, Any] = self.fields
        return str(fields["endpoint"])
