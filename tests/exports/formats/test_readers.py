"""Other people's programs read the files: pandas and pyreadstat where they are installed, R where it is."""

import shutil
import subprocess

import pytest

from grading.exports.formats.cells import NotWritable
from grading.exports.formats.parquet import is_there
from tests.exports.formats.examples import written

R = """
suppressPackageStartupMessages({library(haven); library(jsonlite)})
xpt <- haven::read_xpt(commandArgs(TRUE)[1])
json <- jsonlite::fromJSON(commandArgs(TRUE)[2], simplifyVector = FALSE)
stopifnot(nrow(xpt) == 3, identical(names(xpt), vapply(json$columns, function(c) c$name, "")))
stopifnot(identical(as.numeric(xpt$AVAL), c(38.2, -0.001, NA)))
stopifnot(identical(as.character(xpt$NOTE), c('say "a, b"', "0012", "")))
stopifnot(format(xpt$ADTM[1], "%Y-%m-%dT%H:%M:%S") == "2026-03-02T07:00:00", is.na(xpt$ADTM[3]))
stopifnot(json$records == 3, json$rows[[1]][[4]] == "2026-03-02T07:00:00", is.null(json$rows[[3]][[5]]))
cat("read")
"""


@pytest.fixture
def files(tmp_path):
    for name in ("xpt", "dataset-json", "csv"):
        (tmp_path / name).write_bytes(written(name))
    return tmp_path


def test_pandas_reads_csv_and_transport_file(files):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed here")

    text = pandas.read_csv(files / "csv", dtype={"NOTE": str})
    sas = pandas.read_sas(files / "xpt", format="xport", encoding="ascii")

    assert text["AVAL"].tolist()[:2] == sas["AVAL"].tolist()[:2] == [38.2, -0.001]
    assert text["NOTE"].tolist()[:2] == sas["NOTE"].tolist()[:2] == ['say "a, b"', "0012"]
    assert len(text) == len(sas) == 3


def test_pyreadstat_reads_the_transport_file(files):
    pyreadstat = pytest.importorskip("pyreadstat", reason="pyreadstat is not installed here")

    rows, about = pyreadstat.read_xport(files / "xpt")

    assert (about.table_name, about.file_label, len(rows)) == ("ADVS", "Vital signs", 3)
    assert rows["ADTM"].astype(str).tolist()[:2] == ["2026-03-02 07:00:00", "2026-03-02 07:00:01"]
    assert rows["ADTM"].isna().tolist() == rows["AVAL"].isna().tolist() == [False, False, True]


@pytest.mark.long
def test_r_reads_transport_file_and_dataset_json(files):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed here")
    known = subprocess.run(
        ["Rscript", "-e", "stopifnot(requireNamespace('haven'), requireNamespace('jsonlite'))"],
        capture_output=True, check=False,
    )  # fmt: skip
    if known.returncode:
        pytest.skip("R has neither haven nor jsonlite here")

    run = subprocess.run(
        ["Rscript", "-e", R, str(files / "xpt"), str(files / "dataset-json")], capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert run.stdout == "read", run.stderr


def test_parquet_comes_back(tmp_path):
    if not is_there():
        with pytest.raises(NotWritable) as refused:
            written("parquet")
        assert refused.value.message.code == "needs_pyarrow"
        pytest.skip("pyarrow is not installed here: that it is refused was seen, what it writes was not")
    from pyarrow import parquet

    (tmp_path / "advs.parquet").write_bytes(written("parquet"))
    table = parquet.read_table(tmp_path / "advs.parquet")

    assert table.column("AVAL").to_pylist() == [38.2, -0.001, None]
    assert [str(at) for at in table.column("ADTM").to_pylist()] == [
        "2026-03-02 07:00:00",
        "2026-03-02 07:00:01",
        "None",
    ]
    assert table.schema.field(0).metadata[b"label"] == b"A label"
    assert written("parquet") == written("parquet")
