"""Configuration pages whose every change is somebody's, for a reason."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crsmonitor.audit.acting import acting


def reason_field() -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=500, help_text=_("Kept in the audit trail."))


class ReasonForm(forms.ModelForm):
    """Any configuration form, and why it is sent. `reason_name`: of a model that has a `reason` itself, another."""

    reason_name: ClassVar = "reason"
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.reason_name in self.fields:  # not where the page is read-only
            self.fields[self.reason_name].required = self.instance.pk is not None


class AuditedAdmin(admin.ModelAdmin):
    """Adding and changing leave their trace; nothing is deleted. The reason is asked for on the form itself."""

    actions = None
    form = ReasonForm

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = request.POST.get(self.form.reason_name, "").strip() or "added"
        with acting(by=request.user, reason=reason):
            return super().changeform_view(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
