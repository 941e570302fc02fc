"""What happens without a row that changes: sign-ins, exports, views of what is unblinded. Links of the same chains."""

from django.db import migrations

SQL = r"""
-- The app's role may not write the trail itself; through this it may add an event, and nothing that looks like a change.
CREATE FUNCTION audit_record(subject text, actor text, kind text, details jsonb, request_id text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    e audit_event;
BEGIN
    IF coalesce(subject, '') = '' OR coalesce(actor, '') = '' OR kind !~ '^[a-z][a-z0-9_]*$' THEN
        RAISE EXCEPTION 'audit: an event has a subject, an actor and a kind' USING ERRCODE = 'restrict_violation';
    END IF;
    e.subject := subject;
    e.at := clock_timestamp();
    e.actor := actor;
    e.reason := '';
    e.request_id := request_id;
    e.action := 'EVENT';
    e.table_name := kind;
    e.row_id := '';
    e.after := details;
    INSERT INTO audit_head VALUES (e.subject, 0, '') ON CONFLICT DO NOTHING;
    SELECT h.seq + 1, h.hash INTO e.seq, e.previous_hash FROM audit_head h WHERE h.subject = e.subject FOR UPDATE;
    e.hash := audit_hash(e);
    UPDATE audit_head h SET seq = e.seq, hash = e.hash WHERE h.subject = e.subject;
    INSERT INTO audit_event (subject, seq, at, actor, reason, request_id, action, table_name, row_id,
                             before, after, previous_hash, hash)
    VALUES (e.subject, e.seq, e.at, e.actor, e.reason, e.request_id, e.action, e.table_name, e.row_id,
            e.before, e.after, e.previous_hash, e.hash);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION audit_record(text, text, text, jsonb, text)")]
