"""Packets may lie in an S3-compatible store: which, under which name, and the SHA-256 of each of their parts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0028_certified_copies")]

    operations = [
        migrations.AddField(
            model_name="packet",
            name="key",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="packet",
            name="store",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="packet",
            name="upload",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="packetpart",
            name="sha256",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="packetpart",
            name="data",
            field=models.BinaryField(null=True),
        ),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key", ""), ("store", "")),
                    models.Q(models.Q(("store", ""), _negated=True), models.Q(("key", ""), _negated=True)),
                    _connector="OR",
                ),
                name="packet_in_a_store_has_its_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="packetpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("data__isnull", False), models.Q(("sha256", ""), _negated=True), _connector="OR"),
                name="packet_part_here_or_known",
            ),
        ),
    ]
