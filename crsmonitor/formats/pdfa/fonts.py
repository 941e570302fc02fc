"""The fonts of a document that is kept: every glyph is embedded, and one that no font has is written by its number.

Latin text is in Vera. Chinese is in a TrueType font of the machine: the one that CRS_PAPER_FONT names, else one that
Debian installs. Where there is none, a Chinese character is written as its code point, [U+5E8A], and nothing is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

LATIN, BOLD, ASIAN = "Vera", "VeraBd", "OfTheArchive"
# TrueType, with Traditional Chinese, free to embed: Debian's fonts-wqy-zenhei and fonts-droid-fallback.
OF_DEBIAN = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
_MAPPED = attrgetter("face.charToGlyph")  # of a font: code point -> glyph
# What no font of paper has, as it is written without it.
_PLAIN = str.maketrans({"₂": "2", "−": "-", "\u00a0": " ", "\u202f": " ", "\t": " ", "\u200b": ""})


def asian_font(named: str) -> str:
    """Path of the font for Chinese: `named`, or one that is on this machine. Empty: there is none."""
    return named or next((path for path in OF_DEBIAN if Path(path).exists()), "")


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one font."""

    font: str
    text: str


class Fonts:
    """`asian`: path of a TrueType font for Chinese; empty: there is none, and its characters are code points."""

    def __init__(self, asian: str) -> None:
        self.asian = asian
        self._widths: dict[tuple[str, str], float] = {}
        for name, file in ((LATIN, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
            _register(name, file)

    @cached_property
    def _latin(self) -> frozenset[int]:
        return _glyphs(LATIN)

    @cached_property
    def _of_asian(self) -> frozenset[int]:
        """Read at the first character that needs it: it takes half a second, once a process."""
        if not self.asian:
            return frozenset()
        _register(ASIAN, self.asian)
        return _glyphs(ASIAN)

    @property
    def has_asian(self) -> bool:
        return bool(self.asian)

    def writable(self, text: str) -> str:
        """The same with a code point for each character that no font here has."""
        text = text.translate(_PLAIN)
        if all(ord(one) in self._latin for one in text if one >= " "):
            return "".join(one if one >= " " else " " for one in text)
        return "".join(self._written(one) for one in text)

    def _written(self, one: str) -> str:
        if one < " ":
            return " "
        return one if ord(one) in self._latin or ord(one) in self._of_asian else f"[U+{ord(one):04X}]"

    def font_of(self, one: str, *, bold: bool) -> str:
        """Of one character that is writable."""
        if ord(one) not in self._latin:
            return ASIAN
        return BOLD if bold else LATIN

    def width(self, one: str, *, bold: bool) -> float:
        """Of one character, in a font of one point."""
        key = (font := self.font_of(one, bold=bold), one)
        if (width := self._widths.get(key)) is None:
            width = self._widths[key] = pdfmetrics.stringWidth(one, font, 1)
        return width

    def runs(self, text: str, *, bold: bool) -> Iterator[Run]:
        """A writable text, cut where the font changes."""
        start, font = 0, ""
        for place, one in enumerate(text):
            if (here := self.font_of(one, bold=bold)) != font:
                if place:
                    yield Run(font, text[start:place])
                start, font = place, here
        if text:
            yield Run(font, text[start:])


@cache
def _register(name: str, file: str) -> None:
    pdfmetrics.registerFont(TTFont(name, file))


def _glyphs(name: str) -> frozenset[int]:
    return frozenset(_MAPPED(pdfmetrics.getFont(name)))
