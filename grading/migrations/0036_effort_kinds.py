from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for the longest name of an entry page; a wider column rewrites nothing."""

    dependencies = [("grading", "0035_waiting_by_index")]

    operations = [migrations.AlterField("entryeffort", "kind", models.CharField(max_length=64))]
