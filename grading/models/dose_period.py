"""The sponsor's row of one dose, as it is derived and kept: what the export reads stands here as it is written."""

from django.db import models

from grading.models.projection_fields import PROJECTION, FlagField, NumberField, grade_field, hours_field, unfilled
from regimens.models import Dose, Participant, Site, Step, Study

# Codes of study and site and the number, as long as they may be, with two dashes. Enrolment keeps it within the 40
# characters of the export; a replayed record is not enrolled, and no row may fail for its name.
USUBJID_MOST = 52
# Long, and read by a derivation or an export alone: a board defers them.
LONG_OF_SLOTS = ("slot_sets", "excused", "slot_times", "vitals_unfilled", "neuro_unfilled")


class DosePeriod(models.Model):
    """One row of the sponsor's data set ADCRSP: from the start of a dose to the next. Empty is "not known"."""

    app_may = PROJECTION

    dose = models.OneToOneField(Dose, on_delete=models.PROTECT, primary_key=True, related_name="period")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="dose_periods")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    # Where the dose was given, wherever the participant is now: its code and zone are those of the row.
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    dose_number = models.PositiveSmallIntegerField()
    # Whose row it is and under which plan, by the names of the export: grading/course/dose_periods/naming.py.
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    usubjid = models.CharField(max_length=USUBJID_MOST, null=True, db_collation="C", help_text="Sorts by its bytes.")
    subject_number = models.CharField(max_length=20, null=True)
    site_code = models.CharField(max_length=10, null=True)
    country = models.CharField(max_length=3, null=True)
    time_zone = models.CharField(max_length=40, null=True)
    regimen_code = models.CharField(max_length=20, null=True)
    regimen_version = models.CharField(max_length=5, null=True)
    step_label = models.CharField(max_length=40, null=True, help_text="The short one of a step with a longer label.")
    cohort = models.CharField(max_length=20, null=True)
    by_ice = models.BooleanField(null=True, help_text="The participant is assessed by ICE, not by CAPD.")
    # A second person at the dose: whoever reads compares with the cut.
    confirmed_at = models.DateTimeField(null=True, help_text="Recorded first of the confirmations that stand.")
    checked_at = models.DateTimeField(null=True, help_text="Recorded last of all, one taken back too.")
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
    slot_times = models.JSONField(default=dict, help_text="Every slot that is planned: see slots.py too.")
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
    crs_duration_h = hours_field()
    crs_first_duration_h = hours_field()
    crs_ongoing = models.BooleanField(null=True)
    icans_any = models.BooleanField(null=True)
    icans_max_grade = grade_field(null=True)
    icans_onset_at = models.DateTimeField(null=True)
    icans_duration_h = hours_field()
    # By final grades, people's judgements counted: grading/rules/course/final_outcome.py. Above: as computed.
    crs_final_any = FlagField()
    crs_final_carried = FlagField()
    crs_final_episodes = models.PositiveSmallIntegerField(null=True)
    crs_final_recurrent = FlagField()
    crs_final_grade = grade_field(null=True)
    crs_final_peak = grade_field(null=True)
    crs_adjusted = FlagField(help_text="The final grade is another than the computed one.")
    crs_unjudged = FlagField(help_text="A provisional episode bears on it that nobody judged.")
    crs_judge_again = FlagField(help_text="An episode is worse than when it was judged.")
    crs_final_onset_at = models.DateTimeField(null=True)
    crs_final_max_at = models.DateTimeField(null=True)
    crs_final_resolved_at = models.DateTimeField(null=True)
    crs_final_duration_h = hours_field()
    crs_final_first_duration_h = hours_field()
    crs_onset_h = hours_field(help_text="From the dose, as all `_h` beside times.")
    crs_max_h = hours_field()
    tocilizumab_onset_h = hours_field(help_text="First tocilizumab from CRS onset; negative if before.")
    steroid_onset_h = hours_field(help_text="The same of the first steroid that treats.")
    crs_final_ongoing = FlagField(help_text="At the end of the period.")
    icans_final_any = FlagField()
    icans_final_grade = grade_field(null=True)
    icans_judge_again = FlagField()
    icans_final_onset_at = models.DateTimeField(null=True)
    icans_final_duration_h = hours_field()
    icans_onset_h = hours_field()
    icans_after_crs = models.DurationField(
        null=True, help_text="Least time from CRS to an ICANS begun here; 0: during it; empty: no CRS before it."
    )
    judged_at = models.DateTimeField(null=True, help_text="When an episode of the participant was judged last.")
    temperature_max_c = NumberField()
    temperature_max_at = models.DateTimeField(null=True)
    temperature_max_h = hours_field()
    fever_s = models.PositiveIntegerField(null=True, help_text="Between readings of fever, each at most 8 h.")
    fever_at = models.DateTimeField(null=True, help_text="The last reading, where it was one of fever.")
    fever_h = hours_field()
    sbp_min = NumberField()
    dbp_min = NumberField()
    mean_pressure_min = NumberField()
    mean_pressure_min_computed = FlagField(help_text="Made of the other two pressures.")
    heart_rate_max = NumberField()
    respiratory_rate_max = NumberField()
    spo2_min = NumberField()
    oxygen_level_max = models.PositiveSmallIntegerField(null=True)
    oxygen_max = models.CharField(max_length=40, null=True, help_text="Decode of the level.")
    oxygen_flow_max_l_min = NumberField()
    fio2_max_percent = NumberField()
    vasopressors_max = models.PositiveSmallIntegerField(null=True)
    vasopressin_given = FlagField()
    bolus_given = FlagField()
    tocilizumab_doses = models.PositiveSmallIntegerField(default=0)
    tocilizumab_mg = NumberField(places=2)
    tocilizumab_first_at = models.DateTimeField(null=True)
    tocilizumab_prophylaxis = models.BooleanField(default=False)
    steroid_dexamethasone_mg = NumberField(places=2)
    steroid_first_at = models.DateTimeField(null=True)
    steroid_premedication = models.BooleanField(default=False)
    steroid_premedication_mg = NumberField(places=2)
    other_anticytokine = models.BooleanField(default=False)
    # Of the drugs, what is known: without anybody who looked or treated, "none was given" is not.
    tocilizumab_flag = FlagField()
    tocilizumab_n = models.PositiveSmallIntegerField(null=True)
    tocilizumab_h = hours_field()
    prophylaxis_flag = FlagField()
    steroid_flag = FlagField()
    premedication_flag = FlagField()
    anticytokine_flag = FlagField()
    ice_min = models.PositiveSmallIntegerField(null=True)
    capd_max = models.PositiveSmallIntegerField(null=True)
    seizure_seen = FlagField()
    imported_readings = models.PositiveIntegerField(default=0, help_text="Sets from a device or another record.")
    # The last looks before the dose: grading/rules/course/periods/at_dose.py.
    temperature_before_c = NumberField()
    sbp_before = NumberField()
    spo2_before = NumberField()
    ice_before = models.PositiveSmallIntegerField(null=True)
    hospital_h = hours_field()
    icu_h = hours_field()
    # Of what goes on in an open period, from when its hours count to whoever reads: grading/rules/course/spans.py.
    hospital_from = models.DateTimeField(null=True)
    icu_from = models.DateTimeField(null=True)
    vasopressor_ran = models.BooleanField(default=False)
    vasopressor_h = hours_field()
    vasopressor_from = models.DateTimeField(null=True)
    oxygen_ran = models.BooleanField(default=False)
    oxygen_h = hours_field()
    oxygen_from = models.DateTimeField(null=True)
    runs_recorded_at = models.DateTimeField(null=True)
    dose_ended_at = models.DateTimeField(null=True, help_text="End of the infusion.")
    # On the clocks of the site, which are fixed from its first record on.
    started_local = models.CharField(max_length=25, null=True)
    ended_local = models.CharField(max_length=25, null=True)
    dose_ended_local = models.CharField(max_length=25, null=True)
    crs_onset_local = models.CharField(max_length=25, null=True)
    crs_resolved_local = models.CharField(max_length=25, null=True)
    study_day = models.SmallIntegerField(null=True, help_text="1: the date of the first dose given.")
    length_h = hours_field()
    delay_h = models.DecimalField(max_digits=9, decimal_places=2, null=True, help_text="Actual minus planned start.")
    next_delay_h = hours_field(help_text="The same of the next dose given.")
    # The dose itself, and what was planned of it.
    dose_status = models.CharField(max_length=12, default="")
    dose_amount = NumberField(places=4)
    dose_unit = models.CharField(max_length=12, null=True)
    dose_route = models.CharField(max_length=20, null=True)
    planned_dose = NumberField(places=7, help_text="In the unit given: grading/course/dose_periods/planned_doses.py.")
    weight_kg = NumberField(help_text="The last up to the dose.")
    dose_total_mg = NumberField(places=10)
    weighed_at = models.DateTimeField(null=True, help_text="When a weight up to the dose was recorded last.")
    setting = models.CharField(max_length=12, null=True, help_text="SETTING of the export.")
    first_part_number = models.PositiveSmallIntegerField(
        null=True, help_text="Of the second part of a split dose, the number of the first; else its own."
    )
    phase = models.CharField(max_length=9, null=True, help_text="APHASE of the export.")
    risk_ends_at = models.DateTimeField(null=True, help_text="Empty: the step names no risk window.")
    # Of a period that is over; for one that is open at the cut whoever reads compares with it.
    risk_complete = FlagField()
    censored = FlagField()
    vitals_counted = models.PositiveIntegerField(null=True, help_text="On time; every set where none is planned.")
    release_deviation = models.CharField(
        max_length=12, null=True, help_text="RELDEVC of the export: grading/course/dose_periods/releases.py."
    )
    modified_utc = models.CharField(max_length=25, default="", help_text="When anything of the row changed last.")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "dose_number"],
                name="dose_period_number_once",
                deferrable=models.Deferrable.DEFERRED,  # a dose entered late renumbers those after it
            ),
        ]
        indexes = [
            # The order of the export, which then sorts nothing, with what says in which period an alert was raised.
            models.Index(
                fields=["study", "usubjid", "dose_number"],
                include=["participant", "started_at", "ended_at", "ended_by"],
                name="dose_period_as_exported",
            ),
        ]

    def __str__(self) -> str:
        return f"dose period {self.dose_number} of {self.participant_id}"
