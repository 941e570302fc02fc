"""A downtime sheet drawn as PDF, A4: the same sheet gives the same bytes.

Latin text is in Vera, which is embedded. Chinese is in the TrueType font that CRS_PAPER_FONT names, embedded too; where
it names none, in MSung Light, one of the fonts of Adobe's Asian packs that a viewer brings itself (docs/operating).
"""

from collections.abc import Container, Iterator, Sequence
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from grading.downtime.sheet import Sheet, SheetSection, SheetTable

LATIN, BOLD, ASIAN = "Vera", "VeraBd", "MSung-Light"
MARGIN, SQUARE, ROW = 12 * mm, 22 * mm, 9 * mm  # a row is high enough to be written in
WIDTH = A4[0] - 2 * MARGIN
SIZES = {"big": 20, "head": 11, "text": 8.5, "small": 7, "tiny": 6}
# What a font of paper lacks, as it is written without it.
_PLAIN = str.maketrans({"₂": "2", "−": "-", "\u00a0": " ", "\u202f": " "})
_LINES = [
    ("GRID", (0, 0), (-1, -1), 0.5, black),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
]


@cache
def _fonts(asian: str) -> tuple[Container[int], str]:
    """What the font for Latin text has, and the name of the one for Chinese; registered once a process."""
    pdfmetrics.registerFont(TTFont(LATIN, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
    name = "OfTheSite" if asian else ASIAN
    pdfmetrics.registerFont(TTFont(name, asian) if asian else UnicodeCIDFont(ASIAN))
    return TTFontFile("Vera.ttf").charToGlyph, name


class _Pages(Canvas):
    """Knows how many pages there are before it writes the number of each."""

    def __init__(self, *args: Any, sheet: Sheet, pen: "Pen", **options: Any) -> None:
        super().__init__(*args, **options)
        self._sheet, self._pen, self._kept = sheet, pen, []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for place, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            of = self._sheet.page_of % {"page": place, "pages": len(self._kept)}
            self._foot(f"{self._sheet.number} · {self._sheet.as_of} · {of}", 9 * mm)
            self._foot(self._sheet.foot, 5.5 * mm)
            super().showPage()
        super().save()

    def _foot(self, text: str, above: float) -> None:
        text = text.translate(_PLAIN)
        self.setFont(self._pen.font(text), SIZES["small"])
        self.drawString(MARGIN, above, text)


class Pen:
    """Writes in the font that has the text. `asian`: path of a TrueType font for Chinese; empty: a viewer's own."""

    def __init__(self, asian: str) -> None:
        self._latin, self._asian = _fonts(asian)

    def font(self, text: str, *, bold: bool = False) -> str:
        if any(ord(one) not in self._latin for one in text if one != "\n"):
            return self._asian
        return BOLD if bold else LATIN

    def text(self, text: str, size: str = "text", *, bold: bool = False) -> Paragraph:
        text = text.translate(_PLAIN)
        points, font = SIZES[size], self.font(text, bold=bold)
        style = ParagraphStyle(
            size, fontName=font, fontSize=points, leading=points * 1.3, wordWrap="CJK" if font == self._asian else None
        )  # fmt: skip
        return Paragraph(escape(text, quote=False).replace("\n", "<br/>"), style)


def draw(sheet: Sheet, *, asian: str = "") -> bytes:
    """The PDF. `asian`: as Pen's."""
    out, pen = BytesIO(), Pen(asian)
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=15 * mm,
        title=f"{sheet.title} {sheet.number}", author="crsmonitor", invariant=1,
    )  # fmt: skip

    def canvas(*args: Any, **options: Any) -> _Pages:
        return _Pages(*args, sheet=sheet, pen=pen, **options)

    document.build(list(_story(sheet, pen)), canvasmaker=canvas)
    return out.getvalue()


def _story(sheet: Sheet, pen: Pen) -> Iterator[Flowable]:
    head = [
        [pen.text(sheet.title, "head", bold=True), pen.text(sheet.as_of, "head", bold=True)],
        [pen.text(sheet.number, "big", bold=True), pen.text(sheet.bed, "big", bold=True)],
    ]
    yield Grid(head, colWidths=[WIDTH * 0.55, WIDTH * 0.45], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
    yield pen.text(sheet.warning, "small")
    yield Spacer(0, 2 * mm)
    yield Grid([[pen.text(sheet.check, bold=True)]], colWidths=[WIDTH], style=[("BOX", (0, 0), (-1, -1), 1, black)])
    for section in sheet.sections:
        yield from _section(section, pen)
    for table in (*sheet.known, *sheet.blanks):
        yield from _table(table, pen)
    if sheet.criteria:
        yield PageBreak()
    for table in sheet.criteria:
        yield from _table(table, pen)


def _section(section: SheetSection, pen: Pen) -> Iterator[Flowable]:
    yield Spacer(0, 2 * mm)
    yield pen.text(section.title, "head", bold=True)
    if section.lines:
        rows = [[pen.text(line.name), pen.text(line.shown, bold=True)] for line in section.lines]
        yield Grid(rows, colWidths=[WIDTH * 0.28, WIDTH * 0.72], style=_LINES)
    for text in section.texts:
        yield pen.text(text)


def _table(table: SheetTable, pen: Pen) -> Iterator[Flowable]:
    rows: list[list[Any]] = [[pen.text(name, "tiny", bold=True) for name in table.columns]]
    rows += [[pen.text(cell) for cell in row] for row in table.rows]
    rows += [[""] * len(table.columns)] * table.blank
    heights = [None] * (1 + len(table.rows)) + [ROW] * table.blank
    grid = Grid(rows, colWidths=_widths(table.columns), rowHeights=heights, style=_LINES, repeatRows=1)
    yield Spacer(0, 3 * mm)
    yield KeepTogether([_heading(table, pen), grid])


def _widths(columns: Sequence[str]) -> list[float]:
    """By the longest word of each heading, so that none is broken; none so narrow that nothing can be written in it."""
    letters = [min(max([6, *map(len, name.split())]), 10) for name in columns]
    return [WIDTH * one / sum(letters) for one in letters]


def _heading(table: SheetTable, pen: Pen) -> Flowable:
    words: Sequence[Flowable] = [pen.text(table.title, "head", bold=True), pen.text(table.note, "small")]
    if not table.square:
        return Grid([[list(words)]], colWidths=[WIDTH])
    return Grid([[list(words), _square(table.square)]], colWidths=[WIDTH - SQUARE - 4 * mm, SQUARE + 4 * mm])


def _square(address: str) -> Drawing:
    """With the quiet edge that a reader needs; black on white, whatever the page."""
    code = QrCodeWidget(address, barLevel="M", barFillColor=black, barWidth=SQUARE, barHeight=SQUARE)
    drawing = Drawing(SQUARE, SQUARE)
    drawing.add(code)
    return drawing
