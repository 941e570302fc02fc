"""The figures of a published table come out of a packet: in plain Python, in pandas and in R the same."""

import csv
import io
import shutil
import statistics
import subprocess

import pytest

from tests.exports.packet.talquetamab import packed_trial, table_of
from tests.stages import stage

pytestmark = [pytest.mark.django_db, pytest.mark.long]

R = """
rows <- read.csv(commandArgs(TRUE)[1], na.strings = "", stringsAsFactors = FALSE)
given <- rows[rows$DOSSTAT != "NOT GIVEN", ]
crs <- given[!is.na(given$CRSFL) & given$CRSFL == "Y", ]
everybody <- unique(given$USUBJID)
say <- function(name, value) cat(name, format(value, digits = 15), "\\n")
share <- function(who) 100 * length(unique(who)) / length(everybody)
say("participants", length(everybody))
say("percent_step_up", share(crs$USUBJID[crs$APHASE == "STEP-UP"]))
say("percent_fourth", share(crs$USUBJID[crs$DOSENUM == 4]))
say("highest_fourth", max(given$CRSMAXGR[given$DOSENUM == 4]))
say("recurrent", sum(tapply(given$CRSEPN, given$USUBJID, sum) > 1))
for (dose in 1:4) say(paste0("with_crs_", dose), sum(crs$DOSENUM == dose))
highest <- tapply(given$CRSMAXGR, given$USUBJID, max)
for (grade in 0:3) say(paste0("highest_", grade), sum(highest == grade))
say("onset_median", median(crs$CRSONH)); say("onset_first", min(crs$CRSONH)); say("onset_last", max(crs$CRSONH))
say("duration_median", median(crs$CRSDURH))
say("tocilizumab", sum(given$TOCIFL == "Y", na.rm = TRUE))
say("tocilizumab_at_2", sum(crs$TOCIFL == "Y" & crs$CRSMAXGR >= 2))
"""
HAVEN = """
suppressPackageStartupMessages(library(haven))
xpt <- as.data.frame(read_xpt(commandArgs(TRUE)[1]))
rows <- read.csv(commandArgs(TRUE)[2], na.strings = "", stringsAsFactors = FALSE)
stopifnot(nrow(xpt) == nrow(rows), all(xpt$USUBJID == rows$USUBJID))
for (name in c("DOSENUM", "CRSMAXGR", "CRSONH", "CRSDURH"))
  stopifnot(isTRUE(all.equal(as.numeric(xpt[[name]]), as.numeric(rows[[name]]))))
cat("same")
"""


@stage(lasts_s=600)
def talquetamab_packet():
    return packed_trial(("csv", "xpt"))


@pytest.fixture
def files(talquetamab_packet, tmp_path):
    for name, data in talquetamab_packet.files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def in_plain_python(data):
    """The same questions as R's and pandas', of csv alone."""
    given = [row for row in csv.DictReader(io.StringIO(data.decode())) if row["DOSSTAT"] != "NOT GIVEN"]
    crs = [row for row in given if row["CRSFL"] == "Y"]
    everybody = {row["USUBJID"] for row in given}
    onsets, hours = [float(row["CRSONH"]) for row in crs], [float(row["CRSDURH"]) for row in crs]
    grades = {who: max(int(row["CRSMAXGR"]) for row in given if row["USUBJID"] == who) for who in everybody}
    episodes = {who: sum(int(row["CRSEPN"]) for row in given if row["USUBJID"] == who) for who in everybody}

    def share(rows):
        return 100 * len({row["USUBJID"] for row in rows}) / len(everybody)

    table = {
        "participants": len(everybody),
        "percent_step_up": share([row for row in crs if row["APHASE"] == "STEP-UP"]),
        "percent_fourth": share([row for row in crs if row["DOSENUM"] == "4"]),
        "highest_fourth": max(int(row["CRSMAXGR"]) for row in given if row["DOSENUM"] == "4"),
        "recurrent": sum(count > 1 for count in episodes.values()),
        "onset_median": statistics.median(onsets), "onset_first": min(onsets), "onset_last": max(onsets),
        "duration_median": statistics.median(hours),
        "tocilizumab": sum(row["TOCIFL"] == "Y" for row in given),
        "tocilizumab_at_2": sum(row["TOCIFL"] == "Y" and int(row["CRSMAXGR"]) >= 2 for row in crs),
    }  # fmt: skip
    table |= {f"with_crs_{dose}": sum(row["DOSENUM"] == str(dose) for row in crs) for dose in (1, 2, 3, 4)}
    return table | {f"highest_{grade}": sum(one == grade for one in grades.values()) for grade in range(4)}


def in_pandas(pandas, rows):
    given = rows[rows["DOSSTAT"] != "NOT GIVEN"]
    crs = given[given["CRSFL"] == "Y"]
    everybody = given["USUBJID"].nunique()
    highest = given.groupby("USUBJID")["CRSMAXGR"].max()
    table = {
        "participants": everybody,
        "percent_step_up": 100 * crs.loc[crs["APHASE"] == "STEP-UP", "USUBJID"].nunique() / everybody,
        "percent_fourth": 100 * crs.loc[crs["DOSENUM"] == 4, "USUBJID"].nunique() / everybody,
        "highest_fourth": given.loc[given["DOSENUM"] == 4, "CRSMAXGR"].max(),
        "recurrent": (given.groupby("USUBJID")["CRSEPN"].sum() > 1).sum(),
        "onset_median": crs["CRSONH"].median(), "onset_first": crs["CRSONH"].min(), "onset_last": crs["CRSONH"].max(),
        "duration_median": crs["CRSDURH"].median(),
        "tocilizumab": (given["TOCIFL"] == "Y").sum(),
        "tocilizumab_at_2": ((crs["TOCIFL"] == "Y") & (crs["CRSMAXGR"] >= 2)).sum(),
    }  # fmt: skip
    table |= {f"with_crs_{dose}": (crs["DOSENUM"] == dose).sum() for dose in (1, 2, 3, 4)}
    return table | {f"highest_{grade}": (highest == grade).sum() for grade in range(4)}


def test_the_table_is_the_published_one_and_what_happened(talquetamab_packet):
    table = in_plain_python(talquetamab_packet.files["adcrsp.csv"])
    happened = table_of(talquetamab_packet.stories)

    assert (table["participants"], table["percent_step_up"], table["percent_fourth"]) == (50, 80, 4)
    assert table["highest_fourth"] == 1
    assert {name: table[name] for name in happened} == happened


def test_pandas_has_the_same_figures_of_csv_and_transport_file(talquetamab_packet, files):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed here")
    expected = pytest.approx(in_plain_python(talquetamab_packet.files["adcrsp.csv"]))

    assert in_pandas(pandas, pandas.read_csv(files / "adcrsp.csv")) == expected
    sas = pandas.read_sas(files / "adcrsp.xpt", format="xport", encoding="ascii")
    numbers = sas.select_dtypes("number").columns
    sas[numbers] = sas[numbers].round(4)  # it takes the zero of a transport file for 5.4E-79 (README.txt)
    assert in_pandas(pandas, sas) == expected


def test_r_has_the_same_figures(talquetamab_packet, files):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed here")

    printed = _in_r(R, files / "adcrsp.csv")

    table = {name: float(value) for name, value in (line.split() for line in printed.splitlines())}
    assert table == pytest.approx(in_plain_python(talquetamab_packet.files["adcrsp.csv"]))
    known = subprocess.run(["Rscript", "-e", "stopifnot(requireNamespace('haven'))"], capture_output=True, check=False)
    if known.returncode == 0:  # else the transport file is left to pandas
        assert _in_r(HAVEN, files / "adcrsp.xpt", files / "adcrsp.csv") == "same"


def _in_r(script, *paths):
    run = subprocess.run(["Rscript", "-e", script, *map(str, paths)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout
