"""Tables of Unicode that MicroPython has not, made of Python's own: nobody writes them by hand."""

import sys
import unicodedata
from collections.abc import Callable
from functools import cache


@cache
def tables() -> str:
    """COMBINING and SPACES: ranges, as first, last, first, last ... FOLDED: what is not just a small letter."""
    signs = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    folded = {sign: sign.casefold() for sign in signs if sign.casefold() != sign.lower() and sign != "\u03a3"}
    folded["\u03a3"] = "\u03c3"  # sigma, which is small in two ways
    return (
        f"COMBINING = {_ranges(signs, unicodedata.combining)}\n"
        f"SPACES = {''.join(filter(str.isspace, signs))!a}\n"
        f"FOLDED = {folded!a}\n"
    )


def _ranges(signs: list[str], holds: Callable[[str], object]) -> tuple[int, ...]:
    edges: list[int] = []
    for sign in signs:
        code = ord(sign)
        if not holds(sign):
            continue
        if edges and edges[-1] == code - 1:
            edges[-1] = code
        else:
            edges += [code, code]
    return tuple(edges)
