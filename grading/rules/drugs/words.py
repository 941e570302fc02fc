"""A typed name as the words in it: the same for every way of writing it. Pure."""

import re
import unicodedata

# Chinese and Japanese are written without spaces, so a run of them is one word; digits end a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")


def words(typed: str) -> list[str]:
    """Without case, accents, width, numbers and signs."""
    split = unicodedata.normalize("NFKD", typed.casefold())
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    return _WORD.findall(unicodedata.normalize("NFC", bare))


def joined(typed: str) -> str:
    """As one word, so that spaces and hyphens do not count."""
    return "".join(words(typed))


def is_wide(word: str) -> bool:
    return _WIDE.fullmatch(word) is not None
