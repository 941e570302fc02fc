"""A message of an alert is a page or a stand-down, and says of which opening it is."""

from django.db import migrations, models
from django.db.models import Q

WHYS = ["answered", "treatment", "at_bedside", "declined", "withdrawn", "over"]
# The opening stands in the key: alert:ID:OPENING[.CALL]:CHANNEL:WHOM.
OPENINGS = """
    UPDATE grading_delivery SET opening = split_part(split_part(key, ':', 3), '.', 1)::smallint
    WHERE key ~ '^alert:[^:]+:[0-9]{1,4}[.:]'
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0015_alert_urgency")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="purpose",
            field=models.CharField(
                choices=[("page", "page"), ("stand_down", "stand-down")], default="page", max_length=10
            ),
        ),
        migrations.AddField(model_name="delivery", name="opening", field=models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            model_name="delivery",
            name="why",
            field=models.CharField(blank=True, choices=[(why, why) for why in WHYS], default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="delivery",
            name="by_role",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="delivery",
            name="drug_class",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.RunSQL(OPENINGS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                name="stand_down_says_why",
                condition=Q(purpose="page", why="", by_role="", drug_class="") | Q(purpose="stand_down", why__in=WHYS),
            ),
        ),
    ]
