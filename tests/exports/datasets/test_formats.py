"""Every data set of the trial in every format: each holds the same cells, and CDISC's schema takes them."""

import csv
import io
import json
from datetime import datetime

import pytest
from django.db import connection
from psycopg import sql

from grading.exports.datasets import ADVS, ALL
from grading.exports.datasets.statement import statement
from grading.exports.formats.cells import is_analysis
from grading.exports.formats.table import FORMATS, save
from regimens.blinding import Profile
from tests.exports.datasets.conftest import CUT
from tests.exports.formats import transport
from tests.exports.formats.test_dataset_json import faults

SAS_EPOCH = datetime.fromisoformat("1960-01-01")


def saved(name, dataset, world):
    read = statement(dataset, study=world.study, sites=None, cut=CUT, profile=Profile.DOSES)
    out = io.BytesIO()
    with connection.cursor() as cursor:
        save(FORMATS[name], dataset, read, cursor.cursor, out, made_at=CUT, study=world.study.code)
    return out.getvalue()


@pytest.mark.parametrize("name", ["csv", "dataset-json", "ndjson"])
@pytest.mark.parametrize("profile", [Profile.DOSES, Profile.BLINDED])
def test_readings_of_a_set_are_written_together_as_they_are_one_by_one(trial, name, profile):
    together = statement(ADVS, study=trial.study, sites=None, cut=CUT, profile=profile)
    files = []
    for read in (together, sql.Composed([together])):
        out = io.BytesIO()
        with connection.cursor() as cursor:
            save(FORMATS[name], ADVS, read, cursor.cursor, out, made_at=CUT, study=trial.study.code)
        files.append(out.getvalue())

    assert files[0] == files[1]
    assert b"SYSBP" in files[0]


def as_json(column, cell):
    """A cell of the CSV as Dataset-JSON has it."""
    if not cell:
        return None
    return cell[:-6] if column.kind == "DT" else float(cell) if column.kind == "N" else cell


def as_sas(dataset, column, cell):
    """A cell of Dataset-JSON as a transport file has it."""
    if cell is None or column.kind != "DT" or not is_analysis(dataset):
        return cell
    return (datetime.fromisoformat(cell) - SAS_EPOCH).total_seconds()


@pytest.mark.parametrize("dataset", ALL, ids=lambda dataset: dataset.name)
def test_csv_dataset_json_and_transport_file_hold_the_same(trial, dataset):
    _, *lines = csv.reader(io.StringIO(saved("csv", dataset, trial).decode(), newline=""))
    content = json.loads(saved("dataset-json", dataset, trial))
    file = transport.read(saved("xpt", dataset, trial))

    assert faults(content) == []
    assert content["rows"] == [
        [as_json(column, cell) for column, cell in zip(dataset.columns, line, strict=True)] for line in lines
    ]
    assert file.rows == [
        [as_sas(dataset, column, cell) for column, cell in zip(dataset.columns, row, strict=True)]
        for row in content["rows"]
    ]
