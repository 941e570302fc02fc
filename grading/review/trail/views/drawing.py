"""The audit page as rows of a file, and as PDF: A4 across, in the fonts of the downtime sheets."""

from collections.abc import Iterator
from io import BytesIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import SimpleDocTemplate
from reportlab.platypus import Table as Grid

from grading.downtime.drawing import Pen
from grading.review.trail.words import TrailRow

COLUMNS: tuple[str | Promise, ...] = (
    _l("When (UTC)"), _l("Who"), _l("About"), _l("What was done"), _l("Record"), _l("Field"), _l("Before"), _l("After"),
    _l("Reason"), _l("Through"), _l("Hash"),
)  # fmt: skip
_WIDTHS = (26, 20, 24, 20, 26, 26, 30, 30, 40, 14, 20)  # mm


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


def draw(rows: list[TrailRow], *, asian: str) -> bytes:
    out, pen = BytesIO(), Pen(asian)
    margin = 10 * mm
    document = SimpleDocTemplate(
        out, pagesize=landscape(A4), leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin,
        title=_("Audit trail"), author="crsmonitor",
    )  # fmt: skip
    cells = [[pen.text(str(name), "tiny", bold=True) for name in COLUMNS]]
    for row in rows:
        cells += [[pen.text(cell[:400], "tiny") for cell in line] for line in cells_of(row)]
    style = [("GRID", (0, 0), (-1, -1), 0.4, black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    grid = Grid(cells, colWidths=[width * mm for width in _WIDTHS], style=style, repeatRows=1)
    document.build([pen.text(_("Audit trail"), "head", bold=True), grid])
    return out.getvalue()
