"""Rows of the sponsor's data set as they leave, of periods that are over: written once, taken from here by exports."""

from django.db import models

from grading.models.dose_period import USUBJID_MOST
from grading.models.projection_fields import PROJECTION
from regimens.models import Participant, Study


class LineSet(models.Model):
    """The lines of a study, as one version of the program writes them for one profile.

    `version`: hash of all that bears on every line. `xact`: the lines of whom a transaction below this number wrote
    anything are made again or gone (`PeriodChange`); empty: it is being made, and no export reads it.
    """

    app_may = PROJECTION

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    profile = models.CharField(max_length=10)
    version = models.CharField(max_length=64)
    xact = models.BigIntegerField(null=True)
    kept_at = models.DateTimeField(help_text="When somebody last looked after it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "profile", "version"], name="line_set_once")]

    def __str__(self) -> str:
        return f"lines of study {self.study_id}, {self.profile}"


class ExportLine(models.Model):
    """One row of CSV, in two parts: the cut, the same in all rows of an export, goes between them.

    `since`: it is so for every cut from then on. `xact`: it knows what every transaction below this number wrote; the
    lines of a participant are always made together.
    """

    app_may = PROJECTION

    line_set = models.ForeignKey(LineSet, on_delete=models.PROTECT, related_name="lines", db_index=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", db_index=False)
    usubjid = models.CharField(max_length=USUBJID_MOST, db_collation="C")
    dose_number = models.PositiveSmallIntegerField()
    before = models.TextField()
    after = models.TextField()
    since = models.DateTimeField()
    xact = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line_set", "participant", "dose_number"], name="export_line_once"),
        ]
        indexes = [
            # The order of the export, with what says whether a line holds.
            models.Index(
                fields=["line_set", "usubjid", "dose_number"], include=["participant", "since"],
                name="export_line_as_exported",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"line of dose period {self.dose_number} of {self.participant_id}"
