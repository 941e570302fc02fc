"""A pair of grade and hours for dose-limiting toxicity may be of CRS or of ICANS alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0020_designs"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="limiting_syndrome",
            field=models.CharField(
                blank=True, choices=[("crs", "CRS"), ("icans", "ICANS")], db_default="", default="", max_length=5
            ),
        ),
    ]
