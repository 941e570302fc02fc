"""How far from its time a look still counts, how a plan tightens, and the facts that end a window."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEAL = """
SELECT fact_seal('regimens_excuse');
SELECT fact_seal('regimens_windowclosed');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0004_document"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="regimen",
            name="grace_minutes",
            field=models.PositiveSmallIntegerField(
                default=30, help_text="How many minutes before or after it is due an observation is on time."
            ),
        ),
        migrations.AddField(
            model_name="regimen",
            name="tightening",
            field=models.JSONField(
                blank=True,
                help_text="Shorter intervals after a trigger, as in regimens/rules/tightening.py; null: none.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="Excuse",
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
                    "look",
                    models.CharField(choices=[("vitals", "vital signs"), ("neuro", "neuro assessment")], max_length=6),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("asleep", "asleep"),
                            ("refused", "refused"),
                            ("off_ward", "off the ward"),
                            ("equipment", "equipment"),
                            ("clinician_request", "clinician's request"),
                        ],
                        max_length=20,
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
                        to="regimens.excuse",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_excuse_course")],
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
                        name="regimens_excuse_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("look__in", ["vitals", "neuro"])), name="excuse_look_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("because__in", ["asleep", "refused", "off_ward", "equipment", "clinician_request"])
                        ),
                        name="excuse_because_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("because", "asleep"), ("look", "neuro"), _negated=True),
                        name="excuse_not_asleep_for_neuro",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowClosed",
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
                ("complete", models.BooleanField()),
                ("because", models.TextField(blank=True)),
                ("signed", models.BooleanField(default=False)),
                ("missed", models.PositiveSmallIntegerField(editable=False)),
                (
                    "dose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="regimens.dose"
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
                        to="regimens.windowclosed",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_windowclos_course")],
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
                        name="regimens_windowclosed_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("complete", True), ("missed", 0)),
                            models.Q(("complete", False), models.Q(("because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="window_complete_or_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SEAL, migrations.RunSQL.noop),
    ]
