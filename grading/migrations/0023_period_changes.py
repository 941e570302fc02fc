"""What rows of ADCRSP are made of leaves a note of whose it is and in which transaction it was written."""

import django.db.models.deletion
from django.db import migrations, models

SQL = r"""
SELECT fact_seal('grading_periodchange');

-- Argument: how a row of the table leads to its participant.
CREATE FUNCTION period_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    whose bigint;
BEGIN
    IF TG_ARGV[0] = 'id' THEN
        whose := NEW.id;
    ELSIF TG_ARGV[0] = 'alert_id' THEN
        SELECT participant_id INTO whose FROM grading_alert WHERE id = NEW.alert_id;
    ELSIF TG_OP = 'DELETE' THEN
        whose := OLD.participant_id;
    ELSE
        whose := NEW.participant_id;
    END IF;
    INSERT INTO grading_periodchange (participant_id, xact, at)
    VALUES (whose, pg_current_xact_id()::text::bigint, clock_timestamp()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY[
        'grading_doseperiod', 'grading_episode', 'grading_alert', 'grading_vitalsigns', 'grading_neuroassessment',
        'grading_treatment', 'grading_treatmentend', 'grading_attribution', 'regimens_dose', 'regimens_doseend',
        'regimens_missedobservationreason', 'regimens_stay', 'regimens_stayend', 'regimens_measurement',
        'regimens_disposition', 'regimens_windowcompletion']
    LOOP
        EXECUTE format('CREATE TRIGGER period_changed AFTER INSERT OR UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION period_changed(%L)', tbl, 'participant_id');
    END LOOP;
    FOREACH tbl IN ARRAY ARRAY['grading_alertevent', 'grading_escalation'] LOOP
        EXECUTE format('CREATE TRIGGER period_changed AFTER INSERT ON %I
                        FOR EACH ROW EXECUTE FUNCTION period_changed(%L)', tbl, 'alert_id');
    END LOOP;
END $$;
CREATE TRIGGER period_changed AFTER INSERT OR UPDATE ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION period_changed('id');

-- Of what was before, nobody knows in which transaction: all of it counts as written now.
INSERT INTO grading_periodchange (participant_id, xact, at)
SELECT id, pg_current_xact_id()::text::bigint, clock_timestamp() FROM regimens_participant;
"""

UNDO = "DROP FUNCTION period_changed() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("grading", "0022_data_cuts"), ("regimens", "0015_from_paper")]

    operations = [
        migrations.CreateModel(
            name="PeriodChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("xact", models.BigIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "participant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("xact", "participant"), name="period_change_once"),
                ],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
