from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "crsmonitor.audit"
    label = "audit"
