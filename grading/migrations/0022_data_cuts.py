"""Data cuts, their packets and the parts of these. A cut is written once, and in the audit trail of its study."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('grading_datacut', 'study', 'study_id');
SELECT fact_seal('grading_packetpart');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_datacut
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0021_push_gone"),
        ("regimens", "0015_from_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataCut",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=40)),
                ("cut", models.DateTimeField(help_text="As it was known at this instant.")),
                ("profile", models.CharField(help_text="regimens/blinding.py", max_length=8)),
                (
                    "sites",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
                ),
                ("because", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("parameters", models.JSONField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="data_cuts", to="regimens.study"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Packet",
            fields=[
                (
                    "cut",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="packet",
                        serialize=False,
                        to="grading.datacut",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "being made"),
                            ("done", "ready"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                (
                    "not_before",
                    models.DateTimeField(help_text="By then all that was on its way at the cut has arrived."),
                ),
                ("claimed_until", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("steps_in_all", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("size", models.BigIntegerField(help_text="Bytes.", null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("problem", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="PacketPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="grading.packet"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    models.Q(
                        ("finished_at__isnull", False), ("size__isnull", False), models.Q(("sha256", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="packet_done_has_its_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="datacut",
            constraint=models.UniqueConstraint(fields=("study", "label"), name="data_cut_label_once"),
        ),
        migrations.AddConstraint(
            model_name="datacut",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("because", ""), _negated=True), models.Q(("label", ""), _negated=True)),
                name="data_cut_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="datacut",
            constraint=models.CheckConstraint(
                condition=models.Q(("cut__lte", models.F("made_at"))), name="data_cut_not_of_the_future"
            ),
        ),
        migrations.AddConstraint(
            model_name="packetpart",
            constraint=models.UniqueConstraint(fields=("packet", "number"), name="packet_part_once"),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
