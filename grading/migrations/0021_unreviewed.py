"""An alert whose drug was recorded waits for an investigator to look."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0020_lanes")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="unreviewed_since",
            field=models.DateTimeField(
                blank=True, help_text="Its drug was recorded, and no investigator has looked yet.", null=True
            ),
        ),
    ]
