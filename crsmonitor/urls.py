"""Every address of the site. Each app brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from crsmonitor import health
from crsmonitor.accounts.views import sign_in

handler400 = "crsmonitor.pages.error_pages.not_understood"
handler403 = "crsmonitor.pages.error_pages.not_allowed"
handler404 = "crsmonitor.pages.error_pages.not_found"
handler500 = "crsmonitor.pages.error_pages.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("grading.bedside.api.urls")),  # asked for most often, and looked for in this order
    path("api/v1/", include("regimens.api")),
    path("admin/login/", sign_in.administration),  # before its own: there is one door
    path("admin/logout/", sign_in.SignOut.as_view()),
    path("admin/", admin.site.urls),
    path("", include("crsmonitor.devices.urls")),
    path("", include("crsmonitor.pages.installed")),
    path("accounts/", include("crsmonitor.accounts.urls")),
    path("", include("regimens.urls")),
    path("", include("grading.urls")),
]
