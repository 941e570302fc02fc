"""Files of vital signs on their way into the queue, how their columns are read, and series of temperatures.

A mapping and a reading are written once; of a file that comes in, its batches are in the trail.
"""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT fact_seal('grading_devicereading');
SELECT audit_attach('grading_intakemapping', 'study', 'study_id');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON grading_intakemapping
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0025_event_reports"),
        ("regimens", "0016_signatures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeviceReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("device", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("temperature_c", models.DecimalField(decimal_places=3, max_digits=7)),
                ("received_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="device_readings",
                        to="regimens.participant",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(fields=["received_at"], name="device_reading_received")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("participant", "device", "at"), name="device_reading_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sent_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("content", models.BinaryField(null=True)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "to be read"),
                            ("queued", "on its way"),
                            ("done", "in the queue"),
                            ("cancelled", "cancelled"),
                            ("failed", "failed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("lines_done", models.PositiveIntegerField(default=0)),
                ("lines_in_all", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=60)),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="intake_files", to="regimens.study"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["uploaded", "queued", "done", "cancelled", "failed"])),
                        name="intake_file_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("content__isnull", False),
                            models.Q(("state__in", ["uploaded", "queued"]), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_file_has_its_bytes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mapping", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="intake_mappings", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("study"),
                        models.F("site"),
                        models.OrderBy(models.F("saved_at"), descending=True),
                        name="intake_mapping_newest",
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
