import logging

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import pre_migrate


class CrsMonitorConfig(AppConfig):
    """The project itself, installed so that `manage.py up` is found."""

    name = "crsmonitor"

    def ready(self) -> None:
        # Tasks declared with shared_task must know which broker to use, in every process.
        from crsmonitor import celery  # noqa: F401
        from crsmonitor.database.instants import read_instants_at_once
        from crsmonitor.database.superseded import refuse_older

        read_instants_at_once()
        if settings.PRODUCTION:
            logging.captureWarnings(True)  # else they are the only lines of the log that are no JSON
        # Sent for apps that have models, and this one has none: once, for the first of those that do.
        pre_migrate.connect(refuse_older, sender=apps.get_app_config("audit"))
