"""What makes which grade of CRS and ICANS, as tables for paper: in the words in which the rules say why.

Lee DW et al., Biol Blood Marrow Transplant 2019;25:625-638, tables of CRS, of ICANS in adults and in children. A test
grades what each cell says.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from grading.downtime.sheet import SheetTable
from grading.rules.grades.catalogue import RULES
from grading.words.wording import ICP_SIGNS, WOULD, listed, phrases
from regimens.models import NeuroInstrument

# Element -> what makes grade 1, 2, 3, 4 of it: what one change would make (`would:`), or reasons of the catalogue.
Cells = Mapping[str, Sequence[Sequence[str]]]
CRS: Cells = {
    "fever": (("would:fever",), (), (), ()),
    "pressure": ((), ("would:hypotension",), ("would:one_vasopressor",), ("would:two_vasopressors",)),
    "oxygen": ((), ("would:low_flow",), ("would:high_flow",), ("would:positive_pressure",)),
}
ICE: Cells = {"ice": (("would:ice_9",), ("would:ice_6",), ("would:ice_2",), ())}
CAPD: Cells = {"capd": (("would:capd_8",), (), ("would:capd_9",), ())}
MIND: Cells = {
    "consciousness": (
        ("would:drowsy",), ("would:voice",), ("would:touch",), ("vigorous_stimulus", "would:unarousable"),
    ),
    "seizure": ((), (), ("would:seizure",), ("would:long_seizure",)),
    "motor": ((), (), (), ("would:weakness",)),
    "brain": ((), (), ("focal_oedema",), ("diffuse_oedema", "icp")),
}  # fmt: skip
GRADES = (1, 2, 3, 4)


def criteria_tables(instrument: str) -> list[SheetTable]:
    """CRS and ICANS, the second by the participant's own instrument."""
    score = CAPD if instrument == NeuroInstrument.CAPD else ICE
    worst = _("The worst row counts, and only what no other cause explains.")
    fever = _(
        "CRS begins with a fever of 38.0 °C or more. After an antipyretic, tocilizumab or a steroid for it, fever is "
        "no longer needed. Low-flow oxygen: nasal cannula at up to 6 L/min, or blow-by."
    )
    return [
        _table(_("CRS: what makes a grade"), CRS, note=[worst, fever], dead="died_of_crs"),
        _table(_("ICANS: what makes a grade"), {**score, **MIND}, note=[worst], dead="died_of_icans"),
    ]


def _table(title: str, cells: Cells, *, note: Iterable[str], dead: str) -> SheetTable:
    death = _("Grade %(grade)s") % {"grade": 5}
    return SheetTable(
        title=title,
        columns=["", *(_("Grade %(grade)s") % {"grade": grade} for grade in GRADES)],
        rows=[[_element(name), *(_cell(codes) for codes in by_grade)] for name, by_grade in cells.items()],
        note="\n".join([*note, listed([death, _(RULES[dead].text)])]),
    )  # fmt: skip


def _element(name: str) -> str:
    return {
        "fever": _("Fever"), "pressure": _("Pressure"), "oxygen": _("Oxygen"), "ice": "ICE", "capd": "CAPD",
        "consciousness": _("Consciousness"), "seizure": _("Seizure"), "motor": _("Motor"),
        "brain": _("Raised pressure in the head"),
    }[name]  # fmt: skip


def _cell(codes: Sequence[str]) -> str:
    return phrases(_one(code) for code in codes) or "–"


def _one(code: str) -> str:
    kind, _colon, would = code.partition(":")
    if kind == "would":
        return str(WOULD[would])
    if kind == "icp":
        return listed(ICP_SIGNS.values())
    return _(RULES[code].text)
