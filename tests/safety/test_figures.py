"""The figures of the review against an independent count from the CSV of the export, for two simulated trials.

Nothing here shares code with the review: rows are counted as text, limits are tried on binomial sums and on the
posterior's density, kappa is worked out from a table of squares.
"""

import csv
import io
import math
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median

import pytest
from django.db import connection
from django.test import Client

from grading.exports.datasets import ADCRSP
from grading.exports.datasets.adam.adjudg import ADJUDG
from grading.exports.datasets.statement import copy_csv, statement
from grading.exports.packet.known_at import known_at
from grading.exports.writers import blocks_of
from grading.simulation.assumed import Assumed
from grading.simulation.habits import Habits
from grading.simulation.rates import EVERY_OTHER, rates_for
from grading.simulation.story import tell
from grading.simulation.trial import cohort_at, enrol, prepare
from regimens.blinding import Profile
from regimens.library import document_from, plan_of
from regimens.library.own import with_windows
from regimens.rules.plan import ObservationClock
from tests.stages import stage

pytestmark = [pytest.mark.django_db, pytest.mark.long]
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
SOON, END = START + timedelta(hours=60), START + timedelta(days=100)  # the first doses are watched; all is over
SETTINGS = Assumed(
    grades=((1, 1), (2, 1), (3, 1)), watched_h=24, onset_h=(2, 6), duration_h=(14, 20), neurotoxic_percent=Decimal(60),
    vitals_every_h=12, neuro_every_h=24, missing_percent=Decimal(0), repeats=1,
)  # fmt: skip
PLAN = {
    "id": "fih", "drug": "x", "title": "First in human", "route": "IV",
    "steps": [
        {"label": "d1", "day": 1, "dose": 1, "unit": "mg", "step_up": True, "source": "P"},
        {"label": "d2", "day": 8, "dose": 3, "unit": "mg", "target": True, "source": "P"},
    ],
    "cohorts": [{"name": "C1", "ladder": {"d1": 2}}, {"name": "C2", "ladder": {"d1": 3}}],
    "sources": {"P": {"what": "protocol"}},
}  # fmt: skip
# Participants, seed, percent of doses with CRS, hours of the risk window: of the first trial it outlasts how long the
# last dose is observed.
TRIALS = {"SIMA": (2, 3, Decimal(100), 168), "SIMB": (1, 8, Decimal(40), 24)}


@stage(lasts_s=600)
def trials():
    """Two doses each; the participants of the first in two cohorts."""
    document, variant = with_windows(
        document_from(PLAN), "", hours=Decimal(24), clock=ObservationClock.ADMINISTRATION, source="protocol"
    )
    plan, made = plan_of(document), {}
    for code, (people, seed, percent, risk_h) in TRIALS.items():
        settings = replace(SETTINGS, risk_window_h=risk_h)
        made[code] = trial = prepare(document, variant=variant, code=code, title=code, assumed=settings)
        rates = rates_for(plan, document.data, given={EVERY_OTHER: percent}, repeats=1)
        for place in range(1, people + 1):
            story = tell(
                plan, variant=variant, rates=rates, assumed=settings, seed=seed, participant=place,
                cohort=cohort_at(trial, place),
            )  # fmt: skip
            enrol(trial, story, place=place, start=START, habits=Habits(signs=True))
    return made


def exported(dataset, trial, cut):
    query = copy_csv(statement(dataset, study=trial.study, sites=None, cut=cut, profile=Profile.OPEN))
    with connection.cursor() as cursor:
        text = b"".join(blocks_of(cursor.cursor, query)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table(trial, name, cut, **more):
    client = Client()
    client.force_login(trial.investigator)
    query = {"cut": cut.isoformat()} | more
    text = client.get(f"/safety/{trial.study.code}/tables/{name}.csv", query).content.decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- Counted from the export ----------------------------------------------------------------------------------------


def kind_of(row, flag, grade, onset_end, least):
    """What one row of ADCRSP says of "this grade or above"."""
    if row[flag] == "":
        return "UNKNOWN"
    if row[flag] == "Y" and int(row[grade]) >= least:
        return "EVENT"
    if row["PERENDC"] == "DATA CUT" or (row[flag] == "Y" and onset_end and row[onset_end] == ""):
        return "OPEN"
    return "NOEVENT" if row["PERENDC"] == "NEXT DOSE" or row["RISKWCFL"] == "Y" else "CUTSHORT"


def recounted(rows):
    """Step, syndrome, grade: how many participants are what. One dose of each step, so that a row is a participant."""
    counts = defaultdict(Counter)
    for row in rows:
        assert row["DOSSTAT"] != "NOT GIVEN"
        for syndrome, flag, grade, end, grades in (
            ("CRS", "CRSFL", "CRSMAXGR", "CRSENDTM", (1, 2, 3)), ("ICANS", "ICNFL", "ICNMAXGR", "", (1, 3)),
        ):  # fmt: skip
            for least in grades:
                counts[row["ASPERC"], syndrome, least][kind_of(row, flag, grade, end, least)] += 1
    return counts


def tail(n, k, p):
    """P(at least k of n)."""
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


def below(x, n, p, points=4000):
    """P(below p) of Beta(x + 1/2, n - x + 1/2), by the midpoints of its density over the arcsine."""

    def area(to):
        steps = [to * (i + 0.5) / points for i in range(points)]
        return to / points * sum(math.sin(t) ** (2 * x) * math.cos(t) ** (2 * (n - x)) for t in steps)

    return area(math.asin(math.sqrt(p))) / area(math.pi / 2)


@pytest.mark.parametrize("code", TRIALS)
def test_outcomes_are_what_the_export_says_now_and_as_it_was_known_in_the_middle(trials, code):
    trial, opened = trials[code], 0
    with known_at(trial.study, SOON):
        then = recounted(exported(ADCRSP, trial, SOON))
    for cut, counts in ((SOON, then), (END, recounted(exported(ADCRSP, trial, END)))):
        rows = table(trial, "outcomes", cut)
        assert {(row["STEP"], row["SYNDROME"], int(row["FROMGR"])) for row in rows} == counts.keys()
        for row in rows:
            expected = counts[row["STEP"], row["SYNDROME"], int(row["FROMGR"])]
            names = ("EVENT", "NOEVENT", "OPEN", "CUTSHORT", "UNKNOWN")
            assert {name: int(row[name]) for name in names} == {name: expected[name] for name in names}
            assert int(row["KNOWN"]) == expected["EVENT"] + expected["NOEVENT"]
            assert int(row["RECEIVED"]) == expected.total()
            assert (row["PCT"] == "") == (row["KNOWN"] == "0")
            opened += expected["OPEN"]
    assert opened > 0  # in the middle of the trial some go on


@pytest.mark.parametrize("code", TRIALS)
def test_limits_of_the_whole_trial_solve_what_defines_them(trials, code):
    for row in table(trials[code], "outcomes", END):
        x, n = int(row["EVENT"]), int(row["KNOWN"])
        if n == 0:
            assert {row[name] for name in ("PCT", "JEFFLO", "JEFFHI", "EXACTLO", "EXACTHI")} == {""}
            continue
        share, low, high, exact_low, exact_high = (
            float(row[name]) / 100 for name in ("PCT", "JEFFLO", "JEFFHI", "EXACTLO", "EXACTHI")
        )
        assert share == pytest.approx(x / n, abs=1e-4)
        near = {"abs": 2e-3}  # of a limit that is printed with two decimals
        assert exact_low == 0 if x == 0 else tail(n, x, exact_low) == pytest.approx(0.025, **near)
        assert exact_high == 1 if x == n else 1 - tail(n, x + 1, exact_high) == pytest.approx(0.025, **near)
        assert low == 0 if x == 0 else below(x, n, low) == pytest.approx(0.025, **near)
        assert high == 1 if x == n else below(x, n, high) == pytest.approx(0.975, **near)


@pytest.mark.parametrize("code", TRIALS)
def test_tocilizumab_and_steroids_are_what_the_export_says(trials, code):
    cut = END
    periods = exported(ADCRSP, trials[code], cut)
    for row in table(trials[code], "care", cut):
        mine = [one for one in periods if one["ASPERC"] == row["STEP"]]
        given = {name: sum(one[flag] == "Y" for one in mine) for name, flag in
                 (("WITHCRS", "CRSFL"), ("TOCI", "TOCIFL"), ("STEROID", "STERFL"))}  # fmt: skip
        assert {name: int(row[name]) for name in given} == given
        assert int(row["DOSES"]) == len(mine)
        for prefix, column in (("ONSET", "TOCIONH"), ("DOSE", "TOCIDSH")):
            hours = [Decimal(one[column]) for one in mine if one[column]]
            assert int(row[f"{prefix}N"]) == len(hours)
            ends = (median(hours), min(hours), max(hours)) if hours else ()
            printed = tuple(Decimal(row[f"{prefix}{end}"]) for end in ("MED", "MIN", "MAX")) if hours else ()
            assert printed == pytest.approx(ends, abs=Decimal("0.005"))


@pytest.mark.parametrize("code", TRIALS)
def test_concordance_is_what_the_judgements_of_the_export_say(trials, code):
    """Everybody agrees in a simulated trial: kappa is 1 where two grades were seen, and says nothing where one was."""
    cut = END
    pairs = defaultdict(list)
    for one in exported(ADJUDG, trials[code], cut):
        if one["ABOUT"] == "EPISODE" and one["LEDGER"] == "INVESTIGATOR":
            derived = int(one["DRVGRN"])
            pairs[one["SYNDROME"]].append((derived if one["AGREEFL"] == "Y" else int(one["AVAL"]), derived))
    rows = table(trials[code], "concordance", cut)
    assert {(row["SITEID"], row["SYNDROME"]) for row in rows} == {(site, one) for site in ("SIM", "") for one in pairs}
    for row in rows:
        mine = pairs[row["SYNDROME"]]
        assert (int(row["PAIRS"]), int(row["SAME"])) == (len(mine), sum(a == b for a, b in mine))
        assert row["KAPPA"] == ("1.0000" if len(set(mine)) > 1 else "")


def test_a_cohort_is_its_participants_alone(trials):
    cut = END
    whole, first = (table(trials["SIMA"], "periods", cut, **more) for more in ({}, {"cohort": "C1"}))

    cohort = {row["SUBJID"] for row in exported(ADCRSP, trials["SIMA"], cut) if row["COHORT"] == "C1"}
    assert {row["SUBJID"] for row in first} == cohort == {"SIMA-001"}
    assert [row["DOSENUM"] for row in whole if row["SUBJID"] in cohort] == [row["DOSENUM"] for row in first]
