"""Alerts of conditions that no single rise of a grade makes, and when the next of them is due."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0010_drill"),
        ("regimens", "0007_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="NextCheck",
            fields=[
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="next_check",
                        serialize=False,
                        to="regimens.participant",
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                ("met_until", models.DateTimeField()),
                (
                    "pack",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grading.thresholdpack",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("at__isnull", False)), fields=["at"], name="next_check_due")
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="alert", name="alert_once"),
        migrations.AddField(
            model_name="alert",
            name="condition",
            field=models.CharField(
                blank=True, default="", help_text="Of the pack; empty: a grade rose.", max_length=32
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="alert",
            name="fact_root",
            field=models.UUIDField(help_text="The set at which the grade rose; the fact or slot a condition rests on."),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("condition", "")),
                fields=("participant", "kind", "fact_root", "grade"),
                name="alert_once",
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
    ]
