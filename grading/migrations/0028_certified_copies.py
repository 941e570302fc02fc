"""Certified copies of a participant, each in the audit trail of the participant, and their files."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_certifiedcopy', 'participant', 'participant_id');
SELECT fact_seal('grading_copyfile');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_certifiedcopy
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0027_queries"),
        ("regimens", "0017_limiting_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertifiedCopy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("cut", models.DateTimeField()),
                ("language", models.CharField(max_length=8)),
                ("because", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("chain_seq", models.BigIntegerField()),
                ("chain_hash", models.CharField(max_length=64)),
                ("parameters", models.JSONField()),
                (
                    "made_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certified_copies",
                        to="regimens.participant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CopyFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=4)),
                ("size", models.BigIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("data", models.BinaryField(null=True)),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="grading.certifiedcopy"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="certifiedcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("because", ""), _negated=True), name="certified_copy_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="copyfile",
            constraint=models.UniqueConstraint(fields=("copy", "form"), name="copy_file_once"),
        ),
        migrations.AddConstraint(
            model_name="copyfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("form", "zip"), ("data__isnull", False), _connector="XOR"),
                name="copy_file_has_its_bytes",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
