"""Whose password somebody else set; and what a password change or a deactivation ends, whoever makes it and however."""

from django.db import migrations, models

SQL = """
-- An epoch never goes back: an account that is active again does not bring back the sessions of before.
CREATE FUNCTION accounts_next_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.session_epoch := greatest(NEW.session_epoch, OLD.session_epoch);
    IF NEW.password <> OLD.password OR (OLD.is_active AND NOT NEW.is_active) THEN
        NEW.session_epoch := NEW.session_epoch + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER next_epoch BEFORE UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_next_epoch();

CREATE FUNCTION accounts_revoke_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_apitoken SET revoked_at = clock_timestamp() WHERE user_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER revoke_tokens AFTER UPDATE ON accounts_user
    FOR EACH ROW WHEN (NEW.session_epoch <> OLD.session_epoch) EXECUTE FUNCTION accounts_revoke_tokens();
"""
UNDO = """
DROP TRIGGER revoke_tokens ON accounts_user;
DROP TRIGGER next_epoch ON accounts_user;
DROP FUNCTION accounts_revoke_tokens();
DROP FUNCTION accounts_next_epoch();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guess_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Somebody else set it: nothing else is opened and nothing signed before it is changed.",
                verbose_name="must change the password",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
