"""A release of the next dose, and what the gate asks of people: kept once, as every fact."""

import uuid

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0006_windows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="measurement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("weight_kg", "weight, kg"),
                    ("baseline_sbp", "baseline systolic pressure, mmHg"),
                    ("baseline_spo2", "baseline oxygen saturation, %"),
                    ("baseline_oxygen", "baseline oxygen or CPAP use"),
                    ("baseline_ice", "baseline ICE score"),
                    ("sbp_prompt_below", "ask about hypotension below, mmHg"),
                    ("crp_mg_l", "CRP, mg/L"),
                    ("ferritin_ug_l", "ferritin, µg/L"),
                    ("fibrinogen_g_l", "fibrinogen, g/L"),
                    ("alt_u_l", "ALT, U/L"),
                    ("ast_u_l", "AST, U/L"),
                    ("il6_ng_l", "IL-6, ng/L"),
                    ("neutrophils_1e9_l", "neutrophils, 10⁹/L"),
                    ("glucose_mmol_l", "glucose, mmol/L"),
                    ("urine_ml_h", "urine output, mL/h"),
                    ("cultures_taken", "cultures taken"),
                    ("tocilizumab_on_site", "tocilizumab on site, doses"),
                    ("active_infection", "active infection: 1 yes, 0 no"),
                    ("care_ceiling", "resuscitation and ICU-ceiling status"),
                ],
                max_length=24,
            ),
        ),
        migrations.CreateModel(
            name="DoseRelease",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("dose_at", models.DateTimeField()),
                ("override", models.BooleanField(default=False)),
                ("because", models.TextField(blank=True)),
                (
                    "decision",
                    models.CharField(
                        choices=[("go", "go"), ("hold", "hold"), ("restart", "restart"), ("stop", "stop")],
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("proposed_step", models.CharField(blank=True, editable=False, max_length=120)),
                ("criteria", models.JSONField(editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="regimens.step"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.doserelease",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_dosereleas_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_doserelease_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["go", "hold", "restart", "stop"])),
                        name="release_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("override", False), ("decision__in", ["go", "restart"])),
                            models.Q(("override", True), models.Q(("because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="release_as_proposed_or_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT fact_seal('regimens_doserelease')", migrations.RunSQL.noop),
    ]
