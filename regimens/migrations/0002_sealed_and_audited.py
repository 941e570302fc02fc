"""Facts are written once, configuration is audited, and a regimen that was dosed under is frozen."""

from django.db import migrations

SQL = """
SELECT fact_seal('regimens_dose');
SELECT fact_seal('regimens_doseend');
SELECT fact_seal('regimens_stay');
SELECT fact_seal('regimens_stayend');
SELECT fact_seal('regimens_measurement');
SELECT fact_seal('regimens_disposition');
SELECT audit_attach('regimens_study', 'study', 'id');
SELECT audit_attach('regimens_site', 'site', 'id');
SELECT audit_attach('regimens_membership', 'study', 'study_id');
SELECT audit_attach('regimens_participant', 'participant', 'id');
SELECT audit_attach('regimens_regimen', 'regimen', 'id');
SELECT audit_attach('regimens_step', 'regimen', 'regimen_id');

CREATE FUNCTION regimen_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version bigint := CASE TG_TABLE_NAME WHEN 'regimens_regimen' THEN (to_jsonb(OLD) ->> 'id')::bigint
                      ELSE coalesce(to_jsonb(NEW) ->> 'regimen_id', to_jsonb(OLD) ->> 'regimen_id')::bigint END;
BEGIN
    IF EXISTS (SELECT FROM regimens_dose d JOIN regimens_step s ON s.id = d.step_id WHERE s.regimen_id = version) THEN
        RAISE EXCEPTION 'regimen version % is frozen: a dose was given under it', version
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen_once_used BEFORE UPDATE OR DELETE ON regimens_regimen
    FOR EACH ROW EXECUTE FUNCTION regimen_frozen();
CREATE TRIGGER frozen_once_used BEFORE INSERT OR UPDATE OR DELETE ON regimens_step
    FOR EACH ROW EXECUTE FUNCTION regimen_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("regimens", "0001_initial"), ("audit", "0002_triggers")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
