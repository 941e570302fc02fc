"""What a text is in ASCII, where it has a way to be written so: signs, and Latin letters without their marks. Pure."""

import unicodedata

# Ours. Of units, the spelling of CDISC's terminology (ug); of signs, what programmers read as the same.
SIGNS = {
    "µ": "u", "\N{GREEK SMALL LETTER MU}": "u", "≥": ">=", "≤": "<=", "≠": "!=", "±": "+/-", "×": "x", "÷": "/",
    "°": " deg ", "→": "->", "←": "<-", "…": "...", "·": ".", "•": "*", "\N{EN DASH}": "-", "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\N{NO-BREAK SPACE}": " ",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
}  # fmt: skip


def in_ascii(text: str) -> str:
    """The text itself where it is ASCII. What has no way to be written so stays, and the reader of it decides."""
    if text.isascii():
        return text
    signs = "".join(SIGNS.get(sign, sign) for sign in text)
    return "".join(sign for sign in unicodedata.normalize("NFKD", signs) if not unicodedata.combining(sign))
