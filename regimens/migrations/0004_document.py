"""A regimen version keeps the file it was made of; steps say what a file says."""

import django.db.models.deletion
from django.db import migrations, models

STEP_KINDS = {"step_up": "step-up dose", "target": "target dose", "pretreat": "pretreatment"}
UNITS = {
    "mg": "mg",
    "ug": "µg",
    "mg/kg": "mg/kg",
    "ug/kg": "µg/kg",
    "ug/day": "µg/day",
    "ug/m2/day": "µg/m²/day",
}
SETTINGS = {"hospital": "in hospital", "near_facility": "near the facility", "outpatient": "outpatient"}


def days() -> models.Field:
    return models.PositiveSmallIntegerField(blank=True, null=True)


REGIMEN = {
    "document": models.JSONField(blank=True, editable=False, null=True),
    "library_id": models.CharField(blank=True, editable=False, max_length=40),
    "variant": models.CharField(blank=True, editable=False, help_text="The region's label followed.", max_length=10),
    "amends": models.ForeignKey(
        blank=True,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="amended_by",
        to="regimens.regimen",
    ),
    "reason": models.TextField(blank=True, editable=False, help_text="Why this version was made."),
    "made_at": models.DateTimeField(blank=True, editable=False, null=True),
}
STEP = {
    "opens_period": models.BooleanField(default=True, help_text="No: a pretreatment that is no T-cell engager."),
    "rate_segment": models.BooleanField(default=False, help_text="A rate of a continuous infusion."),
    "infusion_h": models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True),
    "split_with": models.CharField(blank=True, help_text="The step that is the other part.", max_length=120),
    "repeats": models.BooleanField(default=False),
    "times": days(),
    "condition": models.TextField(blank=True),
    "interval_min_d": days(),
    "interval_planned_d": days(),
    "interval_latest_d": days(),
    "observed_in": models.CharField(blank=True, choices=list(SETTINGS.items()), max_length=16),
}


class Migration(migrations.Migration):
    dependencies = [("regimens", "0003_central_reviewer")]
    operations = [
        *(migrations.AddField("regimen", name, field) for name, field in REGIMEN.items()),
        *(migrations.AddField("step", name, field) for name, field in STEP.items()),
        migrations.AlterField("step", "label", models.CharField(max_length=120)),
        migrations.RemoveConstraint("step", "step_kind_known"),
        migrations.AlterField("step", "kind", models.CharField(choices=list(STEP_KINDS.items()), max_length=10)),
        migrations.AddConstraint(
            "step",
            models.CheckConstraint(condition=models.Q(kind__in=list(STEP_KINDS)), name="step_kind_known"),
        ),
        migrations.AlterField("dose", "unit", models.CharField(choices=list(UNITS.items()), max_length=12)),
    ]
