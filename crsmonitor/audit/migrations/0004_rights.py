"""Rights that are given in the administration, to a person or to a group, leave their trace."""

from django.db import migrations

SQL = """
SELECT audit_adopt('accounts_user_groups', 'user', 'user_id');
SELECT audit_attach('accounts_user_groups', 'user', 'user_id');
SELECT audit_adopt('accounts_user_user_permissions', 'user', 'user_id');
SELECT audit_attach('accounts_user_user_permissions', 'user', 'user_id');
SELECT audit_adopt('auth_group', 'group', 'id');
SELECT audit_attach('auth_group', 'group', 'id');
SELECT audit_adopt('auth_group_permissions', 'group', 'group_id');
SELECT audit_attach('auth_group_permissions', 'group', 'group_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_rows_held_against_the_trail"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
