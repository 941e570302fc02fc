"""What records are known by does not change under them: the database refuses it, whoever asks and however."""

from django.db import migrations

SQL = r"""
-- Whether anything is recorded that rests on this row.
CREATE FUNCTION has_records(tbl text, whole jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE tbl
        WHEN 'regimens_study' THEN EXISTS (
            SELECT FROM regimens_clientid c JOIN regimens_participant p ON p.id = c.participant_id
             WHERE p.study_id = (whole ->> 'id')::bigint)
        WHEN 'regimens_membership' THEN EXISTS (
            SELECT FROM regimens_clientid c JOIN regimens_participant p ON p.id = c.participant_id
             WHERE p.study_id = (whole ->> 'study_id')::bigint)
        WHEN 'regimens_site' THEN EXISTS (
            SELECT FROM regimens_clientid c JOIN regimens_participant p ON p.id = c.participant_id
             WHERE p.site_id = (whole ->> 'id')::bigint) OR EXISTS (
            SELECT FROM regimens_transfer WHERE from_site_id = (whole ->> 'id')::bigint)
        WHEN 'regimens_participant' THEN EXISTS (
            SELECT FROM regimens_clientid WHERE participant_id = (whole ->> 'id')::bigint)
        WHEN 'regimens_regimen' THEN EXISTS (
            SELECT FROM regimens_participant p JOIN regimens_clientid c ON c.participant_id = p.id
             WHERE p.regimen_id = (whole ->> 'id')::bigint)
        WHEN 'accounts_user' THEN EXISTS (
            SELECT FROM audit_event WHERE actor = 'user:' || (whole ->> 'id') || ':' || (whole ->> 'username'))
    END
$$;

-- Arguments: the columns.
CREATE FUNCTION refuse_once_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    SELECT string_agg(name, ', ') INTO changed FROM unnest(TG_ARGV) name
     WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name;
    IF changed IS NOT NULL AND has_records(TG_TABLE_NAME, to_jsonb(OLD)) THEN
        RAISE EXCEPTION '% %: % fixed since the first record', TG_TABLE_NAME, OLD.id, changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- A participant's regimen is of the participant's study. Once something is recorded only another version of it
-- follows, and another site only by a transfer.
CREATE FUNCTION participant_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM regimens_regimen WHERE id = NEW.regimen_id AND study_id = NEW.study_id) THEN
        RAISE EXCEPTION 'participant %: the regimen is another study''s', NEW.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' OR NOT has_records(TG_TABLE_NAME, to_jsonb(OLD)) THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM regimens_regimen now JOIN regimens_regimen was USING (code, drug)
                    WHERE now.id = NEW.regimen_id AND was.id = OLD.regimen_id) THEN
        RAISE EXCEPTION 'participant %: regimen_id fixed since the first record, but for its versions', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.site_id <> OLD.site_id AND (OLD.site_id, NEW.site_id) IS DISTINCT FROM (
            SELECT (from_site_id, to_site_id) FROM regimens_transfer WHERE participant_id = NEW.id
             ORDER BY at DESC LIMIT 1) THEN
        RAISE EXCEPTION 'participant %: site_id changes by a transfer alone', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER belongs BEFORE INSERT OR UPDATE ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION participant_belongs();
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('study_id', 'number', 'neuro_instrument');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_study
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('code', 'resolution_hours', 'concurrence_days');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_site
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('code', 'time_zone');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_membership
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('user_id', 'study_id', 'site_id', 'role');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_regimen
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('study_id', 'code', 'drug');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE OF username ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('username');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0005_observation_kind"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
