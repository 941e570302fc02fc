"""Queries about records: each step a row, in the trail of its participant; rows of ADCRSP count those that wait."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_dataquery', 'participant', 'participant_id');
SELECT audit_attach('grading_querystep', 'participant', 'participant_id');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_dataquery
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_querystep
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER period_changed AFTER INSERT ON grading_dataquery
    FOR EACH ROW EXECUTE FUNCTION period_changed('participant_id');
CREATE TRIGGER period_changed AFTER INSERT ON grading_querystep
    FOR EACH ROW EXECUTE FUNCTION period_changed('participant_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0026_intake_files_and_streams"),
        ("regimens", "0017_limiting_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataQuery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("root", models.UUIDField()),
                ("field", models.CharField(blank=True, max_length=40)),
                ("version", models.UUIDField()),
                ("about_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="queries", to="regimens.participant"
                    ),
                ),
            ],
            options={
                "verbose_name": "query",
            },
        ),
        migrations.CreateModel(
            name="QueryStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("move", models.CharField(max_length=8)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
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
                ("key", models.CharField(blank=True, max_length=60)),
                ("correction", models.UUIDField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.participant"
                    ),
                ),
                (
                    "query",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="grading.dataquery",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a query",
                "constraints": [
                    models.UniqueConstraint(fields=("query", "number"), name="query_step_follows_one"),
                    models.CheckConstraint(
                        condition=models.Q(("move__in", ["opened", "answered", "closed", "reopened"])),
                        name="query_move_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("move", "opened"), ("number", 1)),
                            models.Q(("number__gt", 1), models.Q(("move", "opened"), _negated=True)),
                            _connector="OR",
                        ),
                        name="query_begins_with_its_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("move__in", ["answered", "opened", "reopened"]), _negated=True),
                            _connector="OR",
                        ),
                        name="query_step_says_something",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
