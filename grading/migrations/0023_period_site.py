"""A dose period keeps the site that it happened at: today's, for those that are there."""

import django.db.models.deletion
from django.db import migrations, models


def site(**options: bool) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site", **options
    )


class Migration(migrations.Migration):
    dependencies = [("grading", "0022_passed_over"), ("regimens", "0016_transfer")]

    operations = [
        migrations.AddField("doseperiod", "site", site(null=True)),
        migrations.RunSQL(
            """
            UPDATE grading_doseperiod p SET site_id = q.site_id FROM regimens_participant q WHERE q.id = p.participant_id;
            SET CONSTRAINTS ALL IMMEDIATE;  -- what is deferred would keep the table from being altered
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("doseperiod", "site", site()),
    ]
