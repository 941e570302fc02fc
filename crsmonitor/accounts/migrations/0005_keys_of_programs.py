"""Keys that are bound to a study, and the programs that hold them: accounts of nobody."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A program may do what its keys say. With a role it would be asked, paged and counted as a person.
SQL = """
CREATE FUNCTION accounts_machine_has_no_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_user WHERE id = NEW.user_id AND is_machine) THEN
        RAISE EXCEPTION 'a program has no role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER machine_has_no_role BEFORE INSERT OR UPDATE ON regimens_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_machine_has_no_role();
"""
UNDO = """
DROP TRIGGER machine_has_no_role ON regimens_membership;
DROP FUNCTION accounts_machine_has_no_role();
"""


def texts(length, **more):
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=length), default=list, editable=False, size=None, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_token_scopes"),
        ("regimens", "0015_from_paper"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_machine",
            field=models.BooleanField(default=False, editable=False, verbose_name="a program, nobody's person"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_machine", False),
                    models.Q(("email", ""), ("is_staff", False), ("is_superuser", False), ("password__startswith", "!")),
                    _connector="OR",
                ),
                name="machine_is_no_person",
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="study",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="regimens.study",
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="issued_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="sites",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), editable=False, null=True, size=None
            ),
        ),
        migrations.AddField(model_name="apitoken", name="datasets", field=texts(32)),
        migrations.AddField(
            model_name="apitoken", name="profile", field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddField(model_name="apitoken", name="networks", field=texts(43)),
        migrations.AddField(model_name="apitoken", name="used_from", field=texts(39)),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("study", None),
                    models.Q(
                        ("scopes", ["export"]),
                        models.Q(("datasets", []), _negated=True),
                        models.Q(("profile", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="study_key_is_bound",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]  # fmt: skip
