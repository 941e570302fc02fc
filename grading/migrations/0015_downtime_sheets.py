"""Sheets on paper, made ahead."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0014_web_push"),
        ("regimens", "0015_from_paper"),
    ]

    operations = [
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
            },
        ),
    ]
