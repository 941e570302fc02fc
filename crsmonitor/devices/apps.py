from django.apps import AppConfig

from crsmonitor.error_words import add_words


class DevicesConfig(AppConfig):
    name = "crsmonitor.devices"
    label = "devices"

    def ready(self) -> None:
        from crsmonitor.devices.error_words import WORDS

        add_words(WORDS)
