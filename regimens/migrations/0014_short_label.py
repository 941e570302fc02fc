"""The label of a step as exports hold it, where its own is longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regimens", "0013_baseline_vasopressors")]

    operations = [
        migrations.AddField(
            "step",
            "short_label",
            models.CharField(
                max_length=40,
                blank=True,
                default="",
                help_text="In exports, where the label has more than 40 characters.",
            ),
            preserve_default=False,
        ),
    ]
