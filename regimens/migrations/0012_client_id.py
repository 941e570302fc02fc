"""One registry of client ids over all tables of facts: those on file are registered, new ones by a trigger.

Where one id was used for two facts before, the one recorded first has it; the other stays in its table as it is.
"""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
-- Tables of facts: what every one of them has (regimens/facts.py).
CREATE FUNCTION fact_tables() RETURNS SETOF regclass LANGUAGE sql STABLE AS $$
    SELECT attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
      AND a.attname IN ('root', 'digest', 'supersedes_id', 'participant_id')
    GROUP BY attrelid HAVING count(*) = 4
$$;

-- The service has registered it first, so that two who come at once wait there; what came past the service is
-- registered here. An id of another kind or participant is refused either way.
CREATE FUNCTION fact_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO regimens_clientid (id, kind, participant_id) VALUES (NEW.id, TG_TABLE_NAME, NEW.participant_id)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND AND NOT EXISTS (SELECT FROM regimens_clientid
                                 WHERE id = NEW.id AND kind = TG_TABLE_NAME AND participant_id = NEW.participant_id) THEN
        RAISE unique_violation USING CONSTRAINT = 'regimens_clientid_pkey',
            MESSAGE = format('regimens_clientid_pkey: id %s is that of another record', NEW.id);
    END IF;
    RETURN NULL;
END $$;

-- Rows of `tbl` are written once; the id of a fact is registered.
CREATE OR REPLACE FUNCTION fact_seal(tbl regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION fact_refuse()', tbl);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()', tbl);
    IF tbl IN (SELECT fact_tables()) THEN
        EXECUTE format('CREATE TRIGGER registered_once AFTER INSERT ON %s
                        FOR EACH ROW EXECUTE FUNCTION fact_register()', tbl);
    END IF;
END $$;
SELECT fact_seal('regimens_clientid');
"""

# What is on file, and the tables that are sealed already.
REGISTER = """
DO $$
DECLARE
    one regclass;
    facts text;
BEGIN
    SELECT string_agg(format('SELECT id, %L AS kind, participant_id, recorded_at FROM %s',
                             (SELECT relname FROM pg_class WHERE oid = t), t), ' UNION ALL ')
    INTO facts FROM fact_tables() t;
    IF facts IS NULL THEN
        RETURN;
    END IF;
    EXECUTE 'INSERT INTO regimens_clientid (id, kind, participant_id)
             SELECT DISTINCT ON (id) id, kind, participant_id FROM (' || facts || ') f ORDER BY id, recorded_at, kind';
    FOR one IN SELECT fact_tables() LOOP
        EXECUTE format('CREATE TRIGGER registered_once AFTER INSERT ON %s
                        FOR EACH ROW EXECUTE FUNCTION fact_register()', one);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("regimens", "0011_longer_observation"), ("audit", "0002_triggers")]

    operations = [
        migrations.CreateModel(
            name="ClientId",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=63)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client_ids",
                        to="regimens.participant",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(SQL + REGISTER, migrations.RunSQL.noop),
    ]
