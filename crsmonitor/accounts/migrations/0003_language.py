"""A person's messages come in the language of her pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audited")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("zh-hant", "Traditional Chinese")],
                default="",
                help_text="In which messages come; empty: that of the site.",
                max_length=10,
                verbose_name="language",
            ),
            preserve_default=False,
        ),
    ]
