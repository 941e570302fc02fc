"""An episode as an adverse event: report, narrative and assignment to central review, each written once."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT fact_seal('grading_eventreport');
SELECT fact_seal('grading_episodenarrative');
SELECT fact_seal('grading_reviewassignment');
CREATE TRIGGER period_changed AFTER INSERT ON grading_eventreport
    FOR EACH ROW EXECUTE FUNCTION period_changed('participant_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0002_shift_ended_by_ward"),
        ("grading", "0024_intake"),
        ("regimens", "0017_limiting_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EpisodeNarrative",
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
                ("kind", models.CharField(choices=[("crs", "CRS"), ("icans", "ICANS")], max_length=9)),
                ("about_root", models.UUIDField()),
                ("language", models.CharField(max_length=10)),
                ("text", models.TextField()),
                ("sentences", models.JSONField(default=list)),
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
                        to="grading.episodenarrative",
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
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_episodenar_course")],
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
                        name="grading_episodenarrative_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["crs", "icans"])), name="narrative_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="narrative_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventReport",
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
                ("kind", models.CharField(choices=[("crs", "CRS"), ("icans", "ICANS")], max_length=9)),
                ("about_root", models.UUIDField()),
                ("serious", models.BooleanField(blank=True, null=True)),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RECOVERED/RESOLVED", "recovered"),
                            ("RECOVERED/RESOLVED WITH SEQUELAE", "recovered with sequelae"),
                            ("RECOVERING/RESOLVING", "recovering"),
                            ("NOT RECOVERED/NOT RESOLVED", "not recovered"),
                            ("FATAL", "fatal"),
                            ("UNKNOWN", "unknown"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DOSE NOT CHANGED", "dose not changed"),
                            ("DRUG INTERRUPTED", "drug interrupted"),
                            ("DOSE REDUCED", "dose reduced"),
                            ("DOSE INCREASED", "dose increased"),
                            ("DRUG WITHDRAWN", "drug withdrawn"),
                            ("NOT APPLICABLE", "not applicable"),
                            ("UNKNOWN", "unknown"),
                        ],
                        max_length=20,
                    ),
                ),
                ("next_dose_delayed", models.BooleanField(blank=True, null=True)),
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
                        to="grading.eventreport",
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
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_eventrepor_course")],
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
                        name="grading_eventreport_corrected_with_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["crs", "icans"])), name="event_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "",
                                    "RECOVERED/RESOLVED",
                                    "RECOVERED/RESOLVED WITH SEQUELAE",
                                    "RECOVERING/RESOLVING",
                                    "NOT RECOVERED/NOT RESOLVED",
                                    "FATAL",
                                    "UNKNOWN",
                                ],
                            )
                        ),
                        name="event_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                [
                                    "",
                                    "DOSE NOT CHANGED",
                                    "DRUG INTERRUPTED",
                                    "DOSE REDUCED",
                                    "DOSE INCREASED",
                                    "DRUG WITHDRAWN",
                                    "NOT APPLICABLE",
                                    "UNKNOWN",
                                ],
                            )
                        ),
                        name="event_action_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("serious", True), ("serious__isnull", False), models.Q(("criteria", []), _negated=True)
                            ),
                            models.Q(("criteria", []), ("serious__isnull", True)),
                            models.Q(("criteria", []), ("serious", False)),
                            _connector="OR",
                        ),
                        name="event_serious_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewAssignment",
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
                ("kind", models.CharField(choices=[("crs", "CRS"), ("icans", "ICANS")], max_length=9)),
                ("about_root", models.UUIDField()),
                (
                    "why",
                    models.CharField(choices=[("assigned", "assigned"), ("sample", "random sample")], max_length=10),
                ),
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
                        to="grading.reviewassignment",
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
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_reviewassi_course")],
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
                        name="grading_reviewassignment_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["crs", "icans"])), name="review_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["assigned", "sample"])), name="review_reason_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("because", ""), _negated=True), name="review_says_why"),
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
