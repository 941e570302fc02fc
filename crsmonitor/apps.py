from django.apps import AppConfig


class CrsMonitorConfig(AppConfig):
    """The project itself, installed so that `manage.py up` is found."""

    name = "crsmonitor"

    def ready(self) -> None:
        # Tasks declared with shared_task must know which broker to use, in every process.
        from crsmonitor import celery  # noqa: F401
