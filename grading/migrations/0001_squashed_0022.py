"""Observations, alerts and what is derived, as of 0022: what 22 migrations made, made at once where a database is new.

A database of before goes through those, which stay beside it. Facts are written once; policies, alerts, the rota,
contacts, endpoints and data cuts are audited. Projections and deliveries are neither.
"""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEALED = r"""
SELECT fact_seal('grading_vitalsigns');
SELECT fact_seal('grading_neuroassessment');
SELECT fact_seal('grading_treatment');
SELECT fact_seal('grading_treatmentend');
SELECT fact_seal('grading_attribution');
SELECT fact_seal('grading_gradeassessment');
SELECT fact_seal('grading_correctionimpact');
SELECT fact_seal('grading_alertevent');
SELECT fact_seal('grading_escalation');
SELECT fact_seal('grading_alertaction');
SELECT fact_seal('grading_drill');
SELECT audit_attach('grading_alertpolicy', 'study', 'study_id');
SELECT audit_attach('grading_alert', 'participant', 'participant_id');
SELECT audit_attach('grading_escalationstep', 'study', 'study_id');
SELECT audit_attach('grading_rotashift', 'study', 'study_id');
SELECT audit_attach('grading_contact', 'user', 'user_id');
SELECT audit_attach('grading_phonetree', 'study', 'study_id');
SELECT audit_attach('grading_endpoint', 'study', 'study_id');
SELECT audit_attach('grading_outboxhold', 'outbox_hold', 'id');
SELECT audit_attach('grading_tabletentry', 'participant', 'participant_id');
SELECT audit_attach('grading_gradedifference', 'participant', 'participant_id');
SELECT audit_attach('grading_takeover', 'participant', 'participant_id');
"""

CHECKED_BY_ANOTHER = r"""
SELECT fact_seal('grading_treatmentcheck');

CREATE FUNCTION treatment_checked_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_treatment WHERE id = NEW.treatment_id AND recorded_by_id = NEW.recorded_by_id) THEN
        RAISE EXCEPTION 'treatment %: the second person recorded it', NEW.treatment_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_another BEFORE INSERT ON grading_treatmentcheck
    FOR EACH ROW EXECUTE FUNCTION treatment_checked_by_another();
"""

CUTS = r"""
SELECT audit_attach('grading_datacut', 'study', 'study_id');
SELECT fact_seal('grading_packetpart');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_datacut
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("grading", "0001_initial"),
        ("grading", "0002_on_call_role"),
        ("grading", "0003_sealed_secrets"),
        ("grading", "0004_escalation_steps"),
        ("grading", "0005_rota_notes"),
        ("grading", "0006_invitations"),
        ("grading", "0007_holds_and_clocks"),
        ("grading", "0008_rows_as_exported"),
        ("grading", "0009_neuro_words"),
        ("grading", "0010_tablets"),
        ("grading", "0011_rows_with_names"),
        ("grading", "0012_from_paper"),
        ("grading", "0013_tablet_entries"),
        ("grading", "0014_web_push"),
        ("grading", "0015_downtime_sheets"),
        ("grading", "0016_entry_effort"),
        ("grading", "0017_treatment_check"),
        ("grading", "0018_looks_at_dose"),
        ("grading", "0019_takeover"),
        ("grading", "0020_slot_times"),
        ("grading", "0021_push_gone"),
        ("grading", "0022_data_cuts"),
    ]

    dependencies = [
        ("audit", "0005_verification"),
        ("devices", "0002_shift_ended_by_ward"),
        ("regimens", "0015_from_paper"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("clock_offset", models.DurationField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("name", models.CharField(max_length=220, primary_key=True, serialize=False)),
                ("waits", models.PositiveSmallIntegerField(default=0)),
                ("open_at", models.DateTimeField()),
                ("tried_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AlertPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("thresholds", models.JSONField()),
                ("drugs", models.JSONField(blank=True, null=True)),
                ("text", models.TextField(blank=True, help_text="The YAML as it was written.")),
                ("drafted_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, help_text="What the version is for.")),
                ("approved_because", models.TextField(blank=True)),
                ("in_force_from", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="policies", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "version"), name="policy_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_from__isnull", False),
                            models.Q(("approved_because", ""), ("approved_by", None)),
                            _connector="OR",
                        ),
                        name="policy_draft_is_not_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None), models.Q(("approved_because", ""), _negated=True), _connector="OR"
                        ),
                        name="policy_approval_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_by", None),
                            ("approved_by", None),
                            models.Q(("drafted_by", models.F("approved_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="policy_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attribution",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "sign",
                    models.CharField(
                        choices=[
                            ("fever", "fever"),
                            ("hypotension", "hypotension"),
                            ("hypoxia", "hypoxia"),
                            ("consciousness", "depressed consciousness"),
                            ("seizure", "seizure"),
                            ("motor", "motor weakness"),
                            ("oedema", "cerebral oedema"),
                        ],
                        max_length=16,
                    ),
                ),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("cause", models.CharField(max_length=60)),
                ("because", models.TextField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.attribution",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_attributio_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_attribution_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sign__in",
                                ["fever", "hypotension", "hypoxia", "consciousness", "seizure", "motor", "oedema"],
                            )
                        ),
                        name="attribution_sign_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", ""), _negated=True), models.Q(("because", ""), _negated=True)
                        ),
                        name="attribution_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("observed_at")), _connector="OR"),
                        name="attribution_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Beacon",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="beacon_due",
                    ),
                    models.Index(fields=["-queued_at"], name="beacon_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="beacon_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="beacon_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="beacon_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="beacon_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("fold", models.JSONField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("participant", "at"), name="checkpoint_once")],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("gateway", "gateway"), ("push", "push to a browser")],
                        max_length=8,
                    ),
                ),
                ("address", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                ("tested_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user", "channel", "address"),
                        name="contact_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "gateway", "push"])), name="contact_channel_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionImpact",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("changes", models.JSONField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="retold", to="regimens.participant"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DosePeriod",
            fields=[
                (
                    "dose",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="period",
                        serialize=False,
                        to="regimens.dose",
                    ),
                ),
                ("dose_number", models.PositiveSmallIntegerField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=16)),
                ("window_ends_at", models.DateTimeField(null=True)),
                ("vitals_recorded", models.PositiveIntegerField(default=0)),
                ("neuro_recorded", models.PositiveIntegerField(default=0)),
                (
                    "crs_definite",
                    models.PositiveIntegerField(default=0, help_text="Sets whose CRS grade leaves no doubt."),
                ),
                ("icans_definite", models.PositiveIntegerField(default=0)),
                ("ice_recorded", models.PositiveIntegerField(default=0)),
                ("slot_sets", models.JSONField(default=dict, help_text="See grading/rules/course/slots.py.")),
                ("excused", models.JSONField(default=dict, help_text="Due times of slots that are excused, by kind.")),
                (
                    "vitals_on_time",
                    models.PositiveIntegerField(help_text="Slots; empty: nothing is planned.", null=True),
                ),
                ("vitals_late", models.PositiveIntegerField(null=True)),
                ("vitals_excused", models.PositiveIntegerField(null=True)),
                (
                    "vitals_unfilled",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None),
                ),
                ("neuro_on_time", models.PositiveIntegerField(null=True)),
                ("neuro_late", models.PositiveIntegerField(null=True)),
                ("neuro_excused", models.PositiveIntegerField(null=True)),
                (
                    "neuro_unfilled",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None),
                ),
                (
                    "longest_gap_h",
                    models.DecimalField(
                        decimal_places=2, help_text="Between sets inside the inpatient window.", max_digits=9, null=True
                    ),
                ),
                ("last_vitals_at", models.DateTimeField(null=True)),
                (
                    "crs_sets_at_most",
                    models.SmallIntegerField(
                        help_text="What the worst set could have been, without its episode.", null=True
                    ),
                ),
                (
                    "crs_sets_peak",
                    models.SmallIntegerField(
                        help_text="The highest grade that a set of this period has for certain.", null=True
                    ),
                ),
                (
                    "crs_peak",
                    models.SmallIntegerField(
                        help_text="The same of all episodes, carried ones and death included.", null=True
                    ),
                ),
                (
                    "crs_provisional",
                    models.SmallIntegerField(
                        help_text="What provisional episodes begun here could be; null: none.", null=True
                    ),
                ),
                (
                    "crs_provisional_carried",
                    models.SmallIntegerField(help_text="The same of those that were open at the dose.", null=True),
                ),
                ("crs_any", models.BooleanField(null=True)),
                ("crs_carried", models.BooleanField(null=True)),
                ("crs_episodes", models.PositiveSmallIntegerField(null=True)),
                ("crs_recurrent", models.BooleanField(null=True)),
                ("crs_max_grade", models.SmallIntegerField(null=True)),
                ("crs_at_most", models.SmallIntegerField(null=True)),
                ("crs_onset_at", models.DateTimeField(null=True)),
                ("crs_max_at", models.DateTimeField(null=True)),
                ("crs_resolved_at", models.DateTimeField(null=True)),
                ("crs_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_first_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_ongoing", models.BooleanField(null=True)),
                ("icans_any", models.BooleanField(null=True)),
                ("icans_max_grade", models.SmallIntegerField(null=True)),
                ("icans_onset_at", models.DateTimeField(null=True)),
                ("icans_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_final_any", models.CharField(max_length=1, null=True)),
                ("crs_final_carried", models.CharField(max_length=1, null=True)),
                ("crs_final_episodes", models.PositiveSmallIntegerField(null=True)),
                ("crs_final_recurrent", models.CharField(max_length=1, null=True)),
                ("crs_final_grade", models.SmallIntegerField(null=True)),
                ("crs_final_peak", models.SmallIntegerField(null=True)),
                (
                    "crs_adjusted",
                    models.CharField(
                        help_text="The final grade is another than the computed one.", max_length=1, null=True
                    ),
                ),
                (
                    "crs_unjudged",
                    models.CharField(
                        help_text="A provisional episode bears on it that nobody judged.", max_length=1, null=True
                    ),
                ),
                (
                    "crs_judge_again",
                    models.CharField(help_text="An episode is worse than when it was judged.", max_length=1, null=True),
                ),
                ("crs_final_onset_at", models.DateTimeField(null=True)),
                ("crs_final_max_at", models.DateTimeField(null=True)),
                ("crs_final_resolved_at", models.DateTimeField(null=True)),
                ("crs_final_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_final_first_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_final_ongoing", models.CharField(help_text="At the end of the period.", max_length=1, null=True)),
                ("icans_final_any", models.CharField(max_length=1, null=True)),
                ("icans_final_grade", models.SmallIntegerField(null=True)),
                ("icans_judge_again", models.CharField(max_length=1, null=True)),
                ("icans_final_onset_at", models.DateTimeField(null=True)),
                ("icans_final_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "judged_at",
                    models.DateTimeField(help_text="When an episode of the participant was judged last.", null=True),
                ),
                ("temperature_max_c", models.CharField(max_length=24, null=True)),
                ("temperature_max_at", models.DateTimeField(null=True)),
                ("sbp_min", models.CharField(max_length=24, null=True)),
                ("dbp_min", models.CharField(max_length=24, null=True)),
                ("mean_pressure_min", models.CharField(max_length=24, null=True)),
                ("heart_rate_max", models.CharField(max_length=24, null=True)),
                ("respiratory_rate_max", models.CharField(max_length=24, null=True)),
                ("spo2_min", models.CharField(max_length=24, null=True)),
                ("oxygen_level_max", models.PositiveSmallIntegerField(null=True)),
                ("oxygen_flow_max_l_min", models.CharField(max_length=24, null=True)),
                ("vasopressors_max", models.PositiveSmallIntegerField(null=True)),
                ("vasopressin_given", models.CharField(max_length=1, null=True)),
                ("bolus_given", models.CharField(max_length=1, null=True)),
                ("tocilizumab_doses", models.PositiveSmallIntegerField(default=0)),
                ("tocilizumab_mg", models.CharField(max_length=24, null=True)),
                ("tocilizumab_first_at", models.DateTimeField(null=True)),
                ("tocilizumab_prophylaxis", models.BooleanField(default=False)),
                ("steroid_dexamethasone_mg", models.CharField(max_length=24, null=True)),
                ("steroid_first_at", models.DateTimeField(null=True)),
                ("steroid_premedication", models.BooleanField(default=False)),
                ("steroid_premedication_mg", models.CharField(max_length=24, null=True)),
                ("other_anticytokine", models.BooleanField(default=False)),
                ("ice_min", models.PositiveSmallIntegerField(null=True)),
                ("capd_max", models.PositiveSmallIntegerField(null=True)),
                ("hospital_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("icu_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("hospital_from", models.DateTimeField(null=True)),
                ("icu_from", models.DateTimeField(null=True)),
                ("vasopressor_ran", models.BooleanField(default=False)),
                ("vasopressor_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("vasopressor_from", models.DateTimeField(null=True)),
                ("oxygen_ran", models.BooleanField(default=False)),
                ("oxygen_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("oxygen_from", models.DateTimeField(null=True)),
                ("runs_recorded_at", models.DateTimeField(null=True)),
                ("dose_ended_at", models.DateTimeField(help_text="End of the infusion.", null=True)),
                ("started_local", models.CharField(max_length=25, null=True)),
                ("ended_local", models.CharField(max_length=25, null=True)),
                ("dose_ended_local", models.CharField(max_length=25, null=True)),
                ("crs_onset_local", models.CharField(max_length=25, null=True)),
                ("crs_resolved_local", models.CharField(max_length=25, null=True)),
                ("study_day", models.SmallIntegerField(help_text="1: the date of the first dose given.", null=True)),
                ("length_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "delay_h",
                    models.DecimalField(
                        decimal_places=2, help_text="Actual minus planned start.", max_digits=9, null=True
                    ),
                ),
                (
                    "release_deviation",
                    models.CharField(
                        help_text="RELDEVC of the export: grading/course/dose_periods/releases.py.",
                        max_length=12,
                        null=True,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dose_periods",
                        to="regimens.participant",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.step"
                    ),
                ),
                ("anticytokine_flag", models.CharField(max_length=1, null=True)),
                ("censored", models.CharField(max_length=1, null=True)),
                ("premedication_flag", models.CharField(max_length=1, null=True)),
                ("prophylaxis_flag", models.CharField(max_length=1, null=True)),
                ("risk_complete", models.CharField(max_length=1, null=True)),
                ("steroid_flag", models.CharField(max_length=1, null=True)),
                ("tocilizumab_flag", models.CharField(max_length=1, null=True)),
                ("crs_max_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "crs_onset_h",
                    models.DecimalField(
                        decimal_places=2, help_text="From the dose, as all `_h` beside times.", max_digits=9, null=True
                    ),
                ),
                ("icans_onset_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "steroid_onset_h",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The same of the first steroid that treats.",
                        max_digits=9,
                        null=True,
                    ),
                ),
                ("temperature_max_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("tocilizumab_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "tocilizumab_onset_h",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="First tocilizumab from CRS onset; negative if before.",
                        max_digits=9,
                        null=True,
                    ),
                ),
                ("tocilizumab_n", models.PositiveSmallIntegerField(null=True)),
                ("dose_amount", models.CharField(max_length=24, null=True)),
                ("dose_route", models.CharField(max_length=20, null=True)),
                ("dose_status", models.CharField(default="", max_length=12)),
                ("dose_unit", models.CharField(max_length=12, null=True)),
                (
                    "icans_after_crs",
                    models.DurationField(
                        help_text="Least time from CRS to an ICANS begun here; 0: during it; empty: no CRS before it.",
                        null=True,
                    ),
                ),
                ("oxygen_max", models.CharField(help_text="Decode of the level.", max_length=40, null=True)),
                ("phase", models.CharField(help_text="APHASE of the export.", max_length=9, null=True)),
                (
                    "planned_dose",
                    models.CharField(
                        help_text="In the unit given: grading/course/dose_periods/planned_doses.py.",
                        max_length=24,
                        null=True,
                    ),
                ),
                ("risk_ends_at", models.DateTimeField(help_text="Empty: the step names no risk window.", null=True)),
                (
                    "vitals_counted",
                    models.PositiveIntegerField(help_text="On time; every set where none is planned.", null=True),
                ),
                (
                    "weighed_at",
                    models.DateTimeField(help_text="When a weight up to the dose was recorded last.", null=True),
                ),
                (
                    "modified_utc",
                    models.CharField(default="", help_text="When anything of the row changed last.", max_length=25),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.study",
                    ),
                ),
                (
                    "usubjid",
                    models.CharField(db_collation="C", help_text="Sorts by its bytes.", max_length=52, null=True),
                ),
                ("subject_number", models.CharField(max_length=20, null=True)),
                ("site_code", models.CharField(max_length=10, null=True)),
                ("country", models.CharField(max_length=3, null=True)),
                ("time_zone", models.CharField(max_length=40, null=True)),
                ("regimen_code", models.CharField(max_length=20, null=True)),
                ("regimen_version", models.CharField(max_length=5, null=True)),
                (
                    "step_label",
                    models.CharField(
                        help_text="The short one of a step with a longer label.", max_length=40, null=True
                    ),
                ),
                (
                    "by_ice",
                    models.BooleanField(help_text="The participant is assessed by ICE, not by CAPD.", null=True),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(help_text="Recorded first of the confirmations that stand.", null=True),
                ),
                ("checked_at", models.DateTimeField(help_text="Recorded last of all, one taken back too.", null=True)),
                ("cohort", models.CharField(max_length=20, null=True)),
                ("dose_total_mg", models.CharField(max_length=24, null=True)),
                ("fever_at", models.DateTimeField(help_text="The last reading, where it was one of fever.", null=True)),
                ("fever_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "fever_s",
                    models.PositiveIntegerField(help_text="Between readings of fever, each at most 8 h.", null=True),
                ),
                ("fio2_max_percent", models.CharField(max_length=24, null=True)),
                (
                    "first_part_number",
                    models.PositiveSmallIntegerField(
                        help_text="Of the second part of a split dose, the number of the first; else its own.",
                        null=True,
                    ),
                ),
                ("ice_before", models.PositiveSmallIntegerField(null=True)),
                (
                    "imported_readings",
                    models.PositiveIntegerField(default=0, help_text="Sets from a device or another record."),
                ),
                (
                    "mean_pressure_min_computed",
                    models.CharField(help_text="Made of the other two pressures.", max_length=1, null=True),
                ),
                (
                    "next_delay_h",
                    models.DecimalField(
                        decimal_places=2, help_text="The same of the next dose given.", max_digits=9, null=True
                    ),
                ),
                ("sbp_before", models.CharField(max_length=24, null=True)),
                ("seizure_seen", models.CharField(max_length=1, null=True)),
                ("setting", models.CharField(help_text="SETTING of the export.", max_length=12, null=True)),
                ("spo2_before", models.CharField(max_length=24, null=True)),
                ("temperature_before_c", models.CharField(max_length=24, null=True)),
                ("weight_kg", models.CharField(help_text="The last up to the dose.", max_length=24, null=True)),
                (
                    "slot_times",
                    models.JSONField(default=dict, help_text="Every slot that is planned: see slots.py too."),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["study", "usubjid", "dose_number"],
                        include=("participant", "started_at", "ended_at", "ended_by"),
                        name="dose_period_as_exported",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("participant", "dose_number"),
                        name="dose_period_number_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(help_text="Who had it sent, as typed at the command.", max_length=150)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drills", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drills", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(blank=True, max_length=500)),
                ("gateway", models.SlugField(blank=True, max_length=40)),
                ("active", models.BooleanField(default=True)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endpoints",
                        to="regimens.site",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="endpoints", to="regimens.study"
                    ),
                ),
                ("sealed_secret", models.TextField(blank=True, editable=False)),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("gateway", ""),
                                models.Q(("url", ""), _negated=True),
                                models.Q(("sealed_secret", ""), _negated=True),
                            ),
                            models.Q(models.Q(("gateway", ""), _negated=True), ("sealed_secret", ""), ("url", "")),
                            _connector="OR",
                        ),
                        name="endpoint_webhook_or_gateway",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Episode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=9)),
                ("root", models.UUIDField()),
                (
                    "provisional",
                    models.CharField(blank=True, help_text="The flag that opened it; empty: definite.", max_length=60),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("max_grade", models.SmallIntegerField()),
                ("at_most", models.SmallIntegerField()),
                (
                    "axis_grade",
                    models.SmallIntegerField(
                        default=0,
                        help_text="The worst that hypotension and hypoxia were for certain, of a provisional one.",
                    ),
                ),
                ("max_at", models.DateTimeField()),
                ("dose_root", models.UUIDField(null=True)),
                ("flags", models.JSONField(default=list)),
                (
                    "final_grade",
                    models.SmallIntegerField(
                        default=0, help_text="A person's where one holds: grading/rules/grades/final.py."
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="episodes", to="regimens.participant"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("participant", "kind", "root", "provisional"), name="episode_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "position",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)]),
                ),
                (
                    "wait_minutes",
                    models.PositiveSmallIntegerField(
                        help_text="before the next is called",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.site",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalation_steps",
                        to="regimens.study",
                    ),
                ),
                (
                    "on_call_role",
                    models.CharField(
                        choices=[
                            ("assigned_nurse", "assigned nurse"),
                            ("charge_nurse", "charge nurse"),
                            ("on_call_investigator", "on-call investigator"),
                            ("back_up", "back-up"),
                            ("principal_investigator", "principal investigator"),
                        ],
                        max_length=24,
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)),
                        fields=("study", "site", "position"),
                        name="escalation_step_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on_call_role__in",
                                [
                                    "assigned_nurse",
                                    "charge_nurse",
                                    "on_call_investigator",
                                    "back_up",
                                    "principal_investigator",
                                ],
                            )
                        ),
                        name="escalation_step_on_call_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                ("fact_id", models.UUIDField(primary_key=True, serialize=False)),
                ("root", models.UUIDField()),
                ("kind", models.CharField(max_length=9)),
                ("observed_at", models.DateTimeField()),
                ("grade", models.SmallIntegerField()),
                ("at_least", models.SmallIntegerField()),
                ("at_most", models.SmallIntegerField()),
                ("reasons", models.JSONField()),
                ("missing", models.JSONField()),
                ("flags", models.JSONField()),
                ("rules_version", models.CharField(max_length=20)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grades", to="regimens.participant"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["participant", "-observed_at"], name="grading_grade_course")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="GradeAssessment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("about", models.CharField(choices=[("set", "set"), ("episode", "episode")], max_length=7)),
                ("about_root", models.UUIDField()),
                ("kind", models.CharField(choices=[("crs", "CRS"), ("icans", "ICANS")], max_length=9)),
                (
                    "ledger",
                    models.CharField(
                        choices=[("nurse", "nurse"), ("investigator", "investigator"), ("central", "central review")],
                        max_length=12,
                    ),
                ),
                ("agrees", models.BooleanField()),
                ("grade", models.SmallIntegerField(blank=True, null=True)),
                ("because", models.TextField(blank=True)),
                ("derived_grade", models.SmallIntegerField(editable=False)),
                ("derived_at_most", models.SmallIntegerField(editable=False, null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.gradeassessment",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_gradeasses_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_gradeassessment_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ["set", "episode"])), name="assessment_about_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["crs", "icans"])), name="assessment_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ledger__in", ["nurse", "investigator", "central"])),
                        name="assessment_ledger_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agrees", True), ("grade", None)),
                            models.Q(
                                ("agrees", False),
                                ("grade__isnull", False),
                                ("grade__range", (0, 5)),
                                models.Q(("because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_agrees_or_says_otherwise",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeuroAssessment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("ice_year", models.BooleanField(blank=True, null=True)),
                ("ice_month", models.BooleanField(blank=True, null=True)),
                ("ice_city", models.BooleanField(blank=True, null=True)),
                ("ice_hospital", models.BooleanField(blank=True, null=True)),
                (
                    "ice_naming",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MaxValueValidator(3)]
                    ),
                ),
                ("ice_command", models.BooleanField(blank=True, null=True)),
                ("ice_writing", models.BooleanField(blank=True, null=True)),
                ("ice_attention", models.BooleanField(blank=True, null=True)),
                ("ice_unable_reason", models.CharField(blank=True, max_length=20)),
                (
                    "capd_score",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                ("consciousness", models.CharField(blank=True, max_length=20, null=True)),
                ("seizure", models.CharField(blank=True, max_length=32, null=True)),
                ("motor", models.CharField(blank=True, max_length=24, null=True)),
                ("oedema", models.CharField(blank=True, max_length=8)),
                (
                    "icp_signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, null=True, size=None
                    ),
                ),
                ("intracranial_haemorrhage", models.BooleanField(default=False)),
                ("not_done", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.neuroassessment",
                    ),
                ),
                (
                    "adaptations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="What the test was adapted to.",
                        size=None,
                    ),
                ),
                (
                    "bank_because",
                    models.CharField(
                        blank=True, help_text="Why it was asked with other words than before.", max_length=200
                    ),
                ),
                ("bank_language", models.CharField(blank=True, max_length=8)),
                ("bank_version", models.CharField(blank=True, max_length=4)),
                (
                    "interpreter",
                    models.CharField(blank=True, help_text="Who interpreted; empty: nobody.", max_length=12),
                ),
                ("object_set", models.CharField(blank=True, help_text="Which three objects were shown.", max_length=8)),
                (
                    "sentence",
                    models.JSONField(
                        blank=True, help_text="The sentence written on the tablet, as strokes.", null=True
                    ),
                ),
                ("sentence_on_paper", models.BooleanField(default=False)),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_neuroasses_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_neuroassessment_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bank_language", ""), ("bank_version", ""), ("object_set", "")),
                            models.Q(
                                models.Q(("bank_language", ""), _negated=True),
                                models.Q(("bank_version", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="neuro_bank_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sentence", None), ("sentence_on_paper", False), _connector="OR"),
                        name="neuro_sentence_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("interpreter", ""),
                            ("interpreter__in", ["professional", "telephone", "staff", "family"]),
                            _connector="OR",
                        ),
                        name="neuro_interpreter_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneTree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.TextField(
                        help_text="Functions and numbers, a line each. No names of participants.", max_length=1000
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phone_trees",
                        to="regimens.site",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phone_trees", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "site"), name="phone_tree_once", nulls_distinct=False)
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("called_off", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="regimens.study"
                    ),
                ),
                (
                    "on_call_role",
                    models.CharField(
                        choices=[
                            ("assigned_nurse", "assigned nurse"),
                            ("charge_nurse", "charge nurse"),
                            ("on_call_investigator", "on-call investigator"),
                            ("back_up", "back-up"),
                            ("principal_investigator", "principal investigator"),
                        ],
                        max_length=24,
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "on_call_role"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("called_off", False)), fields=["study", "site", "ends_at"], name="shift_now"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on_call_role__in",
                                [
                                    "assigned_nurse",
                                    "charge_nurse",
                                    "on_call_investigator",
                                    "back_up",
                                    "principal_investigator",
                                ],
                            )
                        ),
                        name="shift_on_call_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Treatment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("drug", models.CharField(max_length=60)),
                (
                    "drug_class",
                    models.CharField(
                        choices=[
                            ("antipyretic", "antipyretic"),
                            ("anticytokine", "anticytokine"),
                            ("corticosteroid", "corticosteroid"),
                            ("vasopressor", "vasopressor"),
                            ("oxygen", "oxygen"),
                            ("fluid", "intravenous fluid"),
                            ("antibiotic", "antibiotic"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "dose",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("route", models.CharField(blank=True, max_length=16)),
                (
                    "indication",
                    models.CharField(
                        choices=[
                            ("crs", "CRS"),
                            ("icans", "ICANS"),
                            ("premedication", "premedication"),
                            ("prophylaxis", "prophylaxis"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "checked_by",
                    models.CharField(blank=True, help_text="Sign-in name of the second person.", max_length=150),
                ),
                (
                    "ordered_at",
                    models.DateTimeField(blank=True, help_text="When it was ordered, where that is known.", null=True),
                ),
                (
                    "retyped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("because", models.CharField(blank=True, help_text="Why an unusual dose was given.", max_length=300)),
                (
                    "unusual",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="What was unusual about it: written by the server.",
                        size=None,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.treatment",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_treatment_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_treatment_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ordered_at", None), ("ordered_at__lte", models.F("observed_at")), _connector="OR"
                        ),
                        name="treatment_ordered_before_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "drug_class__in",
                                [
                                    "antipyretic",
                                    "anticytokine",
                                    "corticosteroid",
                                    "vasopressor",
                                    "oxygen",
                                    "fluid",
                                    "antibiotic",
                                    "other",
                                ],
                            )
                        ),
                        name="treatment_class_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("indication__in", ["crs", "icans", "premedication", "prophylaxis", "other"])
                        ),
                        name="treatment_indication_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VitalSigns",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("temperature_c", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("temperature_site", models.CharField(blank=True, max_length=12)),
                ("sbp", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("dbp", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("mean_pressure", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("mean_pressure_computed", models.BooleanField(default=False)),
                ("heart_rate", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("respiratory_rate", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("spo2", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("oxygen_device", models.CharField(blank=True, max_length=24, null=True)),
                ("oxygen_flow_l_min", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("fio2_percent", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("oxygen_indication", models.CharField(blank=True, max_length=10)),
                ("pressure_unrecordable", models.BooleanField(default=False)),
                (
                    "position",
                    models.CharField(blank=True, help_text="Of the pressure; empty counts as lying.", max_length=8),
                ),
                ("arm", models.CharField(blank=True, help_text="Where the pressure was taken.", max_length=5)),
                (
                    "hypotension",
                    models.BooleanField(blank=True, help_text="Clinical judgement; beats the number.", null=True),
                ),
                ("fluid_bolus", models.BooleanField(blank=True, null=True)),
                ("fluid_bolus_ml", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("fluid_bolus_reason", models.CharField(blank=True, max_length=60)),
                (
                    "vasopressors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, null=True, size=None
                    ),
                ),
                ("rigors", models.BooleanField(blank=True, null=True)),
                (
                    "infection_suspected",
                    models.BooleanField(blank=True, help_text="Recorded and shown; silences nothing.", null=True),
                ),
                (
                    "differential",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("infusion", models.CharField(blank=True, help_text="interrupted, slowed or resumed", max_length=12)),
                (
                    "not_done",
                    models.JSONField(blank=True, default=dict, help_text="Field -> why it was not looked at."),
                ),
                (
                    "retyped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "unconfirmed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="Rare values kept at once, to be typed again.",
                        size=None,
                    ),
                ),
                (
                    "dropped",
                    models.JSONField(
                        blank=True, default=dict, help_text="Field -> what an import held there, which nobody can have."
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, help_text="When the form was opened.", null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.vitalsigns",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "vital signs",
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_vitalsigns_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_vitalsigns_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rota_notes", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rota_notes", to="regimens.study"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="rotanote_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="rotanote_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="rotanote_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="rotanote_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="rotanote_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="regimens.study"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="invitation_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="invitation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="invitation_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="invitation_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="invitation_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("released", "released"), ("discarded", "discarded")], max_length=9
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decision", "")),
                            models.Q(("decided_at__isnull", False), ("decision__in", ("released", "discarded"))),
                            _connector="OR",
                        ),
                        name="outbox_hold_decided_when",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TabletEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("opened_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "doubts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("rules_version", models.CharField(max_length=100)),
                ("shown", models.JSONField(null=True)),
                ("gate", models.JSONField(null=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tablet_entries",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="GradeDifference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=9)),
                ("at", models.DateTimeField()),
                ("shown", models.JSONField()),
                ("derived", models.JSONField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("because", models.CharField(blank=True, max_length=300)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_differences",
                        to="regimens.participant",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because", ""), ("seen_at", None), ("seen_by", None)),
                            models.Q(
                                ("seen_at__isnull", False),
                                ("seen_by__isnull", False),
                                models.Q(("because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grade_difference_seen_with_reason",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DowntimeSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("ward", models.CharField(blank=True, max_length=40)),
                ("bed", models.CharField(blank=True, max_length=20)),
                ("pdf", models.BinaryField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downtime_sheets",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("participant", "made_at"), name="downtime_sheet_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="EntryEffort",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(db_index=True)),
                ("shift", models.CharField(max_length=8)),
                ("person_shift", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=16)),
                ("seconds", models.PositiveSmallIntegerField(help_text="From opening the form to saving it.")),
                ("taps", models.PositiveSmallIntegerField(null=True)),
                ("corrections", models.PositiveSmallIntegerField(null=True)),
                ("retypes", models.PositiveSmallIntegerField(null=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Takeover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("read_as_of", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="takeovers", to="regimens.participant"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["participant", "-read_as_of"], name="takeover_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("participant", "by", "read_as_of"), name="takeover_once"),
                    models.CheckConstraint(
                        condition=models.Q(("read_as_of__lte", models.F("at"))), name="takeover_read_before"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by", None), models.Q(("given_by", models.F("by")), _negated=True), _connector="OR"
                        ),
                        name="takeover_from_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataCut",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=40)),
                ("cut", models.DateTimeField(help_text="As it was known at this instant.")),
                ("profile", models.CharField(help_text="regimens/blinding.py", max_length=8)),
                (
                    "sites",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
                ),
                ("because", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("parameters", models.JSONField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="data_cuts", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "label"), name="data_cut_label_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because", ""), _negated=True), models.Q(("label", ""), _negated=True)
                        ),
                        name="data_cut_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cut__lte", models.F("made_at"))), name="data_cut_not_of_the_future"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=9)),
                ("condition", models.CharField(blank=True, help_text="Empty: a grade rose.", max_length=32)),
                (
                    "fact_root",
                    models.UUIDField(
                        help_text="The set at which the grade rose; the fact or slot a condition rests on."
                    ),
                ),
                ("grade", models.SmallIntegerField()),
                (
                    "urgency",
                    models.SmallIntegerField(
                        blank=True,
                        help_text="The grade as which it is called and lapses; empty: its own, and 2 of a provisional one.",
                        null=True,
                    ),
                ),
                ("grade_before", models.SmallIntegerField()),
                ("at_most", models.SmallIntegerField()),
                (
                    "thresholds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        help_text="What the policy asks at this grade.",
                        size=None,
                    ),
                ),
                ("reasons", models.JSONField()),
                ("missing", models.JSONField()),
                ("flags", models.JSONField(default=list)),
                ("observed_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField()),
                ("late", models.BooleanField(default=False, help_text="Found by a late entry or a correction.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("delivered", "delivered"),
                            ("seen", "seen"),
                            ("acknowledged", "acknowledged"),
                            ("acted_on", "acted_on"),
                            ("resolved", "resolved"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("lapses_at", models.DateTimeField(blank=True, null=True)),
                (
                    "occurrence",
                    models.PositiveSmallIntegerField(default=1, help_text="How often it has begun to wait."),
                ),
                ("pages_sent", models.PositiveIntegerField(default=0)),
                ("escalate_at", models.DateTimeField(blank=True, null=True)),
                ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                (
                    "unreviewed_since",
                    models.DateTimeField(
                        blank=True, help_text="Its drug was recorded, and no investigator has looked yet.", null=True
                    ),
                ),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="regimens.participant"
                    ),
                ),
                (
                    "responder",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who goes to the bedside, as the answer says.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        help_text="In force when it was raised; empty: the study had none, and it is told in every study.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.alertpolicy",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["delivered", "expired", "open", "seen"])),
                        fields=["participant"],
                        name="alert_unanswered",
                    ),
                    models.Index(
                        condition=models.Q(("escalate_at__isnull", False)),
                        fields=["escalate_at"],
                        name="alert_escalation_due",
                    ),
                    models.Index(
                        condition=models.Q(("lapses_at__isnull", False)), fields=["lapses_at"], name="alert_lapse_due"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("condition", "")),
                        fields=("participant", "kind", "fact_root", "grade", "urgency"),
                        name="alert_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("condition", ""), _negated=True),
                        fields=("participant", "condition", "kind", "fact_root"),
                        name="alert_condition_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "delivered",
                                    "seen",
                                    "acknowledged",
                                    "acted_on",
                                    "resolved",
                                    "withdrawn",
                                    "expired",
                                ],
                            )
                        ),
                        name="alert_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at", None), ("acknowledged_by", None)),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="alert_acknowledged_at_with_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConditionCheck",
            fields=[
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="condition_check",
                        serialize=False,
                        to="regimens.participant",
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                ("met_until", models.DateTimeField()),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.alertpolicy",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("at__isnull", False)), fields=["at"], name="condition_check_due")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ContactTest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tests", to="grading.contact"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="contacttest_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="contacttest_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="contacttest_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="contacttest_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="contacttest_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CurrentState",
            fields=[
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="current_state",
                        serialize=False,
                        to="regimens.participant",
                    ),
                ),
                ("ward", models.CharField(blank=True, max_length=40)),
                ("bed", models.CharField(blank=True, max_length=20)),
                ("dose_number", models.PositiveSmallIntegerField(null=True)),
                ("dose_at", models.DateTimeField(null=True)),
                ("dose_ended_at", models.DateTimeField(null=True)),
                ("vitals_at", models.DateTimeField(null=True)),
                ("vitals", models.JSONField(default=dict, help_text="The newest set, as shown on the board.")),
                ("neuro_at", models.DateTimeField(null=True)),
                ("neuro", models.JSONField(default=dict)),
                ("crs_grade", models.SmallIntegerField(null=True)),
                ("crs_at_least", models.SmallIntegerField(null=True)),
                ("crs_at_most", models.SmallIntegerField(null=True)),
                ("crs_flags", models.JSONField(default=list)),
                ("crs_episode_since", models.DateTimeField(null=True)),
                ("icans_grade", models.SmallIntegerField(null=True)),
                ("icans_at_least", models.SmallIntegerField(null=True)),
                ("icans_at_most", models.SmallIntegerField(null=True)),
                ("icans_episode_since", models.DateTimeField(null=True)),
                (
                    "vitals_due_at",
                    models.DateTimeField(help_text="Of the first slot after the last look, over or not.", null=True),
                ),
                ("neuro_due_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(blank=True, help_text="How observation ended; empty: it goes on.", max_length=12),
                ),
                ("fold", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
                (
                    "step",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.step"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.doseperiod",
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DrillMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("webhook", "webhook"),
                            ("gateway", "gateway"),
                            ("push", "push to a browser"),
                        ],
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grading.contact"
                    ),
                ),
                (
                    "drill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="grading.drill"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="drillmessage_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="drillmessage_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="drillmessage_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="drillmessage_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="drillmessage_sending_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel", "email"),
                            models.Q(("channel__in", ["gateway", "push"]), ("contact__isnull", False)),
                            _connector="OR",
                        ),
                        name="drill_message_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelOutage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("webhook", "webhook"),
                            ("gateway", "gateway"),
                            ("push", "push to a browser"),
                        ],
                        max_length=8,
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, help_text="Code of the last one.", max_length=200)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channel_troubles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="troubles",
                        to="grading.contact",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="troubles",
                        to="grading.endpoint",
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at", None)),
                        fields=("channel", "endpoint", "recipient", "contact"),
                        name="channel_trouble_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TreatmentEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.treatmentend",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="grading.treatment"
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_treatmente_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_treatmentend_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="grading.contact"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="contactnote_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="contactnote_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="contactnote_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="contactnote_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="contactnote_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.TextField(editable=False)),
                ("browser", models.CharField(editable=False, max_length=64)),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="push", to="grading.contact"
                    ),
                ),
                ("gone_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["browser"], name="push_browser")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="TreatmentCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.treatmentcheck",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="grading.treatment"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_treatmentc_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_treatmentcheck_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Packet",
            fields=[
                (
                    "cut",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="packet",
                        serialize=False,
                        to="grading.datacut",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "being made"),
                            ("done", "ready"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                (
                    "not_before",
                    models.DateTimeField(help_text="By then all that was on its way at the cut has arrived."),
                ),
                ("claimed_until", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("steps_in_all", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("size", models.BigIntegerField(help_text="Bytes.", null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("problem", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("size__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="packet_done_has_its_hash",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="grading.alert"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("webhook", "webhook"),
                            ("gateway", "gateway"),
                            ("push", "push to a browser"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "revived_because",
                    models.CharField(blank=True, help_text="Why it was queued again or let go.", max_length=200),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("page", "page"), ("stand_down", "stand-down")], default="page", max_length=10
                    ),
                ),
                ("occurrence", models.PositiveSmallIntegerField(default=1)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered"),
                            ("treatment", "treatment"),
                            ("at_bedside", "at_bedside"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("over", "over"),
                        ],
                        max_length=10,
                    ),
                ),
                ("by_role", models.CharField(blank=True, max_length=20)),
                ("drug_class", models.CharField(blank=True, max_length=16)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="grading.alert"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.contact",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.endpoint",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="delivery_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="delivery_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="delivery_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="delivery_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_sending_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by_role", ""), ("drug_class", ""), ("purpose", "page"), ("why", "")),
                            models.Q(
                                ("purpose", "stand_down"),
                                ("why__in", ["answered", "treatment", "at_bedside", "declined", "withdrawn", "over"]),
                            ),
                            _connector="OR",
                        ),
                        name="stand_down_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "email"), ("endpoint", None), ("recipient__isnull", False)),
                            models.Q(
                                ("channel", "webhook"),
                                ("contact", None),
                                ("endpoint__isnull", False),
                                ("recipient", None),
                            ),
                            models.Q(
                                ("channel__in", ["gateway", "push"]),
                                ("contact__isnull", False),
                                ("endpoint", None),
                                ("recipient__isnull", False),
                            ),
                            models.Q(
                                ("channel", "gateway"),
                                ("contact", None),
                                ("endpoint__isnull", False),
                                ("recipient", None),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occurrence",
                    models.PositiveSmallIntegerField(
                        help_text="1 when the alert was raised; again after a lapsed answer."
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), help_text="Keys of the people who were told.", size=None
                    ),
                ),
                (
                    "passed_over",
                    models.JSONField(default=list, help_text="Who had the role and counts as nobody: key and why."),
                ),
                ("at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="grading.alert"
                    ),
                ),
                (
                    "on_call_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        help_text="Empty: the study has no escalation steps.",
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("alert", "occurrence", "number"), name="escalation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("over", models.BooleanField(default=False)),
                (
                    "trouble",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="grading.channeloutage"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                        fields=["next_try_at"],
                        name="operatornote_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                        ),
                        name="operatornote_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                            models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="operatornote_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                            _connector="OR",
                        ),
                        name="operatornote_delivered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="operatornote_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[("treatment", "treatment"), ("at_bedside", "at_bedside"), ("declined", "declined")],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("because", models.CharField(blank=True, max_length=200)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="grading.alert"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.treatment",
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "declined"), _negated=True),
                            models.Q(("because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declined_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PacketPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="grading.packet"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("packet", "number"), name="packet_part_once")],
            },
        ),
        migrations.RunSQL(SEALED + CHECKED_BY_ANOTHER + CUTS, migrations.RunSQL.noop),
    ]
