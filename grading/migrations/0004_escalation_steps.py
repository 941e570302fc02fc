"""What the columns of the escalations say of themselves, in the words of docs/glossary.md. Nothing in the database changes."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0003_sealed_secrets")]

    operations = [
        migrations.AlterField(
            "Escalation",
            "on_call_roles",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24),
                help_text="Empty: the study has no escalation steps.",
                size=None,
            ),
        ),
    ]
