"""What the export reads of a dose period stands there as it is written; the rest of it is derived: manage.py rederive."""

from django.db import migrations, models

FLAGS = {
    "bolus_given": "", "crs_adjusted": "The final grade is another than the computed one.", "crs_final_any": "",
    "crs_final_carried": "", "crs_final_ongoing": "At the end of the period.", "crs_final_recurrent": "",
    "crs_judge_again": "An episode is worse than when it was judged.",
    "crs_unjudged": "A provisional episode bears on it that nobody judged.", "icans_final_any": "",
    "icans_judge_again": "", "vasopressin_given": "",
}  # fmt: skip
NUMBERS = (
    "dbp_min", "heart_rate_max", "mean_pressure_min", "oxygen_flow_max_l_min", "respiratory_rate_max", "sbp_min",
    "spo2_min", "steroid_dexamethasone_mg", "steroid_premedication_mg", "temperature_max_c", "tocilizumab_mg",
)  # fmt: skip
LOCAL = ("crs_onset_local", "crs_resolved_local", "dose_ended_local", "ended_local", "started_local")
NEW_FLAGS = (
    "anticytokine_flag", "censored", "premedication_flag", "prophylaxis_flag", "risk_complete", "steroid_flag",
    "tocilizumab_flag",
)  # fmt: skip
HOURS = {
    "crs_max_h": "", "crs_onset_h": "From the dose, as all `_h` beside times.", "icans_onset_h": "",
    "steroid_onset_h": "The same of the first steroid that treats.", "temperature_max_h": "", "tocilizumab_h": "",
    "tocilizumab_onset_h": "First tocilizumab from CRS onset; negative if before.",
}  # fmt: skip


def text(length: int, help_text: str = "") -> models.Field:
    return models.CharField(max_length=length, null=True, help_text=help_text)


def retyped(name: str, field: models.Field, using: str) -> migrations.SeparateDatabaseAndState:
    """Django would cast, and a boolean as text is "true"."""
    alter = f"ALTER COLUMN {name} DROP NOT NULL, ALTER COLUMN {name} TYPE varchar({field.max_length}) USING {using}"
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(f"ALTER TABLE grading_doseperiod {alter}")],
        state_operations=[migrations.AlterField("DosePeriod", name, field)],
    )


class Migration(migrations.Migration):
    dependencies = [("grading", "0007_holds_and_clocks")]

    operations = [
        migrations.RemoveField("DosePeriod", "is_restart"),
        *(
            retyped(name, text(1, help_text), f"CASE {name} WHEN true THEN 'Y' WHEN false THEN 'N' END")
            for name, help_text in FLAGS.items()
        ),
        *(retyped(name, text(24), f"trim_scale({name})::text") for name in NUMBERS),
        *(retyped(name, text(25), f"nullif({name}, '')") for name in LOCAL),
        retyped(
            "release_deviation",
            text(12, "RELDEVC of the export: grading/course/releases.py."),
            "upper(replace(nullif(release_deviation, ''), '_', ' '))",
        ),
        *(migrations.AddField("DosePeriod", name, text(1)) for name in NEW_FLAGS),
        *(
            migrations.AddField(
                "DosePeriod",
                name,
                models.DecimalField(max_digits=9, decimal_places=2, null=True, help_text=help_text),
            )
            for name, help_text in HOURS.items()
        ),
        migrations.AddField("DosePeriod", "tocilizumab_n", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("DosePeriod", "dose_amount", text(24)),
        migrations.AddField("DosePeriod", "dose_route", text(20)),
        migrations.AddField("DosePeriod", "dose_status", models.CharField(max_length=12, default="")),
        migrations.AddField("DosePeriod", "dose_unit", text(12)),
        migrations.AddField(
            "DosePeriod",
            "icans_after_crs",
            models.DurationField(
                null=True,
                help_text="Least time from CRS to an ICANS begun here; 0: during it; empty: no CRS before it.",
            ),
        ),
        migrations.AddField("DosePeriod", "oxygen_max", text(40, "Decode of the level.")),
        migrations.AddField("DosePeriod", "phase", text(9, "APHASE of the export.")),
        migrations.AddField(
            "DosePeriod", "planned_dose", text(24, "In the unit given: grading/course/planned_doses.py.")
        ),
        migrations.AddField(
            "DosePeriod",
            "risk_ends_at",
            models.DateTimeField(null=True, help_text="Empty: the step names no risk window."),
        ),
        migrations.AddField(
            "DosePeriod",
            "vitals_counted",
            models.PositiveIntegerField(null=True, help_text="On time; every set where none is planned."),
        ),
        migrations.AddField(
            "DosePeriod",
            "weighed_at",
            models.DateTimeField(null=True, help_text="When a weight that it is made of was recorded last."),
        ),
        migrations.AddField(
            "DosePeriod",
            "modified_utc",
            models.CharField(max_length=25, default="", help_text="When anything of the row changed last."),
        ),
    ]
