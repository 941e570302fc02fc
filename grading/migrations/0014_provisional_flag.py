"""A longer flag opens a provisional episode: no temperature beside hypotension or hypoxia."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0013_retold")]

    operations = [
        migrations.AlterField(
            model_name="episode",
            name="provisional",
            field=models.CharField(blank=True, help_text="The flag that opened it; empty: definite.", max_length=60),
        ),
    ]
