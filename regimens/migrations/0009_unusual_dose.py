"""A study dose far from the planned one is typed again with a reason, and keeps both."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def text_list(**options):
    """As regimens.facts.text_list was."""
    return ArrayField(models.CharField(max_length=60), **options)


class Migration(migrations.Migration):
    dependencies = [("regimens", "0008_clearance")]

    operations = [
        migrations.AddField(model_name="dose", name="retyped", field=text_list(blank=True, default=list)),
        migrations.AddField(
            model_name="dose",
            name="because",
            field=models.CharField(blank=True, help_text="Why an unusual dose was given.", max_length=300),
        ),
        migrations.AddField(
            model_name="dose",
            name="unusual",
            field=text_list(blank=True, default=list, help_text="What was unusual about it: written by the server."),
        ),
    ]
