"""Why a dose was given although the gate did not say go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regimens", "0014_short_label")]

    operations = [
        migrations.AddField(
            "dose",
            "despite_gate",
            models.CharField(
                max_length=300,
                blank=True,
                default="",
                help_text="Why it was given although the gate did not say go.",
            ),
            preserve_default=False,
        ),
    ]
