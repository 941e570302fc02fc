"""Sign in, sign out, language, day and night."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.i18n import set_language

from crsmonitor.accounts import views

urlpatterns: list[URLPattern] = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("theme/", views.theme, name="theme"),
]
