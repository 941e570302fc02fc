"""Where a study's endpoints, phone trees and ladders are set up.

Policies come by `manage.py load_policy`, which checks them; shifts by the rota's own page.
"""

from django.contrib import admin

from crsmonitor.audit.admin import AuditedAdmin
from grading.models import Endpoint, EscalationStep, PhoneTree


@admin.register(Endpoint)
class EndpointAdmin(AuditedAdmin):
    list_display = ["study", "site", "url", "gateway", "active"]
    list_select_related = ["study", "site"]


@admin.register(PhoneTree)
class PhoneTreeAdmin(AuditedAdmin):
    list_display = ["study", "site"]
    list_select_related = ["study", "site"]


@admin.register(EscalationStep)
class EscalationStepAdmin(AuditedAdmin):
    list_display = ["study", "site", "position", "on_call_role", "wait_minutes", "active"]
    list_select_related = ["study", "site"]
