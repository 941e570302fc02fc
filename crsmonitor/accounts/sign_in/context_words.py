"""Words that are guessed first here (ASVS 5.0 V6.1.2, V6.2.11): a password is not made of them."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crsmonitor.accounts.models import User

# Of the product, its field, and the roles and places of a trial. The organisation's own: CRS_PASSWORD_WORDS.
WORDS = (
    "crsmonitor", "monitor", "icans", "astct", "cytokine", "tocilizumab", "bispecific", "oncology", "hematology",
    "haematology", "hospital", "clinical", "nurse", "charge", "investigator", "sponsor", "reviewer", "manager", "ward",
    "trial", "study", "demo", "password", "passwort", "welcome", "summer", "winter", "spring", "autumn", "qwerty",
)  # fmt: skip
LEFT = 8  # characters without these words, digits at the end and what separates: less is guessed as soon as the words


class ContextWordsValidator:
    """For AUTH_PASSWORD_VALIDATORS. `words`: those of the organisation."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words = sorted({*WORDS, *(word.lower() for word in words)}, key=len, reverse=True)

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError where little is left of it without the words."""
        without = re.sub("|".join(map(re.escape, self.words)), "", password.lower())
        if without == password.lower():
            return
        if len(re.sub(r"[\W_]|\d+$", "", without)) < LEFT:
            raise ValidationError(self.get_help_text(), code="password_of_context_words")

    def get_help_text(self) -> str:
        words = _("It is made of words that are guessed first here, such as the name of the program or of a role.")
        more = ngettext("Add %(n)s other character.", "Add %(n)s other characters.", LEFT) % {"n": LEFT}
        return f"{words} {more}"
