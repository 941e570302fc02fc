"""A version of a threshold policy beside the one in force, told to nobody: audited; what it makes is derived."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_silentrun', 'study', 'study_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0029_packets_in_stores"),
        ("regimens", "0017_limiting_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SilentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("begun_because", models.CharField(max_length=500)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(blank=True, max_length=500)),
                ("fell_out", models.CharField(blank=True, max_length=16)),
                (
                    "against",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.alertpolicy",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="silent_runs",
                        to="grading.alertpolicy",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="silent_runs", to="regimens.study"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SilentCourse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("computed_at", models.DateTimeField()),
                ("mark", models.CharField(max_length=120)),
                ("next_at", models.DateTimeField(null=True)),
                ("content", models.JSONField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.participant"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="grading.silentrun"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="silentrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("study",), name="silent_run_one_of_a_study"
            ),
        ),
        migrations.AddConstraint(
            model_name="silentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("begun_because", ""), _negated=True), name="silent_run_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="silentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("against", None), models.Q(("against", models.F("policy")), _negated=True), _connector="OR"
                ),
                name="silent_run_is_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="silentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__gte", models.F("begun_at"))), name="silent_run_ends_after"
            ),
        ),
        migrations.AddConstraint(
            model_name="silentrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_because", ""), ("ended_by", None), ("fell_out", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("fell_out", ""),
                        models.Q(("ended_because", ""), _negated=True),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_because", ""),
                        ("ended_by", None),
                        ("fell_out__in", ["in_force", "replaced", "edited", "unreadable"]),
                    ),
                    _connector="OR",
                ),
                name="silent_run_end_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="silentcourse",
            constraint=models.UniqueConstraint(fields=("run", "participant"), name="silent_course_once"),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
