"""When a browser's push service took no more for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0020_slot_times")]

    operations = [
        migrations.AddField("pushsubscription", "gone_at", models.DateTimeField(null=True, editable=False)),
    ]
