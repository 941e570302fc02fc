"""Sheets on paper, made ahead for the hours without the program: derived of the facts, as of an instant."""

from django.db import models

from grading.models.projection_fields import PROJECTION
from regimens.models import Participant


class DowntimeSheet(models.Model):
    """One participant's sheet as of `made_at`. The newest few are kept; a sheet is made anew, never changed.

    `ward` and `bed`: as they stand on it, to print a ward in the order of its beds; empty: in none.
    """

    app_may = PROJECTION

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="downtime_sheets")
    made_at = models.DateTimeField()
    ward = models.CharField(max_length=40, blank=True)
    bed = models.CharField(max_length=20, blank=True)
    pdf = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "made_at"], name="downtime_sheet_once")]

    def __str__(self) -> str:
        return f"downtime sheet {self.pk}"
