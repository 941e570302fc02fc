"""Every planned slot of a dose period with what became of it, for the data set of slots: `manage.py rederive` fills it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0019_takeover")]

    operations = [
        migrations.AddField(
            "DosePeriod",
            "slot_times",
            models.JSONField(default=dict, help_text="Every slot that is planned: see slots.py too."),
        ),
    ]
