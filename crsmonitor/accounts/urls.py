"""Sign in, sign out, language, day and night."""

from django.urls import URLPattern, path

from crsmonitor.accounts import views

urlpatterns: list[URLPattern] = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("language/", views.language, name="set_language"),
    path("theme/", views.theme, name="theme"),
]
