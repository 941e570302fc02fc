from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT

FACTS = (
    "disposition", "dose", "dosecheck", "doseend", "doserelease", "measurement", "missedobservationreason", "stay",
    "stayend", "windowcompletion",
)  # fmt: skip


class Migration(migrations.Migration):
    """No question begins with who recorded a fact, but that of a shift, which has an index of its own."""

    dependencies = [
        ("regimens", "0024_design_keys"),
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
