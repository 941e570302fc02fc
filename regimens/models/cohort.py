"""A participant's cohort turns out to be another one: a record of its own, never an edit."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regimens.models.trial import Participant


class CohortChange(models.Model):
    """From `at`, when it was recorded, on everything is derived of the cohort `becomes`, of doses before it too.

    `was` empty: the participant was in none. Written once, by `services.cohorts`: a wrong change is changed again.
    """

    app_may = "SELECT, INSERT"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="cohort_changes")
    was = models.CharField(max_length=20, blank=True)
    becomes = models.CharField(max_length=20)
    at = models.DateTimeField()
    because = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="cohort_change_says_why", condition=~Q(because="")),
            models.CheckConstraint(name="cohort_change_to_another", condition=~Q(was=F("becomes")) & ~Q(becomes="")),
            models.UniqueConstraint(fields=["participant", "at"], name="cohort_change_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.was or '–'} -> {self.becomes}"
