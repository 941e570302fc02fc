"""What was corrected or withdrawn after a cut, as the data set AUDIT tells it: roles and numbers, no names."""

from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg import sql

from grading.exports.datasets.audit import AUDIT
from grading.exports.preview.reading import TooLong, in_time, of_cut
from grading.models import DataCut

MOST = 200
_COLUMNS = ("AUDDTM", "USUBJID", "RECORD", "ACTION", "FIELD", "OLDVAL", "NEWVAL", "REASON", "ROLE", "USERID")


@dataclass(frozen=True, slots=True)
class Correction:
    """In the order of _COLUMNS. None: as in the data set."""

    at: str
    usubjid: str
    record: str
    action: str
    field: str | None
    was: str | None
    becomes: str | None
    reason: str | None
    role: str | None
    user: str

    @property
    def role_code(self) -> str:
        """As Role has it, of CHARGE NURSE."""
        return (self.role or "").lower().replace(" ", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The newest of them, and how many there are: one for each value that was changed."""

    shown: tuple[Correction, ...]
    in_all: int


def corrections_since(cut: DataCut, *, at: datetime) -> Corrections | None:
    """None: too many records to look through for a page."""
    query = sql.SQL(
        "SELECT {columns}, count(*) OVER () FROM ({audit}) one"
        ' WHERE "ACTION" <> \'ENTERED\' AND "AUDDTM" >= {since}'
        ' ORDER BY "AUDDTM" DESC, "USUBJID", "AUDSEQ" LIMIT {most}'
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)), audit=of_cut(AUDIT, cut, until=at),
        since=sql.Literal(cut.cut.astimezone(UTC).isoformat(timespec="seconds")), most=sql.Literal(MOST),
    )  # fmt: skip
    try:
        with in_time() as cursor:
            rows = cursor.execute(query).fetchall()
    except TooLong:
        return None
    return Corrections(shown=tuple(Correction(*row[:-1]) for row in rows), in_all=rows[0][-1] if rows else 0)
