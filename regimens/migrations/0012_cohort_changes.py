"""Another cohort is a record of its own, and the database asks for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('regimens_cohortchange', 'participant', 'participant_id');

-- Once something is recorded the cohort changes by a row of regimens_cohortchange alone.
CREATE FUNCTION participant_cohort() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF has_records(TG_TABLE_NAME, to_jsonb(OLD)) AND (OLD.cohort, NEW.cohort) IS DISTINCT FROM (
            SELECT (was, becomes) FROM regimens_cohortchange WHERE participant_id = NEW.id ORDER BY at DESC LIMIT 1)
    THEN
        RAISE EXCEPTION 'participant %: cohort changes by a record of its own alone', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cohort_recorded BEFORE UPDATE ON regimens_participant
    FOR EACH ROW WHEN (OLD.cohort IS DISTINCT FROM NEW.cohort) EXECUTE FUNCTION participant_cohort();
"""
BACK = """
DROP TRIGGER cohort_recorded ON regimens_participant;
DROP FUNCTION participant_cohort();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0011_site_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CohortChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.CharField(blank=True, max_length=20)),
                ("becomes", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("because", models.TextField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohort_changes",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="cohort_change_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("was", models.F("becomes")), _negated=True),
                            models.Q(("becomes", ""), _negated=True),
                        ),
                        name="cohort_change_to_another",
                    ),
                    models.UniqueConstraint(fields=("participant", "at"), name="cohort_change_one_at_a_time"),
                ],
            },
        ),
        migrations.RunSQL(SQL, BACK),
    ]
