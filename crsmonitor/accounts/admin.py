"""Where accounts are made. They are deactivated, never deleted."""

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.admin import AuditedAdmin


class FirstPasswordForm(AdminPasswordChangeForm):
    """What an operator sets is for the first sign-in alone."""

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        return super().save(commit)


class NewAccountForm(AdminUserCreationForm):
    def save(self, commit: bool = True) -> User:
        self.instance.must_change_password = True
        return super().save(commit)


def _who_are_you(request: HttpRequest) -> HttpResponse | None:
    """The way to say so again; an address is where a reset goes. What was typed is not kept. None: she just did."""
    if not is_reauthentication_required(request, app=__name__):
        return None
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")


RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's own pages for accounts; every change is audited as the signed-in administrator's."""

    actions = None
    add_form = NewAccountForm
    change_password_form = FirstPasswordForm
    fieldsets = (*(UserAdmin.fieldsets or ()), (None, {"fields": ["language"]}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if object_id is not None and (away := _who_are_you(request)):
            return away
        with acting(by=request.user, reason="account changed by an administrator"):
            return super().changeform_view(request, object_id, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if away := _who_are_you(request):
            return away
        with acting(by=request.user, reason="password set by an administrator"):
            return super().user_change_password(request, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Rights are given by a superuser, and by nobody to themselves."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser and obj != request.user else fixed + RIGHTS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An operator's account is a superuser's to change: whoever may set its password may act as its holder."""
        theirs = obj is None or request.user.is_superuser or not (obj.is_staff or obj.is_superuser)
        return theirs and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister(Group)
# Who may change these may sign in and sign as their holder, and no trail would say so.
for model in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Group)
class AuditedGroupAdmin(AuditedAdmin, GroupAdmin):
    """What the members of a group may do in the administration. Whoever may change it may give it to themselves."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser
