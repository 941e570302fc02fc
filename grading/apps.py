from django.apps import AppConfig

from crsmonitor.error_words import add_words


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        from grading.error_words import WORDS  # needs the models

        add_words(WORDS)
