"""Ways to receivers that keep their callers waiting (grading/alerting/delivery/lanes.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0019_judgements_that_hold"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("name", models.CharField(max_length=220, primary_key=True, serialize=False)),
                ("waits", models.PositiveSmallIntegerField(default=0)),
                ("open_at", models.DateTimeField()),
                ("tried_until", models.DateTimeField(null=True)),
            ],
        ),
    ]
