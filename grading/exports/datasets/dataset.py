"""What a data set of a packet is: its columns, how its rows are read, and what a blinded recipient is not told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from regimens.blinding import Profile

# The longest that a transport file (XPT v5) holds of a label.
LABEL_MOST = 40
DATE = "date"  # the unit of a number that is a date
RANGE = re.compile(r"-?\d+-\d+")  # 0-5, of a grade


class Term(NamedTuple):
    """One of the few values of a column, where more is known of it: what it stands for, NCIt's code of that, and where
    it says which quantity a row is about, the unit."""

    code: str
    label: str = ""
    unit: str = ""
    concept: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: C with its length, N, or DT. `sql` reads the value. `need`: key, core or empty.

    DT is ISO 8601 with the offset of the site, N a plain decimal, missing is null. `codes`: all values that a C can
    have, where they are few; `concept`: the NCIt code of what is told. `lack`: why every value is null, where nothing
    is collected yet that could fill it; empty: it is filled. `terms`: what else is known of each code.
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
    lack: str = ""
    terms: tuple[Term, ...] = ()

    @property
    def is_text(self) -> bool:
        return self.kind.startswith("C")

    @property
    def is_whole(self) -> bool:
        """A number without a unit, with a range of grades or points, in days or a date: it counts, numbers, grades."""
        return self.kind == "N" and (self.unit in ("", "d", DATE) or RANGE.fullmatch(self.unit) is not None)

    @property
    def is_date(self) -> bool:
        """The date of an instant as ADaM and SAS have it: days since 1960-01-01."""
        return self.kind == "N" and self.unit == DATE


def uncollected(name: str, label: str, kind: str, unit: str, mapping: str, *, why: str) -> Column:
    """A column that nothing is collected for yet: null in every row, and the dictionary says so."""
    return Column(name, label, kind, unit, f"Not collected: {why}", mapping, "NULL", lack=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Of a data set with several rows of one `fact`. `source`: as that of the data set, of the facts alone. `rows`: of
    each row, in their order, what the names of `reading` stand for, in SQL of the fact; `present`: whether it is there.
    """

    source: str
    rows: tuple[Mapping[str, str], ...]
    present: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One file of a packet. `name` is the file's; `keys` tell its rows apart, and the rows come in their order.

    `structure`: the class of ADaM or SDTM. `source`: what follows the columns of the SELECT, ORDER BY included, with
    the placeholders of `statement.py`. It names no schema, and takes of each fact the version that no other supersedes:
    in a connection that shows the tables as they were at a cut, it reads what stood then. `unblinding`: the columns
    that are null for whoever is blinded; `cohorts`: for everybody but under the profiles that tell them. `groups`: how
    rows of one fact are read together, which gives the same rows.
    """

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    source: str
    unblinding: frozenset[str] = frozenset()
    cohorts: frozenset[str] = frozenset()
    groups: Groups | None = None

    @property
    def lacks(self) -> dict[str, str]:
        """The columns that nothing can fill yet, each with why: an empty one is never left unexplained."""
        return {column.name: column.lack for column in self.columns if column.lack}

    def withheld(self, profile: Profile) -> frozenset[str]:
        """The columns that are null under this profile."""
        cohorts = frozenset() if profile in (Profile.OPEN, Profile.DMC) else self.cohorts
        return cohorts | self.unblinding if profile is Profile.BLINDED else cohorts
