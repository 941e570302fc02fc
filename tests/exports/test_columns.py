"""One column table, held against the specification."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from crsmonitor import __version__
from crsmonitor.operating import release
from grading.exports import download
from grading.exports.datasets.adcrsp.columns import COLUMNS, DATASET_VERSION, UNBLINDING
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.formats.dictionary import as_csv, entries
from regimens.blinding import Profile

# What a spreadsheet takes for a formula at the start of a cell, the full-width forms too.
FORMULA = "=+-@\t\r\n＝＋－＠"
ROOT = Path(__file__).resolve().parents[2]
ADDED = {  # asked for elsewhere than in the list of columns
    "CRSMAXUP", "CRSPRVFL", "CRSPKGR", "CRSRJDFL", "ICNRJDFL", "RELDEVC", "DOSCHKFL", "STEPDOSN", "MAPCOMFL",
    "ASPRSDT", "ASPREDT", "CRSONDT", "CRSENDT",
}  # fmt: skip
# The specification's C30 is too short for "RECOVERED/RESOLVED WITH SEQUELAE" of CT OUT, which it names.
LONGER = {"CRSOUT": "C40"}
SPECIFICATION = ROOT / "docs/sources/exports_columns.csv"


@pytest.fixture
def specified() -> dict[str, dict[str, str]]:
    with SPECIFICATION.open(newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def test_names_and_labels_fit_a_transport_file():
    assert [c.name for c in COLUMNS if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", c.name)] == []
    assert [c.name for c in COLUMNS if not 0 < len(c.label) <= 40] == []


def test_names_are_unique():
    names = [c.name for c in COLUMNS]

    assert len(set(names)) == len(names)


def test_every_column_says_how_it_is_derived():
    assert [c.name for c in COLUMNS if not c.derivation] == []


def test_labels_types_and_units_are_the_specification_s(specified):
    ours = {c.name: (c.label, c.kind, c.unit) for c in COLUMNS if c.name not in ADDED}

    assert ours == {
        name: (specified[name]["label"], LONGER.get(name, specified[name]["type"]), specified[name]["unit"])
        for name in ours
    }


def test_key_and_core_are_the_specification_s(specified):
    assert [c.name for c in COLUMNS if c.name in specified and c.need != specified[c.name]["core"]] == []


def test_every_column_of_the_specification_is_there(specified):
    assert sorted(c.name for c in COLUMNS if c.name not in ADDED) == sorted(specified)


def test_what_cannot_be_told_yet_is_listed_with_why_and_is_null():
    waits = {"CYCLE", "CYCLEDY", "CRSCTCGR"}

    assert set(ADCRSP.lacks) == waits == {c.name for c in COLUMNS if c.sql == "NULL"}
    assert [c.name for c in COLUMNS if c.lack and c.derivation != f"Not collected: {c.lack}"] == []
    assert json.loads(download.dictionary_as_json().content)["missing"] == ADCRSP.lacks


def test_a_cohort_is_told_under_the_open_profile_alone():
    assert ADCRSP.withheld(Profile.OPEN) == frozenset()
    assert ADCRSP.withheld(Profile.DOSES) == {"COHORT"}
    assert ADCRSP.withheld(Profile.BLINDED) == {"COHORT", *UNBLINDING}


def test_columns_come_in_the_order_of_the_specification(specified):
    ours = [c.name for c in COLUMNS if c.name not in ADDED]

    assert ours == [name for name in specified if name in ours]


def test_the_dictionary_lists_every_column():
    read = list(csv.DictReader(io.StringIO(as_csv(COLUMNS), newline="")))

    assert read == entries(COLUMNS)
    assert [row["name"] for row in read] == [c.name for c in COLUMNS]


def test_no_cell_of_the_dictionary_is_a_formula():
    assert [cell for row in entries(COLUMNS) for cell in row.values() if cell[:1] and cell[0] in FORMULA] == []


def test_the_dictionary_and_the_rows_say_which_version_they_are():
    read = json.loads(download.dictionary_as_json().content)

    assert (read["dataset"], read["version"]) == ("ADCRSP", DATASET_VERSION)
    assert (read["program"], read["commit"]) == (f"crsmonitor {__version__}", release.commit())
