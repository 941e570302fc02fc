"""What filled the slots of a period, and when the next look is due.

The rows of before know nothing of slots: with the next fact all is derived again, since no checkpoint is left, and
`manage.py rederive` does it for all. Until then the board goes on by the rule of before: one interval after the last
look.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

FROM_BEFORE = """
DELETE FROM grading_checkpoint;
UPDATE grading_currentstate SET fold = fold - 'looks';
UPDATE grading_currentstate c
   SET vitals_due_at = greatest(c.dose_at, c.vitals_at) + s.vitals_every_h * interval '1 hour',
       neuro_due_at = greatest(c.dose_at, c.neuro_at) + s.neuro_every_h * interval '1 hour'
  FROM regimens_step s WHERE s.id = c.step_id AND c.dose_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0005_drug_ledgers"), ("regimens", "0006_windows")]

    operations = [
        migrations.AddField(
            model_name="currentstate",
            name="neuro_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="currentstate",
            name="vitals_due_at",
            field=models.DateTimeField(help_text="Of the first slot after the last look, over or not.", null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="excused",
            field=models.JSONField(default=dict, help_text="Due times of slots that are excused, by kind."),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="ice_recorded",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="neuro_excused",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="neuro_late",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="neuro_on_time",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="neuro_unfilled",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="slot_sets",
            field=models.JSONField(default=dict, help_text="See grading/rules/course/slots.py."),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="vitals_excused",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="vitals_late",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="vitals_on_time",
            field=models.PositiveIntegerField(help_text="Slots; empty: nothing is planned.", null=True),
        ),
        migrations.AddField(
            model_name="doseperiod",
            name="vitals_unfilled",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None),
        ),
        migrations.RunSQL(FROM_BEFORE, migrations.RunSQL.noop),
    ]
