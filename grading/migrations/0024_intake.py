"""The review queue of imports. What was sent, and who let imports in, is written once; what a row proposes is decided
on, each time with a row in the trail of its participant.
"""

import uuid

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_intakebatch', 'user', 'sent_by_id');
SELECT audit_attach('grading_intakerow', 'participant', 'participant_id');
SELECT audit_attach('grading_intakepolicy', 'study', 'study_id');
SELECT fact_seal('grading_intakeentry');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_intakebatch
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_intakepolicy
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0023_period_changes"),
        ("regimens", "0015_from_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "door",
                    models.CharField(choices=[("fhir", "FHIR"), ("file", "file"), ("stream", "device")], max_length=8),
                ),
                ("origin", models.CharField(blank=True, max_length=80)),
                ("sha256", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("counts", models.JSONField()),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntakeRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("observed_at", models.DateTimeField()),
                ("proposed", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("supersedes", models.UUIDField(null=True)),
                ("withdraws", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "waits"),
                            ("held", "held"),
                            ("accepted", "accepted"),
                            ("rejected", "rejected"),
                            ("replaced", "replaced by a newer one"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField(null=True)),
                ("because", models.CharField(blank=True, max_length=300)),
                ("automatic", models.BooleanField(default=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="grading.intakebatch"
                    ),
                ),
                (
                    "decided_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intake_rows",
                        to="regimens.participant",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="grading.intakerow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntakeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("key", models.CharField(db_index=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("proposed", "waits in the queue"),
                            ("held", "held"),
                            ("duplicate", "known already"),
                            ("rejected", "rejected"),
                            ("retracted", "taken back before anybody accepted it"),
                            ("ignored", "nothing that is graded"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("gives", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="grading.intakebatch"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="grading.intakerow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntakePolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "automatic",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("fhir", "FHIR"), ("file", "file"), ("stream", "device")], max_length=8
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("because", models.CharField(max_length=300)),
                ("signed_at", models.DateTimeField()),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="intake_policies", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("study"),
                        models.OrderBy(models.F("signed_at"), descending=True),
                        name="intake_policy_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="intake_policy_says_why"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="intakerow",
            index=models.Index(
                condition=models.Q(("state__in", ["proposed", "held"])),
                fields=["participant", "observed_at"],
                name="intake_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "held", "accepted", "rejected", "replaced"])),
                name="intake_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None)),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="intake_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["accepted", "rejected"]), _negated=True),
                    ("decided_at__isnull", False),
                    _connector="OR",
                ),
                name="intake_decision_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True),
                    models.Q(("because", ""), _negated=True),
                    _connector="OR",
                ),
                name="intake_rejected_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdraws", False), ("supersedes__isnull", False), _connector="OR"),
                name="intake_withdraws_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakeentry",
            constraint=models.UniqueConstraint(fields=("batch", "place"), name="intake_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="intakeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["proposed", "held", "duplicate", "rejected", "retracted", "ignored"])
                ),
                name="intake_entry_outcome_known",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
