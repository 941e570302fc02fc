from django.apps import AppConfig

from crsmonitor.error_words import add_words


class RegimensConfig(AppConfig):
    name = "regimens"

    def ready(self) -> None:
        from regimens.error_words import WORDS  # needs the models

        add_words(WORDS)
