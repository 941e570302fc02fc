"""What a data set of a packet is: its columns, how its rows are read, and what a blinded recipient is not told."""

from dataclasses import dataclass

# The longest that a transport file (XPT v5) holds of a label.
LABEL_MOST = 40


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: C with its length, N, or DT. `sql` reads the value. `need`: key, core or empty.

    DT is ISO 8601 with the offset of the site, N a plain decimal, missing is null. `codes`: all values that a C can
    have, where they are few; `concept`: the NCIt code of what is told.
    """

    name: str
    label: str
    kind: str
    unit: str
    derivation: str
    mapping: str
    sql: str
    need: str = ""
    codes: tuple[str, ...] = ()
    concept: str = ""

    @property
    def is_text(self) -> bool:
        return self.kind.startswith("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One file of a packet. `name` is the file's; `keys` tell its rows apart, and the rows come in their order.

    `structure`: the class of ADaM or SDTM. `source`: what follows the columns of the SELECT, ORDER BY included, with
    the placeholders of `statement.py`. It names no schema, and takes of each fact the version that no other supersedes:
    in a connection that shows the tables as they were at a cut, it reads what stood then. `unblinding`: the columns
    that are null for whoever is blinded.
    """

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    source: str
    unblinding: frozenset[str] = frozenset()
