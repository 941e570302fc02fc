from allauth.account.signals import password_changed, password_set
from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "crsmonitor.accounts"
    label = "accounts"


class OwnSessionsConfig(UserSessionsConfig):
    """As django-allauth's, but for what it does at a sign-in: a look at every session, one by one (sessions.note)."""

    def ready(self) -> None:
        from allauth.usersessions.signals import on_password_changed

        for changed in (password_changed, password_set):
            changed.connect(on_password_changed)
