"""When the trail was verified, and what was found: what /readyz asks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("problems", models.PositiveIntegerField(null=True)),
                ("anchor", models.CharField(blank=True, max_length=64)),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "audit_verification",
                "ordering": ["-day"],
            },
        ),
    ]
