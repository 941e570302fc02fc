"""The working of a starting dose in the reader's language: its lines are named by the engine, in English."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

# What a line's name is like, and what it is called; groups go by their names.
NAMES: tuple[tuple[re.Pattern[str], Promise], ...] = (
    (re.compile(r"corrected EC(?P<x>\S+) of (?P<assay>.+)"), _l("corrected EC%(x)s of %(assay)s")),
    (re.compile(r"EC(?P<x>\S+) of (?P<assay>.+)"), _l("EC%(x)s of %(assay)s")),
    (re.compile(r"fold of (?P<assay>.+)"), _l("fold of %(assay)s")),
    (re.compile(r"(?P<metric>Cmax|Cavg) of 1 mg"), _l("%(metric)s of 1 mg")),
    (re.compile(r"traditional target"), _l("traditional target")),
    (re.compile(r"modified target"), _l("corrected target")),
    (re.compile(r"traditional target by mass"), _l("traditional target by mass")),
    (re.compile(r"modified target by mass"), _l("corrected target by mass")),
    (re.compile(r"traditional dose by volume"), _l("traditional dose by plasma volume")),
    (re.compile(r"modified dose by volume"), _l("corrected dose by plasma volume")),
    (re.compile(r"traditional dose by (?P<metric>Cmax|Cavg)"), _l("traditional dose by %(metric)s")),
    (re.compile(r"modified dose by (?P<metric>Cmax|Cavg)"), _l("corrected dose by %(metric)s")),
    (re.compile(r"traditional fold to the active dose"), _l("traditional dose: fold to the active dose")),
    (re.compile(r"modified fold to the active dose"), _l("corrected dose: fold to the active dose")),
    (re.compile(r"CD3 occupancy"), _l("CD3 occupancy")),
)
# Words inside formulas and inputs; symbols stay. Longer ones first.
PARTS: dict[str, Promise] = {
    "largest concentration of the molecule's own PK": _l("largest concentration of the molecule's own PK"),
    "average concentration of the molecule's own PK": _l("average concentration of the molecule's own PK"),
    "safety factor": _l("safety factor"),
    "tumour ratio": _l("tumour ratio"),
    "active dose": _l("active dose"),
    "lowest dose": _l("lowest dose"),
    "Cmax of 1 mg": _l("Cmax of 1 mg"),
    "Cavg of 1 mg": _l("Cavg of 1 mg"),
    "target": _l("target"),
    "over (d)": _l("over (d)"),
}


def name_text(name: str) -> str:
    """One that nobody knows stays as it is."""
    for pattern, words in NAMES:
        if match := pattern.fullmatch(name):
            return str(words) % match.groupdict()
    return name


def part_text(text: str) -> str:
    for part, words in PARTS.items():
        text = text.replace(part, str(words))
    return text
