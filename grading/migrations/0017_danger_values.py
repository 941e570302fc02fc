"""Values in danger are told in every study, in one without a pack too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0016_stand_down")]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="pack",
            field=models.ForeignKey(
                blank=True,
                help_text="In force when it was raised; empty: the study had none, and it is told in every study.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grading.thresholdpack",
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="condition",
            field=models.CharField(blank=True, help_text="Empty: a grade rose.", max_length=32),
        ),
    ]
