from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whom somebody has looked after in a shift, by index: built beside those who save, however many sets there are.

    What an interrupted building left behind is taken away first.
    """

    atomic = False

    dependencies = [("grading", "0036_effort_kinds")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS vitals_of_a_shift", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "vitalsigns", models.Index(fields=["recorded_by", "recorded_at"], name="vitals_of_a_shift")
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS neuro_of_a_shift", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "neuroassessment", models.Index(fields=["recorded_by", "recorded_at"], name="neuro_of_a_shift")
        ),
    ]
