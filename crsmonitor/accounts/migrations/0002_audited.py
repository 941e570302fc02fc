"""Every change of an account or a token is audited."""

from django.db import migrations

SQL = """
SELECT audit_attach('accounts_user', 'user', 'id');
SELECT audit_attach('accounts_apitoken', 'user', 'user_id');
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("audit", "0002_triggers")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
