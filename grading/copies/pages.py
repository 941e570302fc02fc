"""The record as text for its PDF, in the reader's language: what it is, then section by section, then the trail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crsmonitor.formats.pdfa.flow import Block
from grading.copies import words
from grading.copies.files import status_of
from grading.copies.record import Row, WholeRecord
from grading.copies.tables import COUNTED, SECTIONS, CopyTable
from grading.models import CorrectionImpact
from grading.review.signatures.words import KINDS, MEANINGS, PROOFS, VOIDS
from grading.review.trail.tables import fields_of
from grading.review.trail.words import SOURCES, field_word, kind_word
from grading.words import change_words
from grading.words.wording import named, phrases
from regimens.facts import Fact
from regimens.models import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyHead:
    """What a copy says of itself. `verify_at`: the address of the page that knows it."""

    id: str
    made_by: str
    because: str
    versions: str
    verify_at: str
    has_asian: bool


def title_of(record: WholeRecord) -> str:
    return f"{_('Certified copy')} {record.participant.study.code} {record.participant.number}"


def blocks(record: WholeRecord, head: CopyHead) -> Iterator[Block]:
    yield from _front(record, head)
    for section in SECTIONS:
        yield Block(str(words.SECTIONS[section]), "head")
        if section == "signatures":
            yield from _signatures(record)
            continue
        tables = [table for table in record.rows if table.section == section]
        if not any(record.rows[table] for table in tables):
            yield Block(_("Nothing is on record."))
        for table in tables:
            yield from _table(record, table)
    yield from _trail(record)


def _front(record: WholeRecord, head: CopyHead) -> Iterator[Block]:
    seq, digest = record.chain_end
    yield Block(title_of(record), "title")
    yield Block(
        _(
            "This is a complete copy of everything that is on record of this participant at the time below: all facts "
            "in all their versions, what is derived of them, alerts, signatures and the audit trail. The attached "
            "JSON and CSV files hold the same and every other column."
        ),
        "lead",
    )
    for name, value in (
        (_("As on record at"), words.moment(record, record.cut)), (_("Made by"), head.made_by),
        (_("Why"), head.because), (_("Number of the copy"), head.id), (_("Made with"), head.versions),
        (_("End of the audit chain"), f"#{seq} {digest}"),
    ):  # fmt: skip
        yield Block(named(name, value), "lead")
    broken = [named(f"#{one.seq}", one.what) for one in record.broken]
    yield Block(
        _("The audit chain does not hold: tell an operator.") if broken else _("The audit chain holds."), "lead"
    )
    yield from (Block(text) for text in broken)
    yield Block(
        _(
            "Whether a file is this copy, and whether the record has changed since, is told by its SHA-256 at "
            "%(address)s, to who may see the participant. Times are on the clock of the site, with its offset from UTC."
        ) % {"address": head.verify_at},
        "lead",
    )  # fmt: skip
    if not head.has_asian:
        yield Block(
            _("There is no font for Chinese on the server: each of its characters is given by its Unicode number."),
            "lead",
        )
    yield Block(
        _("Research software, not a medical device: the clinician decides. What nobody looked at is never normal."),
        "lead",
    )


def _table(record: WholeRecord, table: CopyTable) -> Iterator[Block]:
    rows = record.rows[table]
    if not rows:
        return
    kind = str(words.KINDS.get(table.name) or kind_word(table.name))
    if table.model in COUNTED:
        yield Block(_("%(kind)s: %(n)s, in the attached files") % {"kind": kind, "n": len(rows)}, "entry")
    elif issubclass(table.model, Fact):
        yield from _facts(record, table, kind)
    elif table.model is CorrectionImpact:
        for row in rows:
            yield Block(phrases([kind, row["id"]]), "entry")
            yield from _impact(record, row)
    else:
        columns = words.printed_columns(table)
        for row in rows:
            at = next((row[name] for name in ("observed_at", "started_at", "at") if row.get(name)), None)
            yield Block(phrases([words.moment(record, at), kind]) if at else kind, "entry")
            yield Block(_values(record, table, columns, row))


def _values(record: WholeRecord, table: CopyTable, columns: dict[str, str], row: Row) -> str:
    known = (name for name in columns if row.get(name) is not None and row[name] != "")
    return phrases(named(columns[name], words.value_text(record, table, name, row[name])) for name in known) or "–"


def _impact(record: WholeRecord, row: Row) -> Iterator[Block]:
    """As the page after saving told it. Its row is there only where something became different."""
    changes = change_words.shown(row["changes"], record.participant.site)
    if changes is None:
        return
    for line in changes.lines:
        yield Block(phrases([line.what, named(_("Before"), line.before), named(_("After"), line.after)]))
    if changes.more:
        yield Block(_("and %(n)s more") % {"n": changes.more}, "small")


def _facts(record: WholeRecord, table: CopyTable, kind: str) -> Iterator[Block]:
    rows = record.rows[table]
    superseded = {row["supersedes_id"] for row in rows if row["supersedes_id"]}
    columns = {name: field_word(name, table=table.name) for name in fields_of(table.name) if name != "observed_at"}
    earlier = {row["id"]: row["supersedes_id"] for row in rows}
    signed: dict[str, list[Signature]] = {}
    for one in record.signatures:
        signed.setdefault(one.record, []).append(one)
    for row in rows:
        status = str(words.STATUS[status_of(row, superseded)])
        yield Block(phrases([words.moment(record, row["observed_at"]), kind, status]), "entry")
        yield Block(_values(record, table, columns, row))
        if missing := words.unrecorded(columns, row):
            yield Block(named(_("Nothing on record of"), phrases(missing)), "small")
        yield Block(_way_in(record, row, _number(row["id"], earlier)), "small")
        for signature in signed.get(row["id"], []):
            yield Block(_signature(record, signature))


def _number(key: str, earlier: Mapping[str, str | None]) -> int:
    """Of a version: 1 for the first."""
    number, before = 1, earlier[key]
    while before is not None:
        number, before = number + 1, earlier[before]
    return number


def _way_in(record: WholeRecord, row: Row, version: int) -> str:
    parts = [
        _("version %(n)s") % {"n": version},
        named(_("recorded"), words.moment(record, row["recorded_at"])),
        named(_("by"), words.person(record, row["recorded_by_id"])),
        named(_("through"), str(SOURCES[row["source"]])),
    ]
    if row["reason"]:
        parts.append(named(_("reason"), row["reason"]))
    return phrases([*parts, row["id"]])


def _signatures(record: WholeRecord) -> Iterator[Block]:
    if not record.signatures:
        yield Block(_("Nothing is signed."))
    for one in record.signatures:
        yield Block(phrases([words.moment(record, one.at), str(KINDS[one.kind]), one.record]), "entry")
        yield Block(_signature(record, one))


def _signature(record: WholeRecord, one: Signature) -> str:
    """21 CFR 11.50: printed name, time and meaning; with the hash of what was signed, and whether it holds."""
    void = getattr(one, "void", None)
    parts = [
        named(_("Signed"), str(MEANINGS[one.meaning])), f"{one.name} ({one.by.get_username()})",
        words.moment(record, one.at), str(PROOFS[one.proof]), f"SHA-256 {one.hash}",
    ]  # fmt: skip
    if void is None:
        return phrases([*parts, _("holds")])
    since = _("void since %(time)s") % {"time": words.moment(record, void.at)}
    return phrases([*parts, named(since, str(VOIDS[void.because]))])


def _trail(record: WholeRecord) -> Iterator[Block]:
    yield Block(str(words.SECTIONS["audit"]), "head")
    for event in record.events:
        kind = str(words.KINDS.get(event["table_name"]) or kind_word(event["table_name"]))
        yield Block(
            phrases([
                f"#{event['seq']}", words.moment(record, event["at"]), event["actor"], event["action"],
                f"{kind} {event['row_id']}".strip(), event["reason"] or "–", event["hash"],
            ]),
            "small",
        )  # fmt: skip
