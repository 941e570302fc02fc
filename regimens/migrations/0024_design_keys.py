"""The id that a program gives to a version of a design: a request that is sent again makes no other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regimens", "0023_escalation_decision")]

    operations = [
        migrations.AddField(model_name="designversion", name="key", field=models.UUIDField(editable=False, null=True)),
        migrations.AddConstraint(
            model_name="designversion",
            constraint=models.UniqueConstraint(fields=("key",), name="design_version_key_once"),
        ),
    ]
