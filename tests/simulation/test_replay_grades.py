"""Real stays through the one door, and every grade against an oracle written from the rules' text.

The oracle knows only a never treated participant without any attribution, and imports nothing of the rules: a set
of values for each element that the text names, every combination of them, and an episode by its own bookkeeping.
"""

import csv
import gzip
import io
import os
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from crsmonitor.errors import InvalidInput
from grading.course.derive import rederive
from grading.course.store import replace
from grading.models import CurrentState, DosePeriod, Episode, Grade, VitalSigns
from grading.recording.record import record
from grading.simulation.icu_file import read
from grading.simulation.replay import Assumptions, draft, prepare, replay
from regimens.models import Participant
from tests.sizes import sized

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CRS_ICU_DATA") or ROOT.parent / "shared" / "data" / "icu_vitals_demo.csv.gz")
START = datetime(2026, 1, 1, tzinfo=UTC)
SHORT = (26, 84)
STAYS = sized((26, 43, 72, 84, 104, 119), sample=SHORT)  # fevers and systolic pressures below 90 in each
ASSUMED = [
    Assumptions(),
    Assumptions(room_air=True),
    Assumptions(no_support=True),
    Assumptions(room_air=True, no_support=True),
]
needs_data = pytest.mark.skipif(
    not DATA.exists(), reason=f"no ICU vitals: set CRS_ICU_DATA to {DATA.name} (docs/sources/README.md)"
)

# --- The oracle ---------------------------------------------------------------------------------------------


@dataclass
class Oracle:
    """What the text says of one stay, hour by hour."""

    air: bool
    no_support: bool
    open_since: int | None = None
    free_since: int | None = None
    episodes: list[list[int | None]] = field(default_factory=list)  # hour it began, hour it ended

    def grade(self, hour: int, row: dict[str, str]) -> tuple[int, int, int]:
        """Grade, at_least and at_most of this hour's set."""
        fever, pressure, oxygen = self.fever(row), self.pressure(row), self.oxygen(row)
        grades = {self.of(*one) for one in product(fever, pressure, oxygen)}
        least, most = min(grades), max(grades)
        self.move(hour, fever, pressure, oxygen)
        return (least if least == most else -1), least, most  # C10

    def of(self, fever: bool, pressure: int, oxygen: int) -> int:
        worse = max(pressure, oxygen)  # C7
        if fever:
            return max(1, worse)  # C1
        return worse if self.open_since is not None else 0  # C2b; C2d

    def fever(self, row: dict[str, str]) -> set[bool]:
        """C1: 38.0 and above. C10: unrecorded, or below 30 and above 45 and so no measurement, is either."""
        if not row["temp"] or not 30 <= Decimal(row["temp"]) <= 45:
            return {True, False}
        return {Decimal(row["temp"]) >= 38}

    def pressure(self, row: dict[str, str]) -> set[int]:
        """C3b: the box is empty, so below 90 is hypotension. C3a: a bolus would be. C4: 3 or 4 by agents."""
        if not row["sbp"]:
            without = {0, 2}
        elif Decimal(row["sbp"]) < 90:
            without = {2}
        else:
            without = {0} if self.no_support else {0, 2}
        return without if self.no_support else without | {3, 4}

    def oxygen(self, row: dict[str, str]) -> set[int]:
        """C5d on air: below 90 is at least 2. Without a device every class is possible, below 90 all but none."""
        low = {2} if row["o2sat"] and Decimal(row["o2sat"]) < 90 else {0}
        if row["fio2"] and Decimal(row["fio2"]) > 21:  # Rulings 2: oxygen is given
            return {2, 3, 4}
        if self.air:
            return low if row["o2sat"] else {0, 2}
        return low | {2, 3, 4}

    def move(self, hour: int, fever: set[bool], pressure: set[int], oxygen: set[int]) -> None:
        """S1, S4: begins with a fever; over when 24 h were observed free of all, and then since their beginning."""
        if self.open_since is None:
            if fever == {True}:
                self.open_since, self.free_since = hour, None
                self.episodes.append([hour, None])
            return
        if fever == {True} or 0 not in pressure or 0 not in oxygen:
            self.free_since = None
        elif fever == {False} and pressure == {0} == oxygen:
            self.free_since = hour if self.free_since is None else self.free_since
            if hour - self.free_since >= 24:
                self.episodes[-1][1], self.open_since = self.free_since, None


@pytest.mark.parametrize(
    ("what", "row", "grade"),
    [
        ("fever alone, nobody looked further", {"temp": "38.0"}, (-1, 1, 4)),
        ("no fever, shock", {"temp": "37.9", "sbp": "70", "o2sat": "80"}, (0, 0, 0)),
        ("no temperature, shock", {"sbp": "70"}, (-1, 0, 4)),
        ("fever and 89.5", {"temp": "39", "sbp": "89.5", "o2sat": "97"}, (-1, 2, 4)),
    ],
)
def test_the_oracle_itself(what, row, grade):
    whole = dict.fromkeys(("temp", "sbp", "o2sat", "fio2"), "") | row
    assert Oracle(air=False, no_support=False).grade(0, whole) == grade


def test_the_oracle_itself_with_both_assumptions():
    def seen(temp: str, sbp: str = "120") -> dict[str, str]:
        return {"temp": temp, "sbp": sbp, "o2sat": "97", "fio2": ""}

    oracle = Oracle(air=True, no_support=True)
    grades = [oracle.grade(hour, row)[0] for hour, row in (
        (0, seen("38.5")), (1, seen("37", "80")), (2, seen("37")), (3, seen("")), (25, seen("37")), (26, seen("37")),
        (27, seen("37", "80")),
    )]  # fmt: skip
    assert grades == [1, 2, 0, -1, 0, 0, 0]
    assert oracle.episodes == [[0, 2]]


# --- The stays ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines() -> dict[int, list[dict[str, str]]]:
    """The file as it is, by stay, read without our own reader."""
    by_stay: dict[int, list[dict[str, str]]] = {}
    with gzip.open(DATA, "rt") as file:
        for row in csv.DictReader(file):
            by_stay.setdefault(int(row["stay"]), []).append(row)
    return by_stay


def hours_of(moments: Any) -> list[float | None]:
    return [None if at is None else (at - START) / timedelta(hours=1) for at in moments]


def compared(lines: dict[int, list[dict[str, str]]], stays: tuple[int, ...], assumed: Assumptions) -> Iterator[str]:
    """Every grade and episode of the stays that is not what the oracle says; the number of grades compared, last."""
    count = 0
    for stay in stays:
        participant = Participant.objects.get(number=f"{assumed.study_code}-{stay:03}")
        grades = Grade.objects.filter(participant=participant)
        stored = {g.observed_at: (g.grade, g.at_least, g.at_most) for g in grades}
        oracle = Oracle(air=assumed.room_air, no_support=assumed.no_support)
        for row in lines[stay]:
            ours = stored.pop(START + timedelta(hours=int(row["hour"])), None)
            theirs = oracle.grade(int(row["hour"]), without_the_impossible(row))
            count += 1
            if ours != theirs:
                yield f"{assumed.study_code} stay {stay} hour {row['hour']}: stored {ours}, the text says {theirs}"
        if stored:
            yield f"stay {stay}: grades of no row: {stored}"
        episodes = Episode.objects.filter(participant=participant, provisional="").order_by("started_at")
        ours = [hours_of(ends) for ends in episodes.values_list("started_at", "ended_at")]
        if ours != oracle.episodes:
            yield f"stay {stay}: episodes {ours}, the text says {oracle.episodes}"
    yield f"{count} grades compared"


LIMITS = {  # the table of limits in the bedside's conventions: our column, lowest, highest
    "temp": ("temperature_c", 25, 45), "sbp": ("sbp", 0, 300), "dbp": ("dbp", 0, 250), "hr": ("heart_rate", 0, 300),
    "resp": ("respiratory_rate", 0, 80), "o2sat": ("spo2", 0, 100),
}  # fmt: skip


def impossible(row: dict[str, str]) -> set[str]:
    """What no person can have; both pressures where the systolic is at or below the diastolic, but for 0 over 0."""
    value = {name: Decimal(row[name]) for name in LIMITS if row[name]}
    names = {LIMITS[name][0] for name, measured in value.items() if not LIMITS[name][1] <= measured <= LIMITS[name][2]}
    sbp, dbp = value.get("sbp"), value.get("dbp")
    if not names & {"sbp", "dbp"} and sbp is not None and dbp is not None and sbp <= dbp and not sbp == dbp == 0:
        names |= {"sbp", "dbp"}
    return names


def without_the_impossible(row: dict[str, str]) -> dict[str, str]:
    """As an import keeps it: such a value is left out, and so was not looked at."""
    return row | {name: "" for name, (column, _low, _high) in LIMITS.items() if column in impossible(row)}


@needs_data
@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("assumed", ASSUMED, ids=lambda one: one.study_code)
def test_every_grade_of_real_stays_is_what_the_text_says(lines, assumed):
    rows = [row for row in read(DATA) if row.stay in STAYS]
    outcomes = list(replay(rows, prepare(assumed), assumed, start=START))

    assert list(compared(lines, STAYS, assumed)) == [f"{len(rows)} grades compared"]
    assert [o.row for o in outcomes if o.refused] == []


@pytest.mark.long
@needs_data
@pytest.mark.django_db
def test_what_is_left_out_is_what_no_person_can_have_and_the_set_is_kept(lines):
    strange = {(s, int(r["hour"])): impossible(r) for s, rows in lines.items() for r in rows if impossible(r)}
    rows = [row for row in read(DATA) if (row.stay, row.hour) in strange]

    outcomes = list(replay(rows, prepare(Assumptions()), Assumptions(), start=START))

    assert strange
    assert [set(o.recorded.fact.dropped) for o in outcomes] == [strange[o.row.stay, o.row.hour] for o in outcomes]
    for kept in VitalSigns.objects.all():
        assert [name for name in kept.dropped if getattr(kept, name) is not None] == []


# --- The projection -----------------------------------------------------------------------------------------


@pytest.mark.long
@needs_data
@pytest.mark.django_db
@pytest.mark.parametrize(
    "assumed", sized([ASSUMED[0], ASSUMED[-1]], sample=ASSUMED[-1:]), ids=lambda assumed: assumed.study_code
)
def test_what_stands_is_what_a_derivation_from_all_facts_gives(assumed):
    rows = [row for row in read(DATA) if row.stay in SHORT]
    for _outcome in replay(rows, prepare(assumed), assumed, start=START):
        pass

    for participant in Participant.objects.all():
        before = projection(participant)
        assert everything_again(participant) == before


def projection(participant: Participant) -> dict[str, list[dict[str, Any]]]:
    """Every projection row of the participant, as plain values."""
    return {
        model.__name__: sorted(
            ({k: v for k, v in row.items() if k not in ("id", "changed_at", "modified_utc")} for row in rows.values()),
            key=repr,
        )
        for model in (Grade, Episode, DosePeriod, CurrentState)
        for rows in [model.objects.filter(participant=participant)]
    }


def everything_again(participant: Participant) -> dict[str, list[dict[str, Any]]]:
    """The same after a derivation from all facts into emptied tables."""
    for model in (CurrentState, Grade, Episode, DosePeriod):
        model.objects.filter(participant=participant).delete()
    replace(rederive(participant, at=START))
    return projection(participant)


@pytest.mark.long
@needs_data
@pytest.mark.django_db
def test_what_stands_after_many_corrections_and_late_entries_is_what_rederive_finds():
    assumed, dice = ASSUMED[-1], random.Random(3)
    rows = [row for row in read(DATA) if row.stay in SHORT][:MOST]
    held = dice.sample(rows, LATE)  # entered late
    trial = prepare(assumed)
    for _outcome in replay([row for row in rows if row not in held], trial, assumed, start=START):
        pass
    assert checked() == 0
    late = [draft(row, trial, person(row.stay, assumed), assumed, start=START) for row in held]
    done = 0
    while done < CHANGES:
        fact = late.pop() if late and dice.random() < 0.4 else correction(dice)
        fact.reason = "a late entry or a correction"
        try:
            record(fact, by=trial.by, at=START + timedelta(days=365))
        except InvalidInput:  # no person can have it: the file's own
            continue
        done += 1

    assert VitalSigns.objects.exclude(supersedes=None).count() > CHANGES / 2
    assert checked() == 0


# Sets, those of them entered late, and late entries and corrections: each derives a stay again.
MOST, LATE, CHANGES = sized((260, 60, 200), sample=(70, 10, 25))


def person(stay: int, assumed: Assumptions) -> Participant:
    return Participant.objects.get(number=f"{assumed.study_code}-{stay:03}")


def correction(dice: random.Random) -> VitalSigns:
    """Another version of a standing set: the vital signs of another, or never happened, or an hour and a half off."""
    wrong = dice.choice(list(VitalSigns.objects.standing().order_by("observed_at", "pk")))
    values = {f.attname: getattr(wrong, f.attname) for f in VitalSigns._meta.concrete_fields}
    values |= {"id": uuid.UUID(int=dice.getrandbits(128)), "supersedes_id": wrong.pk}
    match dice.randrange(4):
        case 0:
            values["temperature_c"] = dice.choice([None, Decimal("36.9"), Decimal("38.0"), Decimal("39.4")])
        case 1:
            values |= {"sbp": Decimal(dice.choice([78, 89, 118])), "dbp": Decimal(50)}
        case 2:
            values["observed_at"] = wrong.observed_at + timedelta(hours=dice.choice([-5, -1.5, 1.5, 5]))
        case _:
            values["withdrawn"] = True
    return VitalSigns(**values)


def checked() -> int:
    """The exit code of `rederive --check`."""
    out = io.StringIO()
    try:
        call_command("rederive", "--check", "--jobs", "1", stdout=out)  # other processes see no test's transaction
    except SystemExit as stop:
        print(out.getvalue())
        return int(stop.code or 0)
    return 0
