"""From which enrolled tablet a fact came; empty for all that were kept before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0001_tablets"),
        ("grading", "0009_neuro_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="attribution",
            name="tablet",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.tablet",
            ),
        ),
        migrations.AddField(
            model_name="gradeassessment",
            name="tablet",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.tablet",
            ),
        ),
        migrations.AddField(
            model_name="neuroassessment",
            name="tablet",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.tablet",
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="tablet",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.tablet",
            ),
        ),
        migrations.AddField(
            model_name="treatmentend",
            name="tablet",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.tablet",
            ),
        ),
        migrations.AddField(
            model_name="vitalsigns",
            name="tablet",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.tablet",
            ),
        ),
    ]
