"""The audit trail. The database writes it and refuses to rewrite facts, whoever asks and however."""

from django.db import migrations, models

SQL = r"""
CREATE FUNCTION audit_hash(e audit_event) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        e.previous_hash, e.subject, e.seq,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        e.actor, e.reason, e.request_id, e.action, e.table_name, e.row_id, e.before, e.after
    )::text, 'UTF8')), 'hex')
$$;

-- Arguments: the kind of subject and the column that holds its id. Passwords are never copied.
CREATE FUNCTION audit_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    e.at := clock_timestamp();
    e.request_id := coalesce(current_setting('app.request_id', true), '');
    e.action := TG_OP;
    e.table_name := TG_TABLE_NAME;
    e.row_id := whole ->> 'id';
    e.before := was;
    e.after := becomes;
    INSERT INTO audit_head (subject, seq, hash) VALUES (e.subject, 0, '') ON CONFLICT DO NOTHING;
    SELECT seq + 1, hash INTO e.seq, e.previous_hash FROM audit_head WHERE subject = e.subject FOR UPDATE;
    e.hash := audit_hash(e);
    UPDATE audit_head SET seq = e.seq, hash = e.hash WHERE subject = e.subject;
    INSERT INTO audit_event (subject, seq, at, actor, reason, request_id, action, table_name, row_id,
                             before, after, previous_hash, hash)
    VALUES (e.subject, e.seq, e.at, e.actor, e.reason, e.request_id, e.action, e.table_name, e.row_id,
            e.before, e.after, e.previous_hash, e.hash);
    RETURN NULL;
END $$;

CREATE FUNCTION fact_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- Every change of a row of `tbl` leaves a link in the chain of its subject.
CREATE FUNCTION audit_attach(tbl regclass, subject text, subject_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION audit_write(%L, %L)', tbl, subject, subject_column);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()', tbl);
END $$;

-- Rows of `tbl` are written once.
CREATE FUNCTION fact_seal(tbl regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION fact_refuse()', tbl);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()', tbl);
END $$;

SELECT fact_seal('audit_event');
"""

UNDO = """
DROP TRIGGER IF EXISTS written_once ON audit_event;
DROP TRIGGER IF EXISTS never_truncated ON audit_event;
DROP FUNCTION fact_seal(regclass);
DROP FUNCTION audit_attach(regclass, text, text);
DROP FUNCTION fact_refuse();
DROP FUNCTION audit_write();
DROP FUNCTION audit_hash(audit_event);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("subject", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_head",
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=100)),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("request_id", models.CharField(max_length=64)),
                ("action", models.CharField(max_length=6)),
                ("table_name", models.CharField(max_length=100)),
                ("row_id", models.CharField(max_length=64)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_event",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("subject", "seq"), name="audit_event_one_chain")],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
