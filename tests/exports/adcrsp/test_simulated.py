"""One seeded trial with all that a ward does: no column is empty that has the event, and nulls are even."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.exports.datasets import ADCRSP
from grading.exports.datasets.statement import copy_csv, statement
from grading.exports.writers import blocks_of
from grading.simulation.assumed import Assumed
from grading.simulation.habits import BUSY
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
SETTINGS = Assumed(
    grades=((2, 1), (3, 1)), watched_h=24, onset_h=(2, 6), duration_h=(14, 20), neurotoxic_percent=Decimal(60),
    vitals_every_h=8, neuro_every_h=12,
)  # fmt: skip
PLAN = {
    "id": "fih", "drug": "x", "title": "First in human", "route": "IV",
    "steps": [
        {"label": "d1", "day": 1, "dose": 1, "unit": "mg", "step_up": True, "infusion_h": 2, "source": "P"},
        {"label": "d2", "day": 8, "dose": 3, "unit": "mg", "target": True, "infusion_h": 2, "source": "P"},
    ],
    "cohorts": [{"name": "C1", "ladder": {"d1": 2}}, {"name": "C2", "ladder": {"d1": 3}}],
    "sources": {"P": {"what": "protocol"}},
}  # fmt: skip


@stage(lasts_s=600)
def simulated():
    """Two participants, one of them assessed by CAPD, two doses each."""
    document, variant = with_windows(
        document_from(PLAN), "", hours=Decimal(24), clock=ObservationClock.ADMINISTRATION, source="protocol"
    )
    trial = prepare(document, variant=variant, code="SIM", title="Simulated", assumed=SETTINGS)
    plan = plan_of(document)
    rates = rates_for(plan, document.data, given={EVERY_OTHER: Decimal(100)}, repeats=2)
    for place in (1, 2):
        story = tell(
            plan, variant=variant, rates=rates, assumed=SETTINGS, seed=3, participant=place,
            cohort=cohort_at(trial, place),
        )  # fmt: skip
        enrol(trial, story, place=place, start=START, habits=BUSY)
    return trial


@pytest.fixture
def period_rows(simulated):
    cut = START + timedelta(days=100)
    query = copy_csv(statement(ADCRSP, study=simulated.study, sites=None, cut=cut, profile=Profile.OPEN))
    with connection.cursor() as cursor:
        text = b"".join(blocks_of(cursor.cursor, query)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_no_column_is_empty_but_those_that_nothing_is_collected_for(period_rows):
    empty = {name for name in period_rows[0] if not any(row[name] for row in period_rows)}

    assert empty == set(ADCRSP.lacks)


# Flag -> what is 0 where it is N, and what is null there: of no event there is no time and no duration.
BESIDE = {
    "CRSFL": (
        ("CRSEPN", "CRSMAXGR"),
        ("CRSONDTM", "CRSONH", "CRSMXH", "CRSENDTM", "CRSDURH", "CRSDUR1H", "TOCIONH", "STERONH"),
    ),
    "ICNFL": (("ICNMAXGR",), ("ICNONH", "ICNDURH", "ICNCRSFL")),
    "TOCIFL": (("TOCIN", "TOCIMG"), ("TOCIONH", "TOCIDSH")),
    "STERFL": (("STERDXMG",), ("STERONH",)),
    "PREMSTFL": (("STPRDXMG",), ()),
    "ICUFL": (("ICUH",), ()),
}  # fmt: skip
# Null beside Y: of a run that nobody recorded the end of, and what waits for the other of two events.
MAY_WAIT = {"CRSENDTM", "TOCIONH", "STERONH"}


@pytest.mark.parametrize("flag", BESIDE)
def test_what_stands_beside_a_flag_is_null_zero_or_known_with_it(period_rows, flag):
    totals, times = BESIDE[flag]
    for row in period_rows:
        values = {name: row[name] for name in (*totals, *times)}
        if row[flag] == "Y":
            assert [name for name in values if values[name] == "" and name not in MAY_WAIT] == []
            assert [name for name in totals if Decimal(values[name]) <= 0] == []
        elif row[flag] == "N":
            assert [name for name in totals if values[name] == "" or Decimal(values[name]) != 0] == []
            assert [name for name in times if values[name] != ""] == []
        else:
            assert [name for name in values if values[name] != ""] == []


def test_risk_windows_are_always_decided(period_rows):
    assert [
        row for row in period_rows if row["DOSSTAT"] != "NOT GIVEN" and not (row["RISKWCFL"] and row["CENSFL"])
    ] == []


def test_the_tables_say_what_the_facts_say(simulated):
    for participant in simulated.study.participants.all():
        assert list(differences(comparison_of(rederive(participant, at=START)))) == []


def test_every_number_beside_a_flag_is_in_one_of_them():
    """A column whose derivation names a flag is held to the rule above, or says when it is null."""
    numbers = [column for column in ADCRSP.columns if column.kind == "N"]
    beside = {name for totals, times in BESIDE.values() for name in (*totals, *times)}
    flags = [name for name in BESIDE if name not in ("CRSFL", "ICNFL")]

    assert [c.name for c in numbers if any(flag in c.derivation for flag in flags) and c.name not in beside] == []
