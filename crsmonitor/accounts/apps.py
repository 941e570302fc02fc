from allauth.account.signals import password_changed, password_set
from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "crsmonitor.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.mfa import signals
        from allauth.socialaccount.signals import social_account_added

        from crsmonitor.accounts.library import second_factor, single_sign_on

        signals.authenticator_added.connect(second_factor.added)
        signals.authenticator_removed.connect(second_factor.removed)
        signals.authenticator_reset.connect(second_factor.reset)
        signals.authenticator_used.connect(second_factor.used)
        social_account_added.connect(single_sign_on.linked)


class OwnSessionsConfig(UserSessionsConfig):
    """As django-allauth's, but for what it does at a sign-in: a look at every session, one by one (sessions.note)."""

    def ready(self) -> None:
        from allauth.usersessions.signals import on_password_changed

        for changed in (password_changed, password_set):
            changed.connect(on_password_changed)
