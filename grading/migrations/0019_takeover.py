"""Who took a participant over, and having read what."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_takeover', 'participant', 'participant_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0018_looks_at_dose"),
        ("regimens", "0015_from_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Takeover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("read_as_of", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="takeovers", to="regimens.participant"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["participant", "-read_as_of"], name="takeover_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("participant", "by", "read_as_of"), name="takeover_once"),
                    models.CheckConstraint(
                        condition=models.Q(("read_as_of__lte", models.F("at"))), name="takeover_read_before"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by", None), models.Q(("given_by", models.F("by")), _negated=True), _connector="OR"
                        ),
                        name="takeover_from_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
