"""Which records were compared with their source, and by which plan."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_sourcecheck', 'participant', 'participant_id');
SELECT audit_attach('grading_sourceplan', 'study', 'study_id');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_sourcecheck
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_sourceplan
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0031_blinding_managers"),
        ("regimens", "0018_review_sample"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("root", models.UUIDField()),
                ("version", models.UUIDField()),
                ("field", models.CharField(blank=True, max_length=40)),
                ("holds", models.BooleanField(default=True)),
                ("because", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="source_checks",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "comparison with the source",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("holds", True), models.Q(("because", ""), _negated=True), _connector="OR"),
                        name="source_check_taken_back_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourcePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grade_from", models.PositiveSmallIntegerField(null=True)),
                ("every_nth", models.PositiveSmallIntegerField(null=True)),
                ("percent", models.PositiveSmallIntegerField(null=True)),
                ("seed", models.CharField(blank=True, max_length=40)),
                ("because", models.TextField()),
                ("at", models.DateTimeField()),
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
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="source_plans", to="regimens.study"
                    ),
                ),
            ],
            options={
                "verbose_name": "plan of source data verification",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grade_from", None), ("grade_from__range", (1, 5)), _connector="OR"),
                            models.Q(("every_nth", None), ("every_nth__gte", 1), _connector="OR"),
                            models.Q(
                                ("percent", None),
                                models.Q(("percent__range", (1, 100)), models.Q(("seed", ""), _negated=True)),
                                _connector="OR",
                            ),
                        ),
                        name="source_plan_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="source_plan_says_why"
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
