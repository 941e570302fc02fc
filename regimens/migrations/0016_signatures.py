"""Signatures of every kind of record, and what voided one: both written once, and in the trail of whom they are about."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_signature
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_signaturevoid
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON regimens_signature
    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON regimens_signaturevoid
    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse();
-- In the chain of the participant, or of the study where the record is of the study alone.
CREATE TRIGGER audited AFTER INSERT ON regimens_signature
    FOR EACH ROW WHEN (NEW.participant_id IS NOT NULL) EXECUTE FUNCTION audit_write('participant', 'participant_id');
CREATE TRIGGER audited_of_study AFTER INSERT ON regimens_signature
    FOR EACH ROW WHEN (NEW.participant_id IS NULL) EXECUTE FUNCTION audit_write('study', 'study_id');
CREATE TRIGGER audited AFTER INSERT ON regimens_signaturevoid
    FOR EACH ROW WHEN (NEW.participant_id IS NOT NULL) EXECUTE FUNCTION audit_write('participant', 'participant_id');
CREATE TRIGGER audited_of_study AFTER INSERT ON regimens_signaturevoid
    FOR EACH ROW WHEN (NEW.participant_id IS NULL) EXECUTE FUNCTION audit_write('study', 'study_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0015_from_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("record", models.CharField(max_length=40)),
                ("root", models.CharField(max_length=40)),
                ("meaning", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=310)),
                ("at", models.DateTimeField()),
                (
                    "proof",
                    models.CharField(
                        choices=[("password", "password"), ("passkey", "passkey"), ("provider", "provider")],
                        max_length=8,
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("content", models.JSONField()),
                ("derived", models.JSONField(null=True)),
                ("hash", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="regimens.participant",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.study",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignatureVoid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("because", models.CharField(max_length=20)),
                ("fact_kind", models.CharField(blank=True, max_length=40)),
                ("fact", models.UUIDField(db_index=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.participant",
                    ),
                ),
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="void", to="regimens.signature"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.study",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["kind", "root"], name="signature_of_record"),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["study", "-at"], name="signature_newest"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("proof__in", ["password", "passkey", "provider"])), name="signature_proof_known"
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
