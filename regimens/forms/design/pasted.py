"""Rows of assays as a spreadsheet copies them, by tabs, or as CSV; the row and column of each fault are said."""

import csv
import io
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from regimens.forms.design.typed import not_a_number

MOST_ROWS = 50
MOST_CHARACTERS = 200_000
SEPARATORS = "\t;,"
NUMBERS = ("ec50_pm", "hill", "effector_to_target", "receptors", "incubation_h", "serum_pct", "donors")
# The columns of an assay in the order in which they are pasted where no header names them.
COLUMNS: dict[str, Promise] = {
    "name": _l("Assay"),
    "readout": _l("Readout"),
    "ec50_pm": _l("EC50, pM"),
    "hill": _l("Hill"),
    "effector_to_target": _l("E:T"),
    "cell_line": _l("Cell line"),
    "receptors": _l("Receptors a cell"),
    "incubation_h": _l("Incubation, h"),
    "serum_pct": _l("Serum, %"),
    "donors": _l("Donors"),
    "statistic": _l("Statistic"),
    "source": _l("Source"),
}
READOUTS: dict[str, Promise] = {
    "cytotoxicity": _l("cytotoxicity"),
    "activation": _l("activation (CD69, CD25)"),
    "cytokine": _l("cytokine (IL-6, IFN-γ, TNF)"),
}
NEEDED = ("name", "readout", "ec50_pm", "hill", "effector_to_target")
# How people name columns and readouts, whatever language the page is in.
ALIASES = {
    "name": "name", "assay": "name", "readout": "readout", "ec50": "ec50_pm", "ec50 pm": "ec50_pm",
    "ec50 (pm)": "ec50_pm", "hill slope": "hill", "e:t": "effector_to_target", "e/t": "effector_to_target",
    "et": "effector_to_target", "cell line": "cell_line", "receptors": "receptors", "incubation": "incubation_h",
    "incubation (h)": "incubation_h", "serum": "serum_pct", "donors": "donors", "statistic": "statistic",
    "source": "source", "ec50, pm": "ec50_pm", "hill": "hill", "receptors a cell": "receptors",
    "incubation, h": "incubation_h", "serum, %": "serum_pct",
    "killing": "cytotoxicity", "tdcc": "cytotoxicity", "cd69": "activation", "cd25": "activation",
    "il-6": "cytokine", "ifn-g": "cytokine", "ifn-γ": "cytokine", "tnf": "cytokine",
}  # fmt: skip


def pasted_assays(text: str) -> tuple[list[dict[str, str]], list[str]]:
    """The rows as the boxes have them, and what is wrong; with a fault there are rows all the same, to be mended."""
    if len(text) > MOST_CHARACTERS:
        return [], [_("Too much was pasted: at most %(most)s characters.") % {"most": f"{MOST_CHARACTERS:,}"}]
    lines, fault = _lines(text)
    if fault:
        return [], [fault]
    if not lines:
        return [], [_("There is no row in what was pasted.")]
    columns, first = _columns(lines[0][1])
    if unknown := [name for name in columns if name not in COLUMNS]:
        known = ", ".join(str(one) for one in COLUMNS.values())
        return [], [
            _("Column “%(name)s” is not known. Columns are: %(known)s") % {"name": unknown[0][:40], "known": known}
        ]
    lines = lines[first:]
    if len(lines) > MOST_ROWS:
        return [], [_("%(n)s rows: at most %(most)s.") % {"n": len(lines), "most": MOST_ROWS}]
    rows, faults = [], []
    for number, cells in lines:
        row, wrong = _row(number, cells, columns)
        rows.append(row)
        faults += wrong
    return rows, faults


def _lines(text: str) -> tuple[list[tuple[int, list[str]]], str]:
    """The rows that hold anything, with their numbers in what was pasted."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head = text.strip("\n").partition("\n")[0]
    separator = next((one for one in SEPARATORS if one in head), "\t")
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=separator, strict=True)
    try:
        lines = [(reader.line_num, [unicodedata.normalize("NFKC", cell).strip() for cell in cells]) for cells in reader]
    except csv.Error:
        return [], _("Row %(row)s cannot be read: a quotation mark is missing or stands too much.") % {
            "row": reader.line_num
        }
    return [(number, cells) for number, cells in lines if any(cells)], ""


def _columns(cells: list[str]) -> tuple[list[str], int]:
    """The columns that the first row names, and 1; or all of them in their order, and 0."""
    words = {str(label).lower(): name for name, label in COLUMNS.items()} | {name: name for name in COLUMNS}
    known = ALIASES | words
    named = [known.get(cell.lower(), cell) for cell in cells]
    if sum(name in COLUMNS for name in named) >= 2:
        return [name for name in named if name], 1
    return list(COLUMNS), 0


def _row(number: int, cells: list[str], columns: list[str]) -> tuple[dict[str, str], list[str]]:
    """The boxes of one row, and its faults."""

    def at(column: str, fault: str) -> str:
        return _("Row %(row)s, %(column)s: %(fault)s") % {"row": number, "column": COLUMNS[column], "fault": fault}

    if any(cells[len(columns) :]):
        return dict(zip(columns, cells, strict=False)), [
            _("Row %(row)s has %(n)s cells, and there are %(most)s columns.")
            % {"row": number, "n": len(cells), "most": len(columns)}
        ]
    row = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
    row["readout"] = _readout(row.get("readout", ""))
    row["effector_to_target"] = _ratio(row.get("effector_to_target", ""))
    faults = [at(name, _("This is missing.")) for name in NEEDED if not row.get(name)]
    faults += [at(name, fault) for name in NUMBERS if row.get(name) and (fault := not_a_number(row[name]))]
    if row["readout"] and row["readout"] not in READOUTS:
        faults.append(at("readout", _("Choose one of those listed.")))
    return row, faults


def _readout(text: str) -> str:
    """The code of a readout that was written in words."""
    words = {str(label).lower(): name for name, label in READOUTS.items()}
    lowered = text.lower()
    return words.get(lowered) or ALIASES.get(lowered) or (lowered if lowered in READOUTS else text)


def _ratio(text: str) -> str:
    """10:1 as 10: effectors per target."""
    effectors, colon, targets = text.partition(":")
    return effectors.strip() if colon and targets.strip() == "1" else text
