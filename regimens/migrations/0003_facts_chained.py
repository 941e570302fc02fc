"""What a fact says is in the chain of its participant, so that a row which the owner altered or removed is found."""

from django.db import migrations

SQL = r"""
-- The link of a new fact: whose it is stands in the row itself.
CREATE FUNCTION fact_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    e audit_event;
BEGIN
    e.actor := (SELECT 'user:' || id || ':' || username FROM accounts_user WHERE id = NEW.recorded_by_id);
    e.reason := NEW.reason;
    e.subject := 'participant:' || NEW.participant_id;
    e.action := TG_OP;
    e.table_name := TG_TABLE_NAME;
    e.row_id := NEW.id::text;
    e.after := to_jsonb(NEW);
    PERFORM audit_link(e);
    RETURN NULL;
END $$;

-- Rows of `tbl` are written once; the id of a fact is registered, and what it says is chained.
CREATE OR REPLACE FUNCTION fact_seal(tbl regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION fact_refuse()', tbl);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()', tbl);
    IF tbl IN (SELECT fact_tables()) THEN
        EXECUTE format('CREATE TRIGGER registered_once AFTER INSERT ON %s
                        FOR EACH ROW EXECUTE FUNCTION fact_register()', tbl);
        EXECUTE format('CREATE TRIGGER chained AFTER INSERT ON %s
                        FOR EACH ROW EXECUTE FUNCTION fact_link()', tbl);
    END IF;
END $$;

-- The tables that were sealed before this, with what they hold; where a database is new, those of grading are sealed later, as above.
DO $$
DECLARE
    tbl regclass;
BEGIN
    FOR tbl IN SELECT fact_tables() LOOP
        PERFORM audit_adopt(tbl, 'participant', 'participant_id');
        EXECUTE format('CREATE TRIGGER chained AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION fact_link()', tbl);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("regimens", "0002_minimum_interval_is_of_the_plan"), ("audit", "0003_rows_held_against_the_trail")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
