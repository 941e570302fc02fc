from django.db import migrations


class Migration(migrations.Migration):
    """Nothing read these hours: the gate goes by the calendar days of the plan (`interval_min_d`)."""

    dependencies = [("regimens", "0001_initial")]

    operations = [migrations.RemoveField(model_name="step", name="minimum_interval_h")]
