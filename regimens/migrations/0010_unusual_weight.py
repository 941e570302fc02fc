"""A weight far from the one before it is typed again with a reason, and keeps both."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def text_list(**options):
    """As regimens.facts.text_list was."""
    return ArrayField(models.CharField(max_length=60), **options)


class Migration(migrations.Migration):
    dependencies = [("regimens", "0009_unusual_dose")]

    operations = [
        migrations.AddField(model_name="measurement", name="retyped", field=text_list(blank=True, default=list)),
        migrations.AddField(
            model_name="measurement",
            name="because",
            field=models.CharField(blank=True, help_text="Why an unusual weight is right.", max_length=300),
        ),
        migrations.AddField(
            model_name="measurement",
            name="unusual",
            field=text_list(blank=True, default=list, help_text="What was unusual about it: written by the server."),
        ),
    ]
