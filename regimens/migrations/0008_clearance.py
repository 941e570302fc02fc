"""Up to which step a study has cleared a cohort: said once, by whom and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0007_release"),
        ("audit", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CohortClearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cohort", models.CharField(max_length=20)),
                ("step", models.CharField(max_length=120)),
                ("because", models.TextField()),
                ("cleared_at", models.DateTimeField()),
                (
                    "cleared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="regimens.study",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["study", "cohort", "-cleared_at"], name="clearance_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="clearance_says_why"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "SELECT audit_attach('regimens_cohortclearance', 'study', 'study_id')",
            migrations.RunSQL.noop,
        ),
    ]
