"""Text into lines and lines into pages, before anything is drawn: the number of pages is known then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crsmonitor.formats.pdfa.fonts import Fonts

# Points. A heading is not the last line of a page.
A4_WIDTH, A4_HEIGHT = 595.28, 841.89
MARGIN, TOP, BOTTOM = 36.0, 50.0, 46.0
_NO_START = frozenset("，。；：、！？）」』》〉】〕％,.;:!?)]}%·")  # no line begins with one of these
_BREAKS_AFTER = frozenset(" ;,/·|=")
_IDEOGRAPHS = 0x2E80  # from here on a line may end after each character


@dataclass(frozen=True, slots=True)
class Style:
    """Points. `keep`: lines that must fit below it on the same page. `above`: empty before it."""

    size: float
    bold: bool = False
    indent: float = 0
    above: float = 0
    keep: int = 0

    @property
    def leading(self) -> float:
        return self.size * 1.35


STYLES = {
    "title": Style(16, bold=True, keep=2),
    "head": Style(12, bold=True, above=12, keep=3),
    "entry": Style(8.5, bold=True, above=4, keep=1),
    "text": Style(8.5, indent=8),
    "lead": Style(9.5, above=2),
    "small": Style(7, indent=8),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `style`: of STYLES."""

    text: str
    style: str = "text"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a page: `y` is its base, from the lower edge."""

    text: str
    style: Style
    y: float


def paged(blocks: Iterable[Block], fonts: Fonts) -> list[list[TextLine]]:
    """The lines of each page. There is one page at least."""
    pages: list[list[TextLine]] = [[]]
    y = A4_HEIGHT - TOP
    for block in blocks:
        style = STYLES[block.style]
        lines = list(wrapped(block.text, style, fonts))
        needed = style.above + style.leading * (1 + min(style.keep, 1)) + STYLES["text"].leading * style.keep
        if pages[-1] and y - needed < BOTTOM:
            pages.append([])
            y = A4_HEIGHT - TOP
        elif pages[-1]:
            y -= style.above
        for text in lines:
            if pages[-1] and y - style.leading < BOTTOM:
                pages.append([])
                y = A4_HEIGHT - TOP
            y -= style.leading
            pages[-1].append(TextLine(text, style, y))
    return pages


def wrapped(text: str, style: Style, fonts: Fonts) -> Iterator[str]:
    """Lines that fit. What is longer than a line and has no gap is cut where the line ends."""
    room = (A4_WIDTH - 2 * MARGIN - style.indent) / style.size
    for paragraph in text.split("\n"):
        yield from _lines(fonts.writable(paragraph), room, style.bold, fonts)


def _lines(text: str, room: float, bold: bool, fonts: Fonts) -> Iterator[str]:
    start, gap, width, since_gap = 0, 0, 0.0, 0.0
    for place, one in enumerate(text):
        wide = fonts.width(one, bold=bold)
        if width + wide > room and place > start:
            end = gap if gap > start else place
            yield text[start:end].rstrip()
            width = since_gap if gap > start else 0.0
            start, since_gap = end, width
        width += wide
        since_gap += wide
        if _may_break(text, place):
            gap, since_gap = place + 1, 0.0
    yield text[start:].rstrip()


def _may_break(text: str, place: int) -> bool:
    """After this character."""
    following = text[place + 1 : place + 2]
    if not following or following in _NO_START:
        return False
    return text[place] in _BREAKS_AFTER or ord(text[place]) >= _IDEOGRAPHS or ord(following) >= _IDEOGRAPHS
