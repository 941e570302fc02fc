"""Which sites take part in a study, also before anybody works there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regimens", "0003_facts_chained")]

    operations = [
        migrations.CreateModel(
            name="StudySite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_sites", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_sites", to="regimens.study"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "site"), name="study_site_once")],
            },
        ),
        migrations.RunSQL("SELECT audit_attach('regimens_studysite', 'study', 'study_id')", migrations.RunSQL.noop),
    ]
