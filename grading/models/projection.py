"""What is derived from the facts and kept only so that reading is quick: `manage.py rederive` makes it all again.

Nothing here depends on "now": overdue, hours since and the like are computed when read.
"""

import uuid

from django.db import models
from django.db.models import Q

from grading.models.dose_period import DosePeriod
from grading.models.projection_fields import PROJECTION, grade_field
from grading.rules.grades.entry.completeness import complete_the_set
from regimens.models import Participant, Step


class Grade(models.Model):
    """The grade of one set: -1 when what was not looked at leaves more than one grade attainable."""

    app_may = PROJECTION

    fact_id = models.UUIDField(primary_key=True)
    root = models.UUIDField()
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="grades")
    kind = models.CharField(max_length=9)
    observed_at = models.DateTimeField()
    grade = grade_field()
    at_least = grade_field()
    at_most = grade_field()
    reasons = models.JSONField()
    missing = models.JSONField()
    flags = models.JSONField()
    rules_version = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["participant", "-observed_at"], name="grading_grade_course")]

    def __str__(self) -> str:
        return f"{self.kind} {self.grade} at {self.observed_at:%Y-%m-%d %H:%M}"

    @property
    def is_to_be_completed(self) -> bool:
        """Whether the nurse is asked to look at once at what was not looked at."""
        return complete_the_set(
            grade=self.grade,
            at_least=self.at_least,
            at_most=self.at_most,
            missing=self.missing,
            flags=self.flags,
            reasons=[why["code"] for why in self.reasons],
        )


class Episode(models.Model):
    """One episode of CRS or ICANS, known by the root of its onset fact. `ended_at` None: not over, or not yet known."""

    app_may = PROJECTION

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="episodes")
    kind = models.CharField(max_length=9)
    root = models.UUIDField()
    provisional = models.CharField(max_length=60, blank=True, help_text="The flag that opened it; empty: definite.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    max_grade = grade_field()
    at_most = grade_field()
    axis_grade = grade_field(
        default=0, help_text="The worst that hypotension and hypoxia were for certain, of a provisional one."
    )
    max_at = models.DateTimeField()
    dose_root = models.UUIDField(null=True)
    flags = models.JSONField(default=list)
    final_grade = grade_field(default=0, help_text="A person's where one holds: grading/rules/grades/final.py.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "kind", "root", "provisional"], name="episode_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def judged_at_most(self) -> int:
        """What a person judges: of a provisional episode the grade of its axis, else what it could be."""
        return self.axis_grade if self.provisional else self.at_most


class CurrentState(models.Model):
    """One participant's row of the ward board, and the fold that the next fact continues."""

    app_may = PROJECTION

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, primary_key=True, related_name="current_state"
    )
    ward = models.CharField(max_length=40, blank=True)
    bed = models.CharField(max_length=20, blank=True)
    dose_number = models.PositiveSmallIntegerField(null=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+", null=True)
    period = models.ForeignKey(DosePeriod, on_delete=models.PROTECT, related_name="+", null=True)
    dose_at = models.DateTimeField(null=True)
    dose_ended_at = models.DateTimeField(null=True)
    vitals_at = models.DateTimeField(null=True)
    vitals = models.JSONField(default=dict, help_text="The newest set, as shown on the board.")
    neuro_at = models.DateTimeField(null=True)
    neuro = models.JSONField(default=dict)
    crs_grade = grade_field(null=True)
    crs_at_least = grade_field(null=True)
    crs_at_most = grade_field(null=True)
    crs_flags = models.JSONField(default=list)
    crs_episode_since = models.DateTimeField(null=True)
    icans_grade = grade_field(null=True)
    icans_at_least = grade_field(null=True)
    icans_at_most = grade_field(null=True)
    icans_episode_since = models.DateTimeField(null=True)
    vitals_due_at = models.DateTimeField(null=True, help_text="Of the first slot after the last look, over or not.")
    neuro_due_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, blank=True, help_text="How observation ended; empty: it goes on.")
    # The fold of grading/rules/course/timeline.py after the newest fact: see grading/course/memory.py.
    fold = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        # who is watched now, of all who ever were: the board, downtime sheets
        indexes = [models.Index(fields=["participant"], name="state_watched", condition=Q(ended=""))]

    def __str__(self) -> str:
        return f"state of {self.participant_id}"


class Checkpoint(models.Model):
    """What the facts before `at` left for those after: a late entry is derived from the last one before it."""

    app_may = PROJECTION

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="checkpoints")
    at = models.DateTimeField()
    fold = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "at"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"checkpoint of {self.participant_id} at {self.at:%Y-%m-%d %H:%M}"
