"""`migrate`, as the role that owns the tables; then the role that runs the app gets its rights."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from crsmonitor.audit.grants import grant
from crsmonitor.database.in_place import added_in_place


class Command(migrate.Command):
    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        if "owner" in settings.DATABASES:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        with added_in_place():
            super().handle(*args, **options)
        connection = connections[options["database"]]
        running_role = settings.DATABASES["default"].get("USER")
        if running_role and running_role != connection.settings_dict["USER"]:
            grant(connection, role=running_role)
