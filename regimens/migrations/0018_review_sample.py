"""Of the episodes that ended, a study may have so many of a hundred read by central review, drawn by a seed."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0017_limiting_rule"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="review_percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="review_seed",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
