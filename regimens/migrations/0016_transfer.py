"""A participant moves to another site by a record of its own, written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key(to: str, name: str = "+") -> "models.ForeignKey[object, object]":
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0015_despite_gate"),
        ("audit", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("because", models.TextField()),
                ("from_site", key("regimens.site")),
                ("participant", key("regimens.participant", "transfers")),
                ("recorded_by", key(settings.AUTH_USER_MODEL)),
                ("to_site", key("regimens.site")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="transfer_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_site", models.F("to_site")), _negated=True),
                        name="transfer_goes_elsewhere",
                    ),
                    models.UniqueConstraint(fields=("participant", "at"), name="transfer_one_at_a_time"),
                ],
            },
        ),
        migrations.RunSQL(
            "SELECT audit_attach('regimens_transfer', 'participant', 'participant_id')",
            migrations.RunSQL.noop,
        ),
    ]
