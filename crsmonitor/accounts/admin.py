"""Where accounts are made. They are deactivated, never deleted."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest, HttpResponse

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's own pages for accounts; every change is audited as the signed-in administrator's."""

    actions = None
    fieldsets = (*(UserAdmin.fieldsets or ()), (None, {"fields": ["language"]}))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting(by=request.user, reason="account changed by an administrator"):
            return super().changeform_view(request, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting(by=request.user, reason="password set by an administrator"):
            return super().user_change_password(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
