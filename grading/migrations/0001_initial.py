"""Observations, alerts and what is derived. Facts are written once; policies, alerts, the rota, contacts and endpoints are
audited. Projections and deliveries are neither.
"""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
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
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("regimens", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("name", models.CharField(max_length=220, primary_key=True, serialize=False)),
                ("waits", models.PositiveSmallIntegerField(default=0)),
                ("open_at", models.DateTimeField()),
                ("tried_until", models.DateTimeField(null=True)),
            ],
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
            ],
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
        ),
        migrations.AddField(
            model_name="alert",
            name="policy",
            field=models.ForeignKey(
                blank=True,
                help_text="In force when it was raised; empty: the study had none, and it is told in every study.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grading.alertpolicy",
            ),
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
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
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
            ],
            options={
                "abstract": False,
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
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(choices=[("email", "e-mail"), ("gateway", "gateway")], max_length=8)),
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
                ("crs_final_any", models.BooleanField(null=True)),
                ("crs_final_carried", models.BooleanField(null=True)),
                ("crs_final_episodes", models.PositiveSmallIntegerField(null=True)),
                ("crs_final_recurrent", models.BooleanField(null=True)),
                ("crs_final_grade", models.SmallIntegerField(null=True)),
                ("crs_final_peak", models.SmallIntegerField(null=True)),
                (
                    "crs_adjusted",
                    models.BooleanField(help_text="The final grade is another than the computed one.", null=True),
                ),
                (
                    "crs_unjudged",
                    models.BooleanField(help_text="A provisional episode bears on it that nobody judged.", null=True),
                ),
                (
                    "crs_judge_again",
                    models.BooleanField(help_text="An episode is worse than when it was judged.", null=True),
                ),
                ("crs_final_onset_at", models.DateTimeField(null=True)),
                ("crs_final_max_at", models.DateTimeField(null=True)),
                ("crs_final_resolved_at", models.DateTimeField(null=True)),
                ("crs_final_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_final_first_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("crs_final_ongoing", models.BooleanField(null=True)),
                ("icans_final_any", models.BooleanField(null=True)),
                ("icans_final_grade", models.SmallIntegerField(null=True)),
                ("icans_judge_again", models.BooleanField(null=True)),
                ("icans_final_onset_at", models.DateTimeField(null=True)),
                ("icans_final_duration_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "judged_at",
                    models.DateTimeField(help_text="When an episode of the participant was judged last.", null=True),
                ),
                ("temperature_max_c", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("temperature_max_at", models.DateTimeField(null=True)),
                ("sbp_min", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("dbp_min", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("mean_pressure_min", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("heart_rate_max", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("respiratory_rate_max", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("spo2_min", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("oxygen_level_max", models.PositiveSmallIntegerField(null=True)),
                ("oxygen_flow_max_l_min", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("vasopressors_max", models.PositiveSmallIntegerField(null=True)),
                ("vasopressin_given", models.BooleanField(null=True)),
                ("bolus_given", models.BooleanField(null=True)),
                ("tocilizumab_doses", models.PositiveSmallIntegerField(default=0)),
                ("tocilizumab_mg", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("tocilizumab_first_at", models.DateTimeField(null=True)),
                ("tocilizumab_prophylaxis", models.BooleanField(default=False)),
                ("steroid_dexamethasone_mg", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("steroid_first_at", models.DateTimeField(null=True)),
                ("steroid_premedication", models.BooleanField(default=False)),
                ("steroid_premedication_mg", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
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
                ("started_local", models.CharField(blank=True, max_length=25)),
                ("ended_local", models.CharField(blank=True, max_length=25)),
                ("dose_ended_local", models.CharField(blank=True, max_length=25)),
                ("crs_onset_local", models.CharField(blank=True, max_length=25)),
                ("crs_resolved_local", models.CharField(blank=True, max_length=25)),
                ("study_day", models.SmallIntegerField(help_text="1: the date of the first dose given.", null=True)),
                ("length_h", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "delay_h",
                    models.DecimalField(
                        decimal_places=2, help_text="Actual minus planned start.", max_digits=9, null=True
                    ),
                ),
                (
                    "is_restart",
                    models.BooleanField(default=False, help_text="A dose of a later step was given before."),
                ),
                (
                    "release_deviation",
                    models.CharField(
                        blank=True,
                        help_text="As if the regimen had rules on file: regimens/rules/releases.py.",
                        max_length=12,
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
            ],
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
                        choices=[("email", "e-mail"), ("webhook", "webhook"), ("gateway", "gateway")], max_length=8
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
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(blank=True, max_length=500)),
                ("secret", models.CharField(blank=True, max_length=80)),
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
            ],
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
                        choices=[("email", "e-mail"), ("webhook", "webhook"), ("gateway", "gateway")], max_length=8
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
            },
        ),
        migrations.CreateModel(
            name="ChannelOutage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("webhook", "webhook"), ("gateway", "gateway")], max_length=8
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
                    "duties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        help_text="Empty: the study has no ladder.",
                        size=None,
                    ),
                ),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), help_text="Keys of the people who were told.", size=None
                    ),
                ),
                (
                    "passed_over",
                    models.JSONField(default=list, help_text="Who had the duty and counts as nobody: key and why."),
                ),
                ("at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="grading.alert"
                    ),
                ),
            ],
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
                    "duty",
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
            ],
            options={
                "ordering": ["position"],
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
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
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
            ],
            options={
                "abstract": False,
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
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
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
            ],
            options={
                "abstract": False,
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
        ),
        migrations.CreateModel(
            name="RotaShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "duty",
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
            ],
            options={
                "ordering": ["starts_at", "duty"],
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
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
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
            ],
            options={
                "abstract": False,
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
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
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
            ],
            options={
                "abstract": False,
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
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
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
            ],
            options={
                "verbose_name_plural": "vital signs",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="alertpolicy",
            constraint=models.UniqueConstraint(fields=("study", "version"), name="policy_version_once"),
        ),
        migrations.AddConstraint(
            model_name="alertpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_force_from__isnull", False),
                    models.Q(("approved_because", ""), ("approved_by", None)),
                    _connector="OR",
                ),
                name="policy_draft_is_not_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None), models.Q(("approved_because", ""), _negated=True), _connector="OR"
                ),
                name="policy_approval_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("drafted_by", None),
                    ("approved_by", None),
                    models.Q(("drafted_by", models.F("approved_by")), _negated=True),
                    _connector="OR",
                ),
                name="policy_two_people",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("state__in", ["delivered", "expired", "open", "seen"])),
                fields=["participant"],
                name="alert_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("escalate_at__isnull", False)), fields=["escalate_at"], name="alert_escalation_due"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("lapses_at__isnull", False)), fields=["lapses_at"], name="alert_lapse_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("condition", "")),
                fields=("participant", "kind", "fact_root", "grade", "urgency"),
                name="alert_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("condition", ""), _negated=True),
                fields=("participant", "condition", "kind", "fact_root"),
                name="alert_condition_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["open", "delivered", "seen", "acknowledged", "acted_on", "resolved", "withdrawn", "expired"],
                    )
                ),
                name="alert_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at", None), ("acknowledged_by", None)),
                    models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                    _connector="OR",
                ),
                name="alert_acknowledged_at_with_by",
            ),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["participant", "observed_at"], name="gradin_attributio_course"),
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sign__in", ["fever", "hypotension", "hypoxia", "consciousness", "seizure", "motor", "oedema"])
                ),
                name="attribution_sign_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("cause", ""), _negated=True), models.Q(("because", ""), _negated=True)),
                name="attribution_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gt", models.F("observed_at")), _connector="OR"),
                name="attribution_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.UniqueConstraint(fields=("participant", "at"), name="checkpoint_once"),
        ),
        migrations.AddIndex(
            model_name="conditioncheck",
            index=models.Index(condition=models.Q(("at__isnull", False)), fields=["at"], name="condition_check_due"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("user", "channel", "address"), name="contact_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "gateway"])), name="contact_channel_known"
            ),
        ),
        migrations.AddIndex(
            model_name="contacttest",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                fields=["next_try_at"],
                name="contacttest_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="contacttest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                ),
                name="contacttest_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contacttest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                    models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="contacttest_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="contacttest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                    models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                    _connector="OR",
                ),
                name="contacttest_delivered_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="contacttest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_until__isnull", False), _connector="OR"
                ),
                name="contacttest_sending_has_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="doseperiod",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("participant", "dose_number"),
                name="dose_period_number_once",
            ),
        ),
        migrations.AddIndex(
            model_name="drillmessage",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                fields=["next_try_at"],
                name="drillmessage_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="drillmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                ),
                name="drillmessage_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="drillmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                    models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="drillmessage_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="drillmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                    models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                    _connector="OR",
                ),
                name="drillmessage_delivered_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="drillmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_until__isnull", False), _connector="OR"
                ),
                name="drillmessage_sending_has_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="drillmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel", "email"), models.Q(("channel", "gateway"), ("contact__isnull", False)), _connector="OR"
                ),
                name="drill_message_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("gateway", ""), models.Q(("url", ""), _negated=True), models.Q(("secret", ""), _negated=True)
                    ),
                    models.Q(models.Q(("gateway", ""), _negated=True), ("secret", ""), ("url", "")),
                    _connector="OR",
                ),
                name="endpoint_webhook_or_gateway",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                fields=["next_try_at"],
                name="delivery_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                ),
                name="delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                    models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="delivery_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                    models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                    _connector="OR",
                ),
                name="delivery_delivered_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_until__isnull", False), _connector="OR"
                ),
                name="delivery_sending_has_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "email"), ("endpoint", None), ("recipient__isnull", False)),
                    models.Q(
                        ("channel", "webhook"), ("contact", None), ("endpoint__isnull", False), ("recipient", None)
                    ),
                    models.Q(
                        ("channel", "gateway"),
                        ("contact__isnull", False),
                        ("endpoint", None),
                        ("recipient__isnull", False),
                    ),
                    models.Q(
                        ("channel", "gateway"), ("contact", None), ("endpoint__isnull", False), ("recipient", None)
                    ),
                    _connector="OR",
                ),
                name="delivery_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="channeloutage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at", None)),
                fields=("channel", "endpoint", "recipient", "contact"),
                name="channel_trouble_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.UniqueConstraint(
                fields=("participant", "kind", "root", "provisional"), name="episode_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(fields=("alert", "occurrence", "number"), name="escalation_once"),
        ),
        migrations.AddConstraint(
            model_name="escalationstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("study", "site", "position"),
                name="escalation_step_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "duty__in",
                        ["assigned_nurse", "charge_nurse", "on_call_investigator", "back_up", "principal_investigator"],
                    )
                ),
                name="escalation_step_duty_known",
            ),
        ),
        migrations.AddIndex(
            model_name="grade",
            index=models.Index(fields=["participant", "-observed_at"], name="grading_grade_course"),
        ),
        migrations.AddIndex(
            model_name="gradeassessment",
            index=models.Index(fields=["participant", "observed_at"], name="gradin_gradeasses_course"),
        ),
        migrations.AddConstraint(
            model_name="gradeassessment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="gradeassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["set", "episode"])), name="assessment_about_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="gradeassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["crs", "icans"])), name="assessment_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="gradeassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ledger__in", ["nurse", "investigator", "central"])), name="assessment_ledger_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="gradeassessment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddIndex(
            model_name="neuroassessment",
            index=models.Index(fields=["participant", "observed_at"], name="gradin_neuroasses_course"),
        ),
        migrations.AddConstraint(
            model_name="neuroassessment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddIndex(
            model_name="operatornote",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                fields=["next_try_at"],
                name="operatornote_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="operatornote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                ),
                name="operatornote_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="operatornote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                    models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="operatornote_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="operatornote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                    models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                    _connector="OR",
                ),
                name="operatornote_delivered_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="operatornote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_until__isnull", False), _connector="OR"
                ),
                name="operatornote_sending_has_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonetree",
            constraint=models.UniqueConstraint(fields=("study", "site"), name="phone_tree_once", nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name="rotashift",
            index=models.Index(
                condition=models.Q(("called_off", False)), fields=["study", "site", "ends_at"], name="shift_now"
            ),
        ),
        migrations.AddConstraint(
            model_name="rotashift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="rotashift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "duty__in",
                        ["assigned_nurse", "charge_nurse", "on_call_investigator", "back_up", "principal_investigator"],
                    )
                ),
                name="shift_duty_known",
            ),
        ),
        migrations.AddIndex(
            model_name="treatment",
            index=models.Index(fields=["participant", "observed_at"], name="gradin_treatment_course"),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordered_at", None), ("ordered_at__lte", models.F("observed_at")), _connector="OR"),
                name="treatment_ordered_before_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("indication__in", ["crs", "icans", "premedication", "prophylaxis", "other"])),
                name="treatment_indication_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "declined"), _negated=True),
                    models.Q(("because", ""), _negated=True),
                    _connector="OR",
                ),
                name="declined_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="treatmentend",
            index=models.Index(fields=["participant", "observed_at"], name="gradin_treatmente_course"),
        ),
        migrations.AddConstraint(
            model_name="treatmentend",
            constraint=models.CheckConstraint(
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
            ),
        ),
        migrations.AddIndex(
            model_name="vitalsigns",
            index=models.Index(fields=["participant", "observed_at"], name="gradin_vitalsigns_course"),
        ),
        migrations.AddConstraint(
            model_name="vitalsigns",
            constraint=models.CheckConstraint(
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
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
