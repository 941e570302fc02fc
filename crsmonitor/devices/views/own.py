"""One's own PIN and badge."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.devices.credentials.own import drop_badge, drop_pin, set_badge, set_pin
from crsmonitor.devices.forms import OwnBadgeForm, OwnPinForm
from crsmonitor.devices.selectors import badge_of, pin_of
from crsmonitor.errors import InvalidInput


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def own_pin(request: HttpRequest) -> HttpResponse:
    """Set, or with `drop` taken away; what it is shows nowhere."""
    if request.method == "POST" and "drop" in request.POST:
        drop_pin(by=request.user)
        return redirect("account")
    form = OwnPinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            set_pin(form.cleaned_data["pin"], by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.take(error)
        else:
            messages.success(request, _("Your PIN is set."))
            return redirect("account")
    context = {"form": form, "kept": pin_of(request.user)}
    return render(request, "devices/pin.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def own_badge(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and "drop" in request.POST:
        drop_badge(by=request.user)
        return redirect("account")
    form = OwnBadgeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            set_badge(form.cleaned_data["badge"], by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.take(error)
        else:
            messages.success(request, _("Your badge is enrolled."))
            return redirect("account")
    context = {"form": form, "kept": badge_of(request.user)}
    return render(request, "devices/badge.html", context, status=400 if form.is_bound else 200)


urlpatterns: list[URLPattern] = [
    path("accounts/pin/", own_pin, name="own-pin"),
    path("accounts/badge/", own_badge, name="own-badge"),
]
