"""Where a study's endpoints, phone trees and escalation steps are set up.

Policies come by `manage.py load_policy`, which checks them; shifts by the rota's own page.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from crsmonitor.audit.admin import AuditedAdmin
from grading.alerting import admin_words
from grading.alerting.forms.endpoint import EndpointForm
from grading.models import Endpoint, EscalationStep, PhoneTree

admin_words.call_all()


@admin.register(Endpoint)
class EndpointAdmin(AuditedAdmin):
    form = EndpointForm
    list_display = ["study", "site", "url", "gateway", "active"]
    list_select_related = ["study", "site"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "url":  # an address without a scheme is one of https
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(PhoneTree)
class PhoneTreeAdmin(AuditedAdmin):
    list_display = ["study", "site"]
    list_select_related = ["study", "site"]


@admin.register(EscalationStep)
class EscalationStepAdmin(AuditedAdmin):
    list_display = ["study", "site", "position", "on_call_role", "wait_minutes", "active"]
    list_select_related = ["study", "site"]
