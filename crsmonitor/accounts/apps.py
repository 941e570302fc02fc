from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "crsmonitor.accounts"
    label = "accounts"
