"""How long a text is read: a model, for what has to be read within some seconds at a bed.

Trauzettel-Klosinski S, Dietz K. Standardized assessment of reading performance: the new International Reading Speed
Texts IReST. Invest Ophthalmol Vis Sci 2012;53(9):5452-5461: healthy adults, a paragraph read aloud. English 228 words a
minute (SD 30), Chinese 255 characters a minute (SD 29). Read silently it is faster; a table of numbers may be slower: a
number, a time and an abbreviation each count as a word, in a Chinese text too.
"""

import re

ENGLISH_WORDS_A_MINUTE, CHINESE_SIGNS_A_MINUTE = 228, 255
CHINESE = re.compile(r"[\u3400-\u9fff]")


def counts(text: str) -> dict[str, int]:
    """Words and figures between spaces and Chinese signs, and those signs. A mark of punctuation alone is neither."""
    signs = len(CHINESE.findall(text))
    words = [one for one in CHINESE.sub(" ", text).split() if re.search(r"\w", one)]
    return {"words": len(words), "signs": signs}


def seconds(text: str) -> float:
    """To read it once, at the mean of the study."""
    number = counts(text)
    return 60 * (number["words"] / ENGLISH_WORDS_A_MINUTE + number["signs"] / CHINESE_SIGNS_A_MINUTE)


def figures(text: str) -> dict[str, object]:
    return counts(text) | {"s": f"{seconds(text):.1f}"}
