from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crsmonitor.error_words import add_words
from crsmonitor.health import add_check


class GradingConfig(AppConfig):
    name = "grading"
    verbose_name = _("Grading")

    def ready(self) -> None:
        from crsmonitor.accounts.sign_in import hands
        from crsmonitor.audit.verifying import add_check as add_verification
        from grading.alerting import admin, health  # noqa: F401 - admin registers itself
        from grading.alerting.views import browsers
        from grading.course.dose_periods.naming import name_site_again
        from grading.exports.packet.health import check_stores
        from grading.intake import error_words as of_intake
        from grading.policies import error_words as of_policies
        from grading.queries import error_words as of_queries
        from grading.recording.rederiving import differing_projections, under_another_plan
        from grading.review.signatures.verifying import differing_signatures
        from grading.setup.guard import not_ready
        from grading.setup.words import ERROR_WORDS
        from grading.tablet import error_words as of_tablets
        from grading.words.error_words import WORDS
        from regimens.replanning import on_replanned, on_site_described
        from regimens.services.enrolment import add_guard

        on_replanned(under_another_plan)
        on_site_described(name_site_again)
        add_words(WORDS)
        add_words(of_policies.WORDS)
        add_words(of_intake.WORDS)
        add_words(of_queries.WORDS)
        add_words(ERROR_WORDS)
        add_words(of_tablets.WORDS)
        add_guard(not_ready)
        hands.on(hands.Hands.IN, browsers.signs_in)
        hands.on(hands.Hands.OUT, browsers.signs_out)
        hands.on(hands.Hands.ALONE, browsers.ends_others)
        add_check("outbox", health.check_outbox)
        add_check("sweep", health.check_sweep)
        add_check("clock", health.check_clock)
        add_check("stores", check_stores)
        add_verification(differing_projections)
        add_verification(differing_signatures)
