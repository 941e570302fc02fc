"""What holds for every data set of the catalogue."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from grading.exports.datasets import ALL
from regimens.blinding import Profile
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import raw, rows

pytestmark = pytest.mark.django_db
NAME = re.compile(r"[A-Z][A-Z0-9]{0,7}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
EACH = pytest.mark.parametrize("dataset", ALL, ids=lambda dataset: dataset.name)


@EACH
def test_names_and_labels_fit_a_transport_file(dataset):
    names = [column.name for column in dataset.columns]

    assert NAME.fullmatch(dataset.name.upper())
    assert 0 < len(dataset.label) <= 40
    assert [name for name in names if not NAME.fullmatch(name)] == []
    assert [one.name for one in dataset.columns if not 0 < len(one.label) <= 40] == []
    assert len(set(names)) == len(names)
    assert {*dataset.keys, *dataset.unblinding} <= set(names)
    assert [one.name for one in dataset.columns if not one.derivation] == []


@EACH
def test_values_are_as_their_columns_say_and_keys_tell_rows_apart(trial, dataset):
    # The trail of the configuration is of when a row was written, whatever night the trial is of.
    cut = timezone.now() + timedelta(minutes=1) if dataset.name == "audcfg" else CUT
    exported = rows(trial, dataset.name, cut)

    assert exported
    keys = [tuple(row[name] for name in dataset.keys) for row in exported]
    assert len(set(keys)) == len(keys)
    for column in dataset.columns:
        values = {row[column.name] for row in exported} - {""}
        assert [value for value in values if not _fits(value, column)] == [], column.name


def _fits(value: str, column) -> bool:
    if column.codes and value not in column.codes:
        return False
    if column.is_whole:
        return re.fullmatch(r"-?\d+", value) is not None
    if column.kind == "N":
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    if column.kind == "DT":
        return INSTANT.fullmatch(value) is not None
    return len(value) <= int(column.kind[1:])


@EACH
def test_every_code_fits_into_its_column(dataset):
    texts = [column for column in dataset.columns if column.codes and column.kind.startswith("C")]

    assert [(one.name, code) for one in texts for code in one.codes if len(code) > int(one.kind[1:])] == []


@EACH
def test_nobody_who_is_blinded_is_told_a_dose_a_step_or_a_regimen(trial, dataset):
    """Doses of 5 and 25 mg of `demo` in the steps of STEP; what a number alone says is told by its column."""
    text = raw(trial, dataset.name, CUT, profile=Profile.BLINDED).decode()

    assert [word for word in ("STEP-UP 1", "STEP-UP 2", ",STEP,", ",demo,") if word in text] == []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        assert {name: row[name] for name in dataset.unblinding} == dict.fromkeys(dataset.unblinding, "")


@EACH
def test_a_site_takes_its_own_participants_alone(trial, dataset):
    ours = {row.get("USUBJID", "") for row in rows(trial, dataset.name, CUT, sites=(trial.other_site.pk,))}

    assert ours - {""} <= {"DEMO-DEMO-PAR-DEMO-002"}


def test_no_source_names_a_schema():
    texts = [dataset.source + " ".join(column.sql for column in dataset.columns) for dataset in ALL]

    assert [text for text in texts if re.search(r"\b(public|pg_temp)\.", text)] == []
