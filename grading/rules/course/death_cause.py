"""Which syndrome a written cause of death names. Read as something else it would close the episode below grade 5."""

import re

from grading.rules.course.events import CRS, ICANS

NAMES = {
    "crs": CRS,
    "cytokinereleasesyndrome": CRS,
    "細胞激素釋放症候群": CRS,
    "icans": ICANS,
    "immuneeffectorcellassociatedneurotoxicitysyndrome": ICANS,
    "免疫效應細胞相關神經毒性症候群": ICANS,
}


class Unclear(ValueError):
    """CRS or ICANS is named beside something else: whether it was the cause is for a person to say."""


def cause_of(written: str) -> str:
    """CRS or ICANS by any of its names, whatever the case, spaces and marks; any other text as it was written."""
    if named := NAMES.get(_letters(written)):
        return named
    words = re.findall(r"\w+", written.casefold())
    letters = _letters(written)
    if any(name in words or (len(name) > len(ICANS) and name in letters) for name in NAMES):
        raise Unclear
    return written


def _letters(written: str) -> str:
    return re.sub(r"[\W_]+", "", written.casefold())
