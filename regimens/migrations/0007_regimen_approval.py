"""A version of a regimen is a draft until it is approved; what stood before was in force and stays so."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

BEFORE = "in force before approvals were kept"
SQL = """
CREATE OR REPLACE FUNCTION regimen_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint := CASE TG_TABLE_NAME WHEN 'regimens_regimen' THEN (to_jsonb(OLD) ->> 'id')::bigint
                      ELSE coalesce(to_jsonb(NEW) ->> 'regimen_id', to_jsonb(OLD) ->> 'regimen_id')::bigint END;
BEGIN
    IF EXISTS (SELECT FROM regimens_dose d JOIN regimens_step s ON s.id = d.step_id WHERE s.regimen_id = changed) THEN
        RAISE EXCEPTION 'regimen version % is frozen: a dose was given under it', changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM regimens_regimen WHERE id = changed AND approved_by_id IS NOT NULL) THEN
        RAISE EXCEPTION 'regimen version % is frozen: it was approved as it stands', changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION enrolled_under_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM regimens_regimen WHERE id = NEW.regimen_id AND approved_at IS NOT NULL) THEN
        RAISE EXCEPTION 'regimen version % is a draft: nobody is enrolled under it', NEW.regimen_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enrolled_under_approved BEFORE INSERT OR UPDATE OF regimen_id ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION enrolled_under_approved();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0006_fixed_once_recorded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The default fills what is there in one go, without an update that the trail would ask a reason for.
        migrations.AddField(
            model_name="regimen",
            name="approved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="regimen",
            name="approved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="regimen",
            name="approved_because",
            field=models.TextField(blank=True, editable=False, default=BEFORE),
        ),
        migrations.AlterField(
            model_name="regimen",
            name="approved_because",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="regimen",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="regimen",
            name="drafted_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="regimen",
            name="untightened_because",
            field=models.TextField(
                blank=True,
                help_text="Why intervals never get shorter. Empty with no such intervals: nobody has decided.",
            ),
        ),
        migrations.AddConstraint(
            model_name="regimen",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_because", ""), ("approved_by", None)),
                    models.Q(("approved_at__isnull", False), models.Q(("approved_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="regimen_approved_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="regimen",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    ("drafted_by", None),
                    models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                    _connector="OR",
                ),
                name="regimen_approved_by_another",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
