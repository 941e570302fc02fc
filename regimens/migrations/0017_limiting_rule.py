"""A study may write its own rule for dose-limiting toxicity."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0016_signatures"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="limiting_grade",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)],
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="limiting_hours",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
