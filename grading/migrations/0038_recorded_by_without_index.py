from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT

FACTS = (
    "attribution", "episodenarrative", "eventreport", "gradeassessment", "neuroassessment", "reviewassignment",
    "treatment", "treatmentcheck", "treatmentend", "vitalsigns",
)  # fmt: skip


class Migration(migrations.Migration):
    """No question begins with who recorded a fact, but that of a shift, which has an index of its own."""

    dependencies = [
        ("grading", "0037_of_a_shift"),
        ("regimens", "0025_recorded_by_without_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            fact,
            "recorded_by",
            models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=PROTECT, related_name="+", db_index=False),
        )
        for fact in FACTS
    ]
