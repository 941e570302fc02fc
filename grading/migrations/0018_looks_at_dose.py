"""What a dose period keeps of the looks before its dose, of fevers, seizures and where its data came from.

What stands there is derived: manage.py rederive.
"""

from django.db import migrations, models


def text(length: int = 24, help_text: str = "") -> models.Field:
    return models.CharField(max_length=length, null=True, help_text=help_text)


def hours(help_text: str = "") -> models.Field:
    return models.DecimalField(max_digits=9, decimal_places=2, null=True, help_text=help_text)


FIELDS = {
    "cohort": text(20),
    "dose_total_mg": text(),
    "fever_at": models.DateTimeField(null=True, help_text="The last reading, where it was one of fever."),
    "fever_h": hours(),
    "fever_s": models.PositiveIntegerField(null=True, help_text="Between readings of fever, each at most 8 h."),
    "fio2_max_percent": text(),
    "first_part_number": models.PositiveSmallIntegerField(
        null=True, help_text="Of the second part of a split dose, the number of the first; else its own."
    ),
    "ice_before": models.PositiveSmallIntegerField(null=True),
    "imported_readings": models.PositiveIntegerField(default=0, help_text="Sets from a device or another record."),
    "mean_pressure_min_computed": text(1, "Made of the other two pressures."),
    "next_delay_h": hours("The same of the next dose given."),
    "sbp_before": text(),
    "seizure_seen": text(1),
    "setting": text(12, "SETTING of the export."),
    "spo2_before": text(),
    "temperature_before_c": text(),
    "weight_kg": text(24, "The last up to the dose."),
}


class Migration(migrations.Migration):
    dependencies = [("grading", "0017_treatment_check")]

    operations = [
        *(migrations.AddField("DosePeriod", name, field) for name, field in FIELDS.items()),
        migrations.AlterField(
            "DosePeriod",
            "weighed_at",
            models.DateTimeField(null=True, help_text="When a weight up to the dose was recorded last."),
        ),
    ]
