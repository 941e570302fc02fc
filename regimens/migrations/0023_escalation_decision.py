"""What was decided of the next rung of a ladder, beside what had been recommended: written once."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('regimens_escalationdecision', 'study', 'study_id');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_escalationdecision
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0022_designed_regimens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EscalationDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("current", models.CharField(max_length=500)),
                ("rung", models.CharField(blank=True, max_length=500)),
                ("recommended", models.CharField(blank=True, max_length=500)),
                ("reason", models.TextField()),
                ("cut", models.DateTimeField()),
                ("facts_sha256", models.CharField(max_length=64)),
                ("answer_sha256", models.CharField(max_length=64)),
                ("engine", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "clearance",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalation_decision",
                        to="regimens.cohortclearance",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "regimen",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.regimen",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalation_decisions",
                        to="regimens.study",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="regimens.designversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["study", "-at"], name="escalation_decision_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="escalation_decision_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cut__lte", models.F("at"))), name="escalation_decision_known_then"
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
