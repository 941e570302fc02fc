"""A missed observation is one of a kind (docs/glossary.md): the column says so, the rows stay as they are."""

from django.db import migrations, models

BECAUSE = ["asleep", "refused", "off_ward", "equipment", "clinician_request"]


class Migration(migrations.Migration):
    dependencies = [("regimens", "0004_study_sites")]

    operations = [
        migrations.RemoveConstraint("MissedObservationReason", "excuse_look_known"),
        migrations.RemoveConstraint("MissedObservationReason", "excuse_because_known"),
        migrations.RemoveConstraint("MissedObservationReason", "excuse_not_asleep_for_neuro"),
        migrations.RenameField("MissedObservationReason", "look", "observation_kind"),
        migrations.AddConstraint(
            "MissedObservationReason",
            models.CheckConstraint(
                condition=models.Q(("observation_kind__in", ["vitals", "neuro"])), name="missed_observation_kind_known"
            ),
        ),
        migrations.AddConstraint(
            "MissedObservationReason",
            models.CheckConstraint(
                condition=models.Q(("because__in", BECAUSE)), name="missed_observation_because_known"
            ),
        ),
        migrations.AddConstraint(
            "MissedObservationReason",
            models.CheckConstraint(
                condition=models.Q(("because", "asleep"), ("observation_kind", "neuro"), _negated=True),
                name="missed_observation_not_asleep_for_neuro",
            ),
        ),
    ]
