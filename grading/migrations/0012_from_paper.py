"""A fact may have been on paper first."""

from django.db import migrations, models

SOURCES = [
    ("page", "Page"),
    ("api", "Api"),
    ("import", "Import"),
    ("simulation", "Simulation"),
    ("paper", "Paper"),
]
FACTS = (
    "attribution",
    "gradeassessment",
    "neuroassessment",
    "treatment",
    "treatmentend",
    "vitalsigns",
)


class Migration(migrations.Migration):
    dependencies = [("grading", "0011_rows_with_names")]

    operations = [
        migrations.AlterField(fact, "source", models.CharField(max_length=10, choices=SOURCES)) for fact in FACTS
    ]
