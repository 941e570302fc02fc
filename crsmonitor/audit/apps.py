from django.apps import AppConfig

from crsmonitor.health import add_check


class AuditConfig(AppConfig):
    name = "crsmonitor.audit"
    label = "audit"

    def ready(self) -> None:
        from crsmonitor.audit.health import check_audit  # needs the models

        add_check("audit", check_audit)
