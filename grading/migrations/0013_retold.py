"""What a late entry or a correction made different is kept beside it: a fact sent again gets the first answer."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0012_pack_approval"),
        ("regimens", "0008_clearance"),
    ]

    operations = [
        migrations.CreateModel(
            name="Retold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("changes", models.JSONField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retold",
                        to="regimens.participant",
                    ),
                ),
            ],
        ),
        migrations.RunSQL("SELECT fact_seal('grading_retold')", migrations.RunSQL.noop),
    ]
