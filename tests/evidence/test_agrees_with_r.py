"""The figures of the CSV against R, to the printed digits: binom.test, qbeta, prop.test and survfit of `survival`."""

import csv
import io
import shutil
import subprocess
from decimal import Decimal

import pytest

from grading.evidence.counts import rows_of
from grading.evidence.support import support_of
from grading.evidence.tables import onset_cells, share_cells
from regimens.design.evidence import EvidenceRule
from tests.evidence.periods import period

pytestmark = pytest.mark.long  # R starts, and reads its package of survival
# Onset hours by place; the others are watched for so many hours without CRS.
ONSETS = {1: ((4, 26, 26, 31.5, 49), (168,) * 9), 2: ((12.25,), (70, 96, 168)), 3: ((), (168,) * 12), 4: ((5, 9), ()),
          5: ((30, 61.75), (168,) * 48)}  # fmt: skip
PROGRAM = """
library(survival)
rows <- read.csv(file("stdin"))
show <- function(kind, place, values) cat(kind, place, values, sep = ",", fill = 10000)
for (place in unique(rows$place)) {
  one <- rows[rows$place == place, ]; x <- sum(one$event); n <- nrow(one)
  jeffreys <- c(if (x == 0) 0 else qbeta(.025, x + .5, n - x + .5), if (x == n) 1 else qbeta(.975, x + .5, n - x + .5))
  exact <- binom.test(x, n)$conf.int
  wilson <- suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int)
  show("share", place, sprintf("%.2f", 100 * c(x / n, jeffreys, exact, wilson)))
  show("below", place, sprintf("%.4f", pbeta(c(.05, .10), x + .5, n - x + .5)))
  if (x == 0) next
  curve <- summary(survfit(Surv(t, event) ~ 1, data = one, conf.type = "log-log"))
  show("curve", place, sprintf("%.4f", rbind(curve$surv, curve$lower, curve$upper)))
}
"""


@pytest.fixture(scope="module")
def of_r():
    """By kind and place."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed (r-base-core, r-cran-survival): the figures are not held against it")
    lines = ["place,t,event"]
    for place, (onsets, watched) in ONSETS.items():
        lines += [f"{place},{t},1" for t in onsets] + [f"{place},{t},0" for t in watched]
    ran = subprocess.run(
        ["Rscript", "--vanilla", "-e", PROGRAM], input="\n".join(lines) + "\n", text=True, capture_output=True
    )
    if "there is no package called" in ran.stderr:
        pytest.skip("R has no survival (r-cran-survival): the figures are not held against it")
    assert ran.returncode == 0, ran.stderr
    return {(kind, int(place)): values for kind, place, *values in csv.reader(io.StringIO(ran.stdout))}


@pytest.fixture(scope="module")
def rows():
    return rows_of(
        [
            period(number, place, grade, onset_h=Decimal(str(t)) if grade else None, observed_h=Decimal(str(t)))
            for place, (onsets, watched) in ONSETS.items()
            for number, (t, grade) in enumerate([*((t, 1) for t in onsets), *((t, 0) for t in watched)])
        ],
        by_label=True,
    )


def test_shares_and_three_intervals(of_r, rows):
    assert {row.place: list(share_cells(row.any)) for row in rows} == {place: of_r["share", place] for place in ONSETS}


def test_the_chance_below_a_limit(of_r, rows):
    for place in support_of(rows, EvidenceRule()).places:
        printed = [f"{chance:.4f}" for _limit, chance, _reaches in place.any.limits]
        assert printed == of_r["below", place.place]


def test_the_onset_curve_with_its_limits(of_r, rows):
    for row in rows:
        cells = [cell for step in row.onset.curve for cell in onset_cells(step)]
        # Where nobody is free any more R has no limits either.
        theirs = ["" if one == "NA" else one for one in of_r.get(("curve", row.place), [])]
        assert ["" if one is None else one for one in cells] == theirs
