"""What the role that runs the app may do to each table. Everything not said here is refused by PostgreSQL."""

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

USUAL = "SELECT, INSERT, UPDATE"
# Rows of other people's apps that are deleted in the ordinary course of things.
OF_OTHERS = {
    "django_session": "SELECT, INSERT, UPDATE, DELETE",
    "django_migrations": "SELECT",
    "mfa_authenticator": "SELECT, INSERT, UPDATE, DELETE",
    "socialaccount_socialaccount": "SELECT, INSERT, UPDATE, DELETE",
    "socialaccount_socialtoken": "SELECT, DELETE",  # none is kept; the end of a link deletes those of it
    "usersessions_usersession": "SELECT, INSERT, UPDATE, DELETE",
    "auth_group_permissions": "SELECT, INSERT, DELETE",
    "accounts_user_groups": "SELECT, INSERT, DELETE",
    "accounts_user_user_permissions": "SELECT, INSERT, DELETE",
}


def rights() -> dict[str, str]:
    """Table -> rights. A model of ours says its own in `app_may`."""
    by_table = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            by_table[model._meta.db_table] = getattr(model, "app_may", USUAL)
    return by_table | OF_OTHERS


def grant(connection: BaseDatabaseWrapper, *, role: str) -> None:
    """Give `role` exactly its rights. Runs as the owner, after every migrate; running it twice changes nothing.

    All at once: between taking away and giving, a person's save would be refused.
    """
    name = connection.ops.quote_name(role)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for table, may in sorted(rights().items()):
            if table in tables:
                cursor.execute(f"GRANT {may} ON {connection.ops.quote_name(table)} TO {name}")
