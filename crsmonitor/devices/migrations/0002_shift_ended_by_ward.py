"""A shift on a tablet may be ended by whoever runs the ward."""

from django.db import migrations, models

ENDINGS = [
    ("signed_out", "signed out"),
    ("locked_out", "too many wrong PINs"),
    ("revoked", "the tablet was revoked"),
    ("again", "signed in again"),
    ("by_ward", "ended by whoever runs the ward"),
]


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_tablets")]

    operations = [
        migrations.AlterField(
            model_name="tabletsignin",
            name="ending",
            field=models.CharField(blank=True, choices=ENDINGS, max_length=12),
        ),
    ]
