"""What the page of verification says of a file, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grading.copies.selectors import KnownCopy
from grading.copies.words import KINDS
from grading.review.trail.words import kind_word

FORM_WORDS: Mapping[str, str | Promise] = {
    "pdf": "PDF/A", "json": "JSON", "csv": "CSV", "zip": _l("archive of all files"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLines:
    """`changes`: what was written since, by kind, with how often."""

    known: KnownCopy
    form: str
    changes: list[tuple[str, int]]

    @property
    def holds(self) -> bool:
        """Whether the trail is the one that the copy ended with, and whole."""
        return not self.known.rewritten and not self.known.broken


def known_lines(known: KnownCopy) -> KnownLines:
    changes = [(str(KINDS.get(table) or kind_word(table)), n) for table, n in known.changes.items()]
    return KnownLines(known=known, form=str(FORM_WORDS[known.file.form]), changes=changes)
