"""Sign in and out, one's own password, second factors and sessions, language, day and night."""

from allauth.account import views as account
from allauth.mfa.base.views import reauthenticate as mfa_reauthenticate
from allauth.mfa.webauthn.views import login_webauthn, reauthenticate_webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path

from crsmonitor.accounts.views import invitation, own, preferences, sign_in, single_sign_on

OPEN = login_not_required
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("login/", sign_in.SignIn.as_view(), name="account_login"),  # as django-allauth calls them
    path("logout/", sign_in.SignOut.as_view(), name="logout"),
    path("invitation/<uidb64>/<token>/", invitation.Invitation.as_view(), name="invitation"),
    path("logout/", sign_in.SignOut.as_view(), name="account_logout"),
    path("language/", preferences.language, name="set_language"),
    path("theme/", preferences.theme, name="theme"),
    path("inactive/", OPEN(account.account_inactive), name="account_inactive"),
    path("password_change/", account.password_change, name="account_change_password"),
    path("password_set/", account.password_set, name="account_set_password"),
    path("password_reset/", account.password_reset, name="account_reset_password"),
    path("password_reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password_reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password_reset/set/", account.password_reset_from_key_done, name="account_reset_password_from_key_done",
    ),
    path("reauthenticate/", own.renewed(account.reauthenticate), name="account_reauthenticate"),
    path("factors/reauthenticate/", own.renewed(mfa_reauthenticate), name="mfa_reauthenticate"),
    path("factors/webauthn/reauthenticate/", own.renewed(reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("factors/webauthn/login/", OPEN(login_webauthn), name="mfa_login_webauthn"),
    path("factors/", include("allauth.mfa.urls")),
    path("sessions/", own.sessions, name="usersessions_list"),
    path("oidc/<str:provider_id>/login/", single_sign_on.set_out, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", single_sign_on.come_back, name="openid_connect_callback"),
    path("linked/", single_sign_on.link, name="socialaccount_connections"),
    path("prove/", single_sign_on.prove, name="prove"),
    path("cancelled/", sign_in.cancelled, name="socialaccount_login_cancelled"),
    path("signing/", own.signing_options, name="signing_options"),
    path("tokens/", own.tokens, name="tokens"),
    path("", own.account, name="account"),
]  # fmt: skip
