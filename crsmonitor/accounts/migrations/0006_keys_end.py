"""No key lasts longer than a year, whoever made it; a program's dates may be shifted, by a secret that is kept sealed."""

from datetime import timedelta

from django.db import migrations, models

SHORTEN = """
SELECT set_config('app.actor', 'command:migrate', true), set_config('app.reason', 'a key ends within a year', true);
UPDATE accounts_apitoken SET expires_at = created_at + interval '8760 hours'
 WHERE expires_at > created_at + interval '8760 hours';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_keys_of_programs")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="sealed_shift",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunSQL(SHORTEN, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__lte", models.expressions.CombinedExpression(
                        models.F("created_at"), "+", models.Value(timedelta(days=365))))
                ),
                name="key_ends_within_a_year",
            ),
        ),
    ]  # fmt: skip
