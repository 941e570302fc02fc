"""Source data verification: which records a study compares with their source, and what was compared."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.models import Participant, Study


class SourceCheck(models.Model):
    """A field of one version of a record says what its source says. Written once.

    `field` empty: all of it. It is of this `version` alone: a later one asks again. Of several for a field of a version
    the newest counts; `holds` False takes back those before, and says why.
    """

    app_may = "SELECT, INSERT"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="source_checks")
    kind = models.CharField(max_length=40)
    root = models.UUIDField()
    version = models.UUIDField()
    field = models.CharField(max_length=40, blank=True)
    holds = models.BooleanField(default=True)
    because = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    if TYPE_CHECKING:
        participant_id: int

    class Meta:
        verbose_name = _("comparison with the source")
        constraints = [
            models.CheckConstraint(name="source_check_taken_back_says_why", condition=Q(holds=True) | ~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"source check {self.pk}"


class SourcePlan(models.Model):
    """Which records of a study are compared with their source (grading/rules/queries/sampling.py). Written once: the
    newest holds, for what was recorded before it too."""

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="source_plans")
    grade_from = models.PositiveSmallIntegerField(null=True)
    every_nth = models.PositiveSmallIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    seed = models.CharField(max_length=40, blank=True)
    because = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("plan of source data verification")
        constraints = [
            models.CheckConstraint(
                name="source_plan_in_range",
                condition=(Q(grade_from=None) | Q(grade_from__range=(1, 5)))
                & (Q(every_nth=None) | Q(every_nth__gte=1))
                & (Q(percent=None) | Q(percent__range=(1, 100)) & ~Q(seed="")),
            ),
            models.CheckConstraint(name="source_plan_says_why", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"source plan {self.pk}"
