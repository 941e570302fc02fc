from django.apps import AppConfig

from crsmonitor.error_words import add_words


class RegimensConfig(AppConfig):
    name = "regimens"

    def ready(self) -> None:
        from crsmonitor.accounts.sign_in.first_steps import second_factor_rules
        from regimens.error_words import WORDS  # needs the models
        from regimens.selectors import needs_second_factor

        add_words(WORDS)
        second_factor_rules.append(needs_second_factor)
