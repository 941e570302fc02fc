"""Beside the facts of a ward: its sheets on paper, who took over, and what entering takes. No rule reads any."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

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


class Takeover(models.Model):
    """Somebody took a participant over at `at`, having read the handover as of `read_as_of`. Written once, in the trail
    of the participant.

    `given_by`: who handed over; None: she named nobody. It is no signature: a PIN is enough for it.
    """

    app_may = "SELECT, INSERT"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="takeovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    read_as_of = models.DateTimeField()

    class Meta:
        constraints = [
            # one page is signed off once, however often it is tapped
            models.UniqueConstraint(fields=["participant", "by", "read_as_of"], name="takeover_once"),
            models.CheckConstraint(name="takeover_read_before", condition=Q(read_as_of__lte=F("at"))),
            models.CheckConstraint(name="takeover_from_another", condition=Q(given_by=None) | ~Q(given_by=F("by"))),
        ]
        indexes = [
            models.Index(fields=["participant", "-read_as_of"], name="takeover_newest")
        ]  # selectors/takeovers.py

    def __str__(self) -> str:
        return f"takeover {self.pk}"


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
    kind = models.CharField(max_length=64)
    seconds = models.PositiveSmallIntegerField(help_text="From opening the form to saving it.")
    taps = models.PositiveSmallIntegerField(null=True)
    corrections = models.PositiveSmallIntegerField(null=True)
    retypes = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} in {self.seconds} s"
