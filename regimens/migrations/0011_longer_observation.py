"""How long an earlier grade has a dose observed is kept with it; empty: no longer than its step says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regimens", "0010_unusual_weight")]

    operations = [
        migrations.AddField(
            model_name="dose",
            name="longer_h",
            field=models.PositiveSmallIntegerField(
                editable=False,
                help_text="Hours of observation that earlier grades ask for with this dose: written by the server.",
                null=True,
            ),
        ),
    ]
