"""A study may be blinded: outside the ward nothing tells what a participant is given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0012_cohort_changes"),
    ]

    operations = [
        migrations.AddField("study", "blinded", models.BooleanField(db_default=False, default=False)),
    ]
