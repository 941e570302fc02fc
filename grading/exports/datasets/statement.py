"""From a data set to the one statement that reads it for a study, its sites, a cut and a blinding profile."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from psycopg import sql
from psycopg.abc import Buffer

from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.groups import LineFormat, text_by_fact
from grading.exports.datasets.keys_of_rules import BY_RULES
from regimens.blinding import Profile
from regimens.models import Study

TEXTS = 16  # put together at once: libpq gives each a buffer of its own, and more of them leave the cache

# Of the whole export, the same in every row: `CROSS JOIN ({cut_row}) cut`.
_CUT_ROW = """
    SELECT {cut}::timestamptz AS at, {text}::text AS text, {code}::text AS study,
           make_interval(days => {days}) AS concurrence, {blinded}::boolean AS blinded
"""


class Statement(sql.Composed):
    """SELECT of rows. `by_fact`, where several are of one fact: SELECT of one text a fact, of its rows as a format
    writes them."""

    by_fact: Callable[[LineFormat], sql.Composed] | None = None


def plain(column: Column) -> str:
    """How a value is read: as the column says."""
    return column.sql


def statement(
    dataset: Dataset,
    *,
    study: Study,
    sites: tuple[int, ...] | None,
    cut: datetime,
    profile: Profile,
    cell: Callable[[Column], str] = plain,
    participants: Sequence[int] | None = None,
    periods: str | None = None,
) -> Statement:
    """SELECT the rows up to the cut in the order of the keys. `sites`, `participants`, `periods` None: all of them.

    Fixed texts of ours: what a user typed is read, never written into it. In a source `{study}` is the key of the
    study, `{cut}` the instant, `{cut_row}` one row of what is the same everywhere (at, text, study, concurrence,
    blinded), `{participant_here}` a condition on `participant_id`: whose participants are there now; `{of_whom}` one on
    `period`, for a source that gathers something of dose periods: whose are asked for, and which: those of `periods`,
    a name of the statement around this one, or the table, which a source reads as `{periods}`; `{of_alerts}` one on
    `alert_id`: of these participants; and what `keys_of_rules` makes, where a source names it.
    """
    blinded = profile is Profile.BLINDED
    withheld = dataset.withheld(profile)
    cells = [(column, "NULL::text" if column.name in withheld else cell(column)) for column in dataset.columns]
    columns = sql.SQL(",\n").join(
        sql.SQL("{} AS {}").format(sql.SQL(text), sql.Identifier(column.name)) for column, text in cells
    )
    at = sql.Literal(cut)
    of_whom = _those("period.participant_id", participants)
    of_alerts: sql.Composable = sql.SQL("true")
    if participants is not None:  # nothing else of an event says whose it is: all that ever were would be read
        theirs = _those("alert.participant_id", participants)
        of_alerts = sql.SQL("alert_id IN (SELECT alert.id FROM grading_alert alert WHERE {})").format(theirs)
    if periods is not None:
        those = "(period.participant_id, period.dose_number) IN (SELECT participant_id, dose_number FROM {})"
        of_whom = sql.SQL("{} AND " + those).format(of_whom, sql.Identifier(periods))
    cut_row = sql.SQL(_CUT_ROW).format(
        cut=at,
        text=sql.Literal(cut.astimezone(UTC).isoformat(timespec="seconds")),  # as every other instant
        code=sql.Literal(study.code),
        days=sql.Literal(study.concurrence_days),
        blinded=sql.Literal(blinded),
    )

    def filled(source: str) -> sql.Composed:
        by_rules = {name: make(study, cut) for name, make in BY_RULES.items() if f"{{{name}}}" in source}
        return sql.SQL(source).format(
            **by_rules,
            study=sql.Literal(study.pk), cut=at, cut_row=cut_row, of_whom=of_whom, of_alerts=of_alerts,
            periods=sql.Identifier(periods or "grading_doseperiod"),
            participant_here=sql.SQL("{} AND {}").format(here(sites), _those("participant_id", participants)),
        )  # fmt: skip

    made = Statement([sql.SQL("SELECT {columns}\n{source}").format(columns=columns, source=filled(dataset.source))])
    if (groups := dataset.groups) is not None:
        made.by_fact = lambda line: text_by_fact(cells, groups, filled(groups.source), line)
    return made


def copy_csv(query: sql.Composed) -> sql.Composed:
    """COPY of a statement's rows as CSV, header included."""
    return sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER true)").format(query)


def copy_text(query: sql.Composed) -> sql.Composed:
    """COPY of a statement's rows for other formats: psycopg's `copy.rows()` gives them as text or None."""
    return sql.SQL("COPY ({}) TO STDOUT").format(query)


def copy_texts(query: sql.Composed) -> sql.Composed:
    """COPY of one text a row that ends a line, between two \\x01: `texts_of` gives it back as it was."""
    return sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, QUOTE '\x01')").format(query)


def texts_of(read: Iterable[Buffer]) -> Iterator[bytes]:
    """What the COPY of `copy_texts` holds, some rows at once."""
    rows = iter(read)
    while held := list(islice(rows, TEXTS)):
        block = b"".join([row[1:-2] for row in held])  # of an empty one nothing
        yield block.replace(b"\x01\x01", b"\x01") if b"\x01" in block else block


def here(sites: tuple[int, ...] | None, column: str = "participant_id") -> sql.Composable:
    """A condition: whose participants are at these sites now."""
    if sites is None:
        return sql.SQL("true")
    there = column + " IN (SELECT id FROM regimens_participant WHERE site_id IN ({}))"  # noqa: S608  # our own texts
    return sql.SQL(there).format(sql.SQL(", ").join(map(sql.Literal, sites)))


def _those(column: str, participants: Sequence[int] | None) -> sql.Composable:
    if participants is None:
        return sql.SQL("true")
    return sql.SQL(column + " = ANY({}::bigint[])").format(sql.Literal(list(participants)))
