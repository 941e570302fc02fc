"""The audit page as rows of a file, and as PDF: A4 across, in the fonts of the downtime sheets."""

from collections.abc import Iterator
from io import BytesIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate
from reportlab.platypus import Table as Grid

from grading.downtime.drawing import Pen
from grading.review.signatures.words import SignatureLine
from grading.review.trail.words import TrailRow
from grading.words.wording import phrases

COLUMNS: tuple[str | Promise, ...] = (
    _l("When (UTC)"), _l("Who"), _l("About"), _l("What was done"), _l("Record"), _l("Field"), _l("Before"), _l("After"),
    _l("Reason"), _l("Through"), _l("Hash"),
)  # fmt: skip
_WIDTHS = (26, 20, 24, 20, 26, 26, 30, 30, 40, 14, 20)  # mm
SIGNED: tuple[str | Promise, ...] = (
    _l("When (UTC)"), _l("Who"), _l("Record"), _l("Meaning"), _l("Proven by"), _l("Void since"), _l("Hash"),
)  # fmt: skip
_SIGNED_WIDTHS = (26, 40, 50, 35, 25, 55, 45)  # mm


def cells_of(row: TrailRow) -> Iterator[list[str]]:
    """One line for each field that was changed; one for what changed none."""
    event = row.line.event
    done = f"{row.done} ({_('the row differs')})" if row.line.differs else row.done
    start = [f"{event.at:%Y-%m-%d %H:%M:%S}", row.who, row.line.subject, done, f"{row.kind} {event.row_id}".strip()]
    end = [event.reason, row.source, event.hash]
    if not row.changes:
        yield [*start, "", "", "", *end]
    for change in row.changes:
        yield [*start, change.name, change.was, change.becomes, *end]


def signed_cells(line: SignatureLine) -> list[str]:
    signed, void = line.signature, getattr(line.signature, "void", None)
    since = "" if void is None else phrases(filter(None, [f"{void.at:%Y-%m-%d %H:%M:%S}", line.void, line.void_by]))
    record = f"{line.kind} {signed.record}"
    return [f"{signed.at:%Y-%m-%d %H:%M:%S}", line.who, record, line.meaning, line.proof, since, signed.hash]


def draw(rows: list[TrailRow], signed: list[SignatureLine], *, asian: str) -> bytes:
    """`signed`: the signatures of the records that the rows are about, with those that are void."""
    out, pen = BytesIO(), Pen(asian)
    margin = 10 * mm
    document = SimpleDocTemplate(
        out, pagesize=landscape(A4), leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin,
        title=_("Audit trail"), author="crsmonitor",
    )  # fmt: skip
    cells = [[pen.text(str(name), "tiny", bold=True) for name in COLUMNS]]
    for row in rows:
        cells += [[pen.text(cell[:400], "tiny") for cell in line] for line in cells_of(row)]
    parts = [pen.text(_("Audit trail"), "head", bold=True), _grid(cells, _WIDTHS)]
    if signed:
        below = [[pen.text(str(name), "tiny", bold=True) for name in SIGNED]]
        below += [[pen.text(cell, "tiny") for cell in signed_cells(line)] for line in signed]
        title = _("Signatures of these records")
        parts += [pen.text(title, "head", bold=True), _grid(below, _SIGNED_WIDTHS)]
    document.build(parts)
    return out.getvalue()


def _grid(cells: list[list[Paragraph]], widths: tuple[int, ...]) -> Grid:
    style = [("GRID", (0, 0), (-1, -1), 0.4, black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Grid(cells, colWidths=[width * mm for width in widths], style=style, repeatRows=1)
