"""Messages of before a restore wait for a decision; workers' machines say what time they believe it to be."""

from django.db import migrations, models

DECIDED_WHEN = models.Q(decision="", decided_at=None) | models.Q(
    decision__in=("released", "discarded"), decided_at__isnull=False
)


class Migration(migrations.Migration):
    dependencies = [("grading", "0006_invitations")]

    operations = [
        migrations.CreateModel(
            name="OutboxHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("released", "released"), ("discarded", "discarded")], max_length=9
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=DECIDED_WHEN, name="outbox_hold_decided_when")],
            },
        ),
        migrations.AlterField("Heartbeat", "name", models.CharField(max_length=80, primary_key=True, serialize=False)),
        migrations.AddField("Heartbeat", "clock_offset", models.DurationField(null=True)),
        migrations.RunSQL("SELECT audit_attach('grading_outboxhold', 'outbox_hold', 'id')", migrations.RunSQL.noop),
    ]
