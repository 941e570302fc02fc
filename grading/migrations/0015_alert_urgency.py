"""An alert of a provisional episode is as urgent as its axis grade, and is raised anew when that rises."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0014_provisional_flag")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="urgency",
            field=models.SmallIntegerField(
                help_text="The grade as which it is called and lapses; empty: its own, and 2 of a provisional one.",
                blank=True,
                null=True,
            ),
        ),
        migrations.RemoveConstraint(model_name="alert", name="alert_once"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("condition", "")),
                fields=("participant", "kind", "fact_root", "grade", "urgency"),
                name="alert_once",
                nulls_distinct=False,
            ),
        ),
    ]
