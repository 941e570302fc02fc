"""What stands in a table can be held against what the trail says of it; links are written in one place."""

from django.db import migrations

SQL = r"""
-- The next link of the chain that `e.subject` names: its place, its hash, the new head. For triggers, never for a role.
CREATE OR REPLACE FUNCTION audit_link(e audit_event) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
BEGIN
    e.at := clock_timestamp();
    e.request_id := coalesce(e.request_id, current_setting('app.request_id', true), '');
    INSERT INTO audit_head (subject, seq, hash) VALUES (e.subject, 0, '') ON CONFLICT DO NOTHING;
    SELECT seq + 1, hash INTO e.seq, e.previous_hash FROM audit_head WHERE subject = e.subject FOR UPDATE;
    e.hash := audit_hash(e);
    UPDATE audit_head SET seq = e.seq, hash = e.hash WHERE subject = e.subject;
    INSERT INTO audit_event (subject, seq, at, actor, reason, request_id, action, table_name, row_id,
                             before, after, previous_hash, hash)
    VALUES (e.subject, e.seq, e.at, e.actor, e.reason, e.request_id, e.action, e.table_name, e.row_id,
            e.before, e.after, e.previous_hash, e.hash);
END $$;
REVOKE EXECUTE ON FUNCTION audit_link(audit_event) FROM PUBLIC;

CREATE OR REPLACE FUNCTION audit_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - 'password' - 'last_login' END;
    becomes jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - 'password' - 'last_login' END;
    whole jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    e audit_event;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) ->> 'password' IS DISTINCT FROM to_jsonb(NEW) ->> 'password' THEN
            becomes := becomes || '{"password": "changed"}';
        END IF;
        IF was = becomes THEN RETURN NULL; END IF;
    END IF;
    e.actor := current_setting('app.actor', true);
    e.reason := coalesce(current_setting('app.reason', true), '');
    IF coalesce(e.actor, '') = '' THEN
        RAISE EXCEPTION 'audit: nobody said who changes %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP <> 'INSERT' AND e.reason = '' THEN
        RAISE EXCEPTION 'audit: nobody said why % changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    e.subject := TG_ARGV[0] || ':' || (whole ->> TG_ARGV[1]);
    e.action := TG_OP;
    e.table_name := TG_TABLE_NAME;
    e.row_id := whole ->> 'id';
    e.before := was;
    e.after := becomes;
    PERFORM audit_link(e);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_record(subject text, actor text, kind text, details jsonb, request_id text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    e audit_event;
BEGIN
    IF coalesce(subject, '') = '' OR coalesce(actor, '') = '' OR kind !~ '^[a-z][a-z0-9_]*$' THEN
        RAISE EXCEPTION 'audit: an event has a subject, an actor and a kind' USING ERRCODE = 'restrict_violation';
    END IF;
    e.subject := subject;
    e.actor := actor;
    e.reason := '';
    e.request_id := request_id;
    e.action := 'EVENT';
    e.table_name := kind;
    e.row_id := '';
    e.after := details;
    PERFORM audit_link(e);
END $$;

-- Rows of `tbl` that do not say what the newest link about them says. Columns that came or went since are passed over.
CREATE OR REPLACE FUNCTION audit_differing(tbl regclass) RETURNS TABLE (subject text, seq bigint, what text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = tbl);
BEGIN
    RETURN QUERY EXECUTE format($query$
        WITH newest AS (
            SELECT DISTINCT ON (row_id) row_id, subject, seq, action, after - 'password' - 'last_login' AS after
              FROM audit_event WHERE table_name = %1$L AND action <> 'EVENT' ORDER BY row_id, id DESC),
        standing AS (SELECT t.id::text AS row_id, to_jsonb(t) AS now FROM %2$s t),
        held AS (
            SELECT coalesce(n.subject::text, %1$L || ':' || s.row_id) AS subject, coalesce(n.seq, 0) AS seq,
                   coalesce(n.row_id, s.row_id) AS row_id,
                   CASE WHEN n.row_id IS NULL THEN 'the trail does not know it'
                        WHEN s.row_id IS NULL AND n.action <> 'DELETE' THEN 'it is gone, and the trail says it stands'
                        WHEN s.row_id IS NOT NULL AND n.action = 'DELETE' THEN 'it stands, and the trail says it is gone'
                        ELSE 'it says something else than the trail in ' || (
                            SELECT string_agg(one.key, ', ' ORDER BY one.key) FROM jsonb_each(n.after) one
                             WHERE s.now ? one.key AND s.now -> one.key <> one.value)
                   END AS problem
              FROM newest n FULL JOIN standing s USING (row_id))
        SELECT subject, seq, %1$L || ' ' || row_id || ': ' || problem FROM held WHERE problem IS NOT NULL
        $query$, name, tbl);
END $$;

-- Rows from before `tbl` had its trigger are taken into the chains as they stand. Arguments as of audit_attach.
CREATE OR REPLACE FUNCTION audit_adopt(tbl regclass, subject text, subject_column text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    whole jsonb;
    e audit_event;
BEGIN
    FOR whole IN EXECUTE format('SELECT to_jsonb(t) FROM %s t ORDER BY to_jsonb(t) ->> ''recorded_at'', t.id', tbl) LOOP
        e.actor := 'command:migrate';
        e.reason := 'taken into the chain as it stood';
        e.subject := subject || ':' || (whole ->> subject_column);
        e.action := 'INSERT';
        e.table_name := (SELECT relname FROM pg_class WHERE oid = tbl);
        e.row_id := whole ->> 'id';
        e.after := whole - 'password' - 'last_login';
        PERFORM audit_link(e);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_adopt(regclass, text, text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_events")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
