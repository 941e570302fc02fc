"""What a judged grade could have been, the peak of a dose period, and its provisional episodes (rules/judged.py).

`manage.py rederive` fills the columns of the periods that are there.
"""

from django.db import migrations, models


def grade(text: str) -> "models.SmallIntegerField[int | None, int | None]":
    return models.SmallIntegerField(null=True, help_text=text)


class Migration(migrations.Migration):
    dependencies = [("grading", "0018_position_arm_and_dropped")]

    operations = [
        migrations.AddField("judgement", "derived_at_most", models.SmallIntegerField(editable=False, null=True)),
        migrations.AddField(
            "episode",
            "axis_grade",
            models.SmallIntegerField(
                default=0, help_text="The worst that hypotension and hypoxia were for certain, of a provisional one."
            ),
        ),
        migrations.AddField(
            "doseperiod", "crs_sets_peak", grade("The highest grade that a set of this period has for certain.")
        ),
        migrations.AddField(
            "doseperiod", "crs_peak", grade("The same of all episodes, carried ones and death included.")
        ),
        migrations.AddField(
            "doseperiod", "crs_provisional", grade("What provisional episodes begun here could be; null: none.")
        ),
        migrations.AddField(
            "doseperiod", "crs_provisional_carried", grade("The same of those that were open at the dose.")
        ),
    ]
