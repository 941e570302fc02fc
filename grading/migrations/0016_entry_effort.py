"""What entering something took."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0015_downtime_sheets"),
        ("regimens", "0015_from_paper"),
    ]

    operations = [
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
        ),
    ]
