"""A study may write more than one pair of grade and hours for dose-limiting toxicity."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0018_review_sample"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="limiting_besides",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
