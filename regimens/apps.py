from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crsmonitor.error_words import add_words
from crsmonitor.health import add_check


class RegimensConfig(AppConfig):
    name = "regimens"
    verbose_name = _("Regimens")

    def ready(self) -> None:
        from crsmonitor.accounts.sign_in.first_steps import second_factor_rules
        from crsmonitor.devices.places import Places, say_places
        from regimens.error_words import WORDS  # needs the models
        from regimens.library.problem_words import WORDS as OF_FILES
        from regimens.runs.health import check_runs
        from regimens.selectors import needs_second_factor, tablet_crew_of, tablet_sites_of, works_at

        add_words(WORDS)
        add_words(OF_FILES)
        add_check("runs", check_runs)
        second_factor_rules.append(needs_second_factor)
        say_places(Places(works_at=works_at, run_by=tablet_sites_of, crew_of=tablet_crew_of))
