"""Why a grade is so, in one line: what decides it, what would lower or raise it, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grading.rules.grades.why import NearestChanges
from grading.words.wording import missing_text, would_text


@dataclass(frozen=True, slots=True)
class Part:
    """`what`: decided, lower, higher or missing."""

    what: str
    text: str


def line(*, decided: str, why: NearestChanges | None, missing: Iterable[str]) -> tuple[Part, ...]:
    """The one line of a grade, part by part; each only where there is something to say."""
    return _line(get_language(), decided, why, tuple(missing))


@lru_cache(maxsize=4096)  # a board says the same of the same newest sets every half minute
def _line(
    _language: str | None, decided: str, why: NearestChanges | None, missing: tuple[str, ...]
) -> tuple[Part, ...]:
    lower = would_text(why.lower) if why else ""
    higher = would_text(why.higher) if why else ""
    lacking = missing_text(missing)
    parts = (
        Part("decided", _("Decided by: %(what)s.") % {"what": decided} if decided else ""),
        Part("lower", _("Lower %(what)s.") % {"what": lower} if lower else ""),
        Part("higher", _("Higher %(what)s.") % {"what": higher} if higher else ""),
        Part("missing", _("Not assessed: %(what)s") % {"what": lacking} if lacking else ""),
    )
    return tuple(part for part in parts if part.text)
