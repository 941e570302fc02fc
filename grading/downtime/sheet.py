"""A downtime sheet as finished words, before anything is drawn. The standard library alone: no Django, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """What something is, and its text. `text` empty: it is not on record, and a dash says so."""

    name: str
    text: str

    @property
    def shown(self) -> str:
        return self.text or "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """`columns` are headings. `rows`: cells of what is on record; `blank`: how many empty rows follow them.

    `square`: the address that its square opens; empty: it has none. `note`: what is said under the heading.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    blank: int = 0
    square: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"{self.title}: a row with {len(wrong[0])} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSection:
    """A heading with lines below it. `texts`: lines that are no pair, each a line of its own."""

    title: str
    lines: Sequence[SheetLine] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One participant on paper. `number` and `bed` stand largest, `foot` on every page beside "page n of m"."""

    title: str
    number: str
    bed: str
    as_of: str
    warning: str
    check: str
    foot: str
    page_of: str  # with %(page)s and %(pages)s
    sections: Sequence[SheetSection] = ()
    known: Sequence[SheetTable] = ()
    blanks: Sequence[SheetTable] = field(default_factory=tuple)
    criteria: Sequence[SheetTable] = ()  # on a page of their own
