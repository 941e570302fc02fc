from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

CLASSES = [
    ("antipyretic", "antipyretic"),
    ("anticytokine", "anticytokine"),
    ("corticosteroid", "corticosteroid"),
    ("vasopressor", "vasopressor"),
    ("oxygen", "oxygen"),
    ("fluid", "intravenous fluid"),
    ("antibiotic", "antibiotic"),
    ("other", "other"),
]


def text_list(**options):
    return ArrayField(base_field=models.CharField(max_length=60), size=None, **options)


class Migration(migrations.Migration):
    """Limits of drugs in the pack; an order, a reason and what was unusual of a treatment; oxygen as a class."""

    dependencies = [
        ("grading", "0004_checkpoint"),
    ]

    operations = [
        migrations.AddField(
            model_name="thresholdpack",
            name="drugs",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="steroid_premedication_mg",
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name="treatment",
            name="ordered_at",
            field=models.DateTimeField(blank=True, help_text="When it was ordered, where that is known.", null=True),
        ),
        migrations.AddField(
            model_name="treatment",
            name="retyped",
            field=text_list(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="treatment",
            name="because",
            field=models.CharField(blank=True, help_text="Why an unusual dose was given.", max_length=300),
        ),
        migrations.AddField(
            model_name="treatment",
            name="unusual",
            field=text_list(blank=True, default=list, help_text="What was unusual about it: written by the server."),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="drug_class",
            field=models.CharField(choices=CLASSES, max_length=16),
        ),
        migrations.RemoveConstraint(model_name="treatment", name="treatment_class_known"),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("drug_class__in", [code for code, _ in CLASSES])), name="treatment_class_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordered_at", None), ("ordered_at__lte", models.F("observed_at")), _connector="OR"),
                name="treatment_ordered_before_start",
            ),
        ),
    ]
