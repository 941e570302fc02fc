from django.apps import AppConfig

from crsmonitor.error_words import add_words
from crsmonitor.health import add_check


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        from crsmonitor.audit.verifying import add_check as add_verification
        from grading.alerting import admin, health  # noqa: F401 - admin registers itself
        from grading.policies import error_words as of_policies
        from grading.recording.rederiving import differing_projections
        from grading.words.error_words import WORDS

        add_words(WORDS)
        add_words(of_policies.WORDS)
        add_check("outbox", health.check_outbox)
        add_check("sweep", health.check_sweep)
        add_check("clock", health.check_clock)
        add_verification(differing_projections)
