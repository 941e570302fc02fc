"""Beside the facts of a ward: its sheets on paper, and what entering takes. No rule reads either."""

from django.db import models

from grading.models.projection_fields import PROJECTION
from regimens.models import Participant, Site, Study


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


class EntryEffort(models.Model):
    """One entry that was saved on a page.

    `on`: the day of the site on which its shift began. `person_shift`: tells the entries of one person in one shift
    from others', and names nobody: it cannot be led back without the key that sessions are signed with, and differs
    each shift. Counts are what a script in the page says, bounded; None: it did not run.
    """

    app_may = "SELECT, INSERT, DELETE"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(db_index=True)
    shift = models.CharField(max_length=8)
    person_shift = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    seconds = models.PositiveSmallIntegerField(help_text="From opening the form to saving it.")
    taps = models.PositiveSmallIntegerField(null=True)
    corrections = models.PositiveSmallIntegerField(null=True)
    retypes = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} in {self.seconds} s"
