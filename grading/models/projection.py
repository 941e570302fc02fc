"""What is derived from the facts and kept only so that reading is quick: `manage.py rederive` makes it all again.

Nothing here depends on "now": overdue, hours since and the like are computed when read.
"""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from grading.models.observations import measured
from grading.rules.grades.completeness import complete_the_set
from regimens.models import Dose, Participant, Site, Step

PROJECTION = "SELECT, INSERT, UPDATE, DELETE"


def grade_field(**options: Any) -> models.SmallIntegerField:
    return models.SmallIntegerField(**options)


def unfilled() -> "ArrayField[Any, Any]":
    """When each slot that nobody looked at or excused is over."""
    return ArrayField(models.DateTimeField(), null=True)


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


class DosePeriod(models.Model):
    """One row of the sponsor's data set ADCRSP: from the start of a dose to the next. Empty is "not known"."""

    app_may = PROJECTION

    dose = models.OneToOneField(Dose, on_delete=models.PROTECT, primary_key=True, related_name="period")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="dose_periods")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    # Where the dose was given, wherever the participant is now: its code and zone are those of the row.
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    dose_number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=16, blank=True)
    window_ends_at = models.DateTimeField(null=True)
    vitals_recorded = models.PositiveIntegerField(default=0)
    neuro_recorded = models.PositiveIntegerField(default=0)
    crs_definite = models.PositiveIntegerField(default=0, help_text="Sets whose CRS grade leaves no doubt.")
    icans_definite = models.PositiveIntegerField(default=0)
    ice_recorded = models.PositiveIntegerField(default=0)
    slot_sets = models.JSONField(default=dict, help_text="See grading/rules/course/slots.py.")
    excused = models.JSONField(default=dict, help_text="Due times of slots that are excused, by kind.")
    vitals_on_time = models.PositiveIntegerField(null=True, help_text="Slots; empty: nothing is planned.")
    vitals_late = models.PositiveIntegerField(null=True)
    vitals_excused = models.PositiveIntegerField(null=True)
    vitals_unfilled = unfilled()
    neuro_on_time = models.PositiveIntegerField(null=True)
    neuro_late = models.PositiveIntegerField(null=True)
    neuro_excused = models.PositiveIntegerField(null=True)
    neuro_unfilled = unfilled()
    longest_gap_h = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, help_text="Between sets inside the inpatient window."
    )
    last_vitals_at = models.DateTimeField(null=True)
    crs_sets_at_most = grade_field(null=True, help_text="What the worst set could have been, without its episode.")
    crs_sets_peak = grade_field(null=True, help_text="The highest grade that a set of this period has for certain.")
    crs_peak = grade_field(null=True, help_text="The same of all episodes, carried ones and death included.")
    crs_provisional = grade_field(null=True, help_text="What provisional episodes begun here could be; null: none.")
    crs_provisional_carried = grade_field(null=True, help_text="The same of those that were open at the dose.")
    crs_any = models.BooleanField(null=True)
    crs_carried = models.BooleanField(null=True)
    crs_episodes = models.PositiveSmallIntegerField(null=True)
    crs_recurrent = models.BooleanField(null=True)
    crs_max_grade = grade_field(null=True)
    crs_at_most = grade_field(null=True)
    crs_onset_at = models.DateTimeField(null=True)
    crs_max_at = models.DateTimeField(null=True)
    crs_resolved_at = models.DateTimeField(null=True)
    crs_duration_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    crs_first_duration_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    crs_ongoing = models.BooleanField(null=True)
    icans_any = models.BooleanField(null=True)
    icans_max_grade = grade_field(null=True)
    icans_onset_at = models.DateTimeField(null=True)
    icans_duration_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    # By final grades, people's judgements counted: grading/rules/course/final_outcome.py. Above: as computed.
    crs_final_any = models.BooleanField(null=True)
    crs_final_carried = models.BooleanField(null=True)
    crs_final_episodes = models.PositiveSmallIntegerField(null=True)
    crs_final_recurrent = models.BooleanField(null=True)
    crs_final_grade = grade_field(null=True)
    crs_final_peak = grade_field(null=True)
    crs_adjusted = models.BooleanField(null=True, help_text="The final grade is another than the computed one.")
    crs_unjudged = models.BooleanField(null=True, help_text="A provisional episode bears on it that nobody judged.")
    crs_judge_again = models.BooleanField(null=True, help_text="An episode is worse than when it was judged.")
    crs_final_onset_at = models.DateTimeField(null=True)
    crs_final_max_at = models.DateTimeField(null=True)
    crs_final_resolved_at = models.DateTimeField(null=True)
    crs_final_duration_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    crs_final_first_duration_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    crs_final_ongoing = models.BooleanField(null=True)
    icans_final_any = models.BooleanField(null=True)
    icans_final_grade = grade_field(null=True)
    icans_judge_again = models.BooleanField(null=True)
    icans_final_onset_at = models.DateTimeField(null=True)
    icans_final_duration_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    judged_at = models.DateTimeField(null=True, help_text="When an episode of the participant was judged last.")
    temperature_max_c = measured()
    temperature_max_at = models.DateTimeField(null=True)
    sbp_min = measured()
    dbp_min = measured()
    mean_pressure_min = measured()
    heart_rate_max = measured()
    respiratory_rate_max = measured()
    spo2_min = measured()
    oxygen_level_max = models.PositiveSmallIntegerField(null=True)
    oxygen_flow_max_l_min = measured()
    vasopressors_max = models.PositiveSmallIntegerField(null=True)
    vasopressin_given = models.BooleanField(null=True)
    bolus_given = models.BooleanField(null=True)
    tocilizumab_doses = models.PositiveSmallIntegerField(default=0)
    tocilizumab_mg = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    tocilizumab_first_at = models.DateTimeField(null=True)
    tocilizumab_prophylaxis = models.BooleanField(default=False)
    steroid_dexamethasone_mg = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    steroid_first_at = models.DateTimeField(null=True)
    steroid_premedication = models.BooleanField(default=False)
    steroid_premedication_mg = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    other_anticytokine = models.BooleanField(default=False)
    ice_min = models.PositiveSmallIntegerField(null=True)
    capd_max = models.PositiveSmallIntegerField(null=True)
    hospital_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    icu_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    # Of what goes on in an open period, from when its hours count to whoever reads: grading/rules/course/spans.py.
    hospital_from = models.DateTimeField(null=True)
    icu_from = models.DateTimeField(null=True)
    vasopressor_ran = models.BooleanField(default=False)
    vasopressor_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    vasopressor_from = models.DateTimeField(null=True)
    oxygen_ran = models.BooleanField(default=False)
    oxygen_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    oxygen_from = models.DateTimeField(null=True)
    runs_recorded_at = models.DateTimeField(null=True)
    dose_ended_at = models.DateTimeField(null=True, help_text="End of the infusion.")
    # On the clocks of the site, which are fixed from its first record on.
    started_local = models.CharField(max_length=25, blank=True)
    ended_local = models.CharField(max_length=25, blank=True)
    dose_ended_local = models.CharField(max_length=25, blank=True)
    crs_onset_local = models.CharField(max_length=25, blank=True)
    crs_resolved_local = models.CharField(max_length=25, blank=True)
    study_day = models.SmallIntegerField(null=True, help_text="1: the date of the first dose given.")
    length_h = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    delay_h = models.DecimalField(max_digits=9, decimal_places=2, null=True, help_text="Actual minus planned start.")
    is_restart = models.BooleanField(default=False, help_text="A dose of a later step was given before.")
    release_deviation = models.CharField(
        max_length=12, blank=True, help_text="As if the regimen had rules on file: regimens/rules/releases.py."
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "dose_number"],
                name="dose_period_number_once",
                deferrable=models.Deferrable.DEFERRED,  # a dose entered late renumbers those after it
            ),
        ]

    def __str__(self) -> str:
        return f"dose period {self.dose_number} of {self.participant_id}"


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
