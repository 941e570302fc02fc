"""A call says who had its duty and could not be called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0021_unreviewed")]

    operations = [
        migrations.AddField(
            model_name="alertcall",
            name="passed_over",
            field=models.JSONField(default=list, help_text="Who had the duty and counts as nobody: key and why."),
        ),
    ]
