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
    "disposition",
    "dose",
    "dosecheck",
    "doseend",
    "doserelease",
    "measurement",
    "missedobservationreason",
    "stay",
    "stayend",
    "windowcompletion",
)


class Migration(migrations.Migration):
    dependencies = [("regimens", "0014_tablets")]

    operations = [
        migrations.AlterField(fact, "source", models.CharField(max_length=10, choices=SOURCES)) for fact in FACTS
    ]
