"""Where a study's webhooks are set up. Packs come by `manage.py load_pack`, which checks them."""

from django.contrib import admin

from crsmonitor.audit.admin import AuditedAdmin
from grading.models import Endpoint


@admin.register(Endpoint)
class EndpointAdmin(AuditedAdmin):
    list_display = ["study", "site", "url", "active"]
    list_select_related = ["study", "site"]
