"""Sign in, sign out, language, day and night."""

from django.urls import URLPattern, path

from crsmonitor.accounts.views import invitation, preferences, sign_in

urlpatterns: list[URLPattern] = [
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", sign_in.SignOut.as_view(), name="logout"),
    path("invitation/<uidb64>/<token>/", invitation.Invitation.as_view(), name="invitation"),
    path("language/", preferences.language, name="set_language"),
    path("theme/", preferences.theme, name="theme"),
]
