"""Regimen versions made of a design, and the band of what was predicted when each came into force: written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('regimens_designedregimen', 'regimen', 'regimen_id');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_designedregimen
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
SELECT fact_seal('regimens_predictedband');

-- A band is of before the data: it comes in the very moment of approval, or never.
CREATE FUNCTION band_comes_with_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM regimens_regimen r JOIN regimens_designedregimen d ON d.regimen_id = r.id
                    WHERE d.id = NEW.designed_id AND r.approved_at = NEW.at) THEN
        RAISE EXCEPTION 'designed regimen %: a band is frozen when it comes into force', NEW.designed_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comes_with_approval BEFORE INSERT ON regimens_predictedband
    FOR EACH ROW EXECUTE FUNCTION band_comes_with_approval();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0021_limiting_syndrome"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DesignedRegimen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regimen",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designed",
                        to="regimens.regimen",
                    ),
                ),
                ("rungs", models.JSONField()),
                ("band_from", models.CharField(blank=True, max_length=9)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regimens.designrun",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designed",
                        to="regimens.designversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PredictedBand",
            fields=[
                (
                    "designed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="band",
                        serialize=False,
                        to="regimens.designedregimen",
                    ),
                ),
                ("taken_from", models.CharField(max_length=9)),
                ("draws", models.JSONField()),
                ("seed", models.BigIntegerField()),
                ("engine", models.CharField(max_length=120)),
                ("fields", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="designedregimen",
            constraint=models.CheckConstraint(
                condition=models.Q(("band_from__in", ["", "prior", "posterior"])), name="designed_band_source_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="designedregimen",
            constraint=models.CheckConstraint(
                condition=models.Q(("rungs", {}), _negated=True), name="designed_has_a_regimen"
            ),
        ),
        migrations.AddConstraint(
            model_name="predictedband",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_from__in", ["prior", "posterior"])), name="band_source_known"
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
