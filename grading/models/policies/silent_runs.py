"""A version of a threshold policy that runs beside the one in force and tells nobody, and what it would have said."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grading.models.alerts import AlertPolicy
from grading.models.projection_fields import PROJECTION
from grading.rules.alerting.policy.silent_runs import FellOut
from regimens.models import Participant, Study


class SilentRun(models.Model):
    """From when to when, by whom and why a version ran silently. One at a time of a study.

    `against`: the version in force meanwhile (None: there was none, and nobody was told); `digest`: what both said
    when it began. `ended_by` None of one that is over: nobody ended it, it fell out (`fell_out` says why).
    """

    app_may = "SELECT, INSERT, UPDATE"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="silent_runs")
    policy = models.ForeignKey(AlertPolicy, on_delete=models.PROTECT, related_name="silent_runs")
    against = models.ForeignKey(AlertPolicy, on_delete=models.PROTECT, related_name="+", null=True)
    digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_because = models.CharField(max_length=500)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    ended_because = models.CharField(max_length=500, blank=True)
    fell_out = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study"], name="silent_run_one_of_a_study", condition=Q(ended_at=None)),
            models.CheckConstraint(name="silent_run_says_why", condition=~Q(begun_because="")),
            models.CheckConstraint(
                name="silent_run_is_of_another", condition=Q(against=None) | ~Q(against=F("policy"))
            ),
            models.CheckConstraint(name="silent_run_ends_after", condition=Q(ended_at__gte=F("begun_at"))),
            models.CheckConstraint(
                name="silent_run_end_says_why",
                condition=Q(ended_at=None, ended_by=None, ended_because="", fell_out="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False, fell_out="") & ~Q(ended_because=""))
                | Q(
                    ended_at__isnull=False, ended_by=None, ended_because="", fell_out__in=[one.value for one in FellOut]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"silent run of {self.policy_id}"


class SilentCourse(models.Model):
    """What a silent run makes of one participant, as it was computed last; made again from the facts.

    `mark`: how the record stood. `next_at`: when something comes due by itself (None: nothing does).
    `content`: grading/policies/silent/kept.py.
    """

    app_may = PROJECTION

    run = models.ForeignKey(SilentRun, on_delete=models.PROTECT, related_name="courses")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    mark = models.CharField(max_length=120)
    next_at = models.DateTimeField(null=True)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "participant"], name="silent_course_once")]

    def __str__(self) -> str:
        return f"silent run {self.run_id} of {self.participant_id}"
