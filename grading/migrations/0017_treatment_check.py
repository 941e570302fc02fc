"""The second person of a treatment: somebody else than who recorded it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT fact_seal('grading_treatmentcheck');

CREATE FUNCTION treatment_checked_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_treatment WHERE id = NEW.treatment_id AND recorded_by_id = NEW.recorded_by_id) THEN
        RAISE EXCEPTION 'treatment %: the second person recorded it', NEW.treatment_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_another BEFORE INSERT ON grading_treatmentcheck
    FOR EACH ROW EXECUTE FUNCTION treatment_checked_by_another();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0002_shift_ended_by_ward"),
        ("grading", "0016_entry_effort"),
        ("regimens", "0015_from_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TreatmentCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("simulation", "Simulation"),
                            ("paper", "Paper"),
                        ],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="grading.treatmentcheck",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="devices.tablet",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="grading.treatment"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="gradin_treatmentc_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grading_treatmentcheck_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
