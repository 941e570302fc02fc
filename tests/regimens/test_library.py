"""The published regimens, number by number against the table that they were taken from."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from regimens.library import names, plan_named, read
from regimens.rules.plan import Outcome

SOURCES = Path(__file__).resolve().parents[2] / "docs/sources"
IDS = [
    "blinatumomab_RR_ALL", "elranatamab", "epcoritamab_FL", "epcoritamab_LBCL", "glofitamab", "linvoseltamab",
    "mosunetuzumab_IV", "odronextamab_DLBCL", "odronextamab_FL", "talquetamab_biweekly", "talquetamab_weekly",
    "tarlatamab", "tebentafusp", "teclistamab",
]  # fmt: skip


@cache
def table(name: str = "regimens") -> dict:
    return yaml.safe_load((SOURCES / f"{name}.yaml").read_text(encoding="utf-8"))


def published(regimen_id: str) -> dict:
    return next(one for one in table()["regimens"] if one["id"] == regimen_id)


def numbers(data: object) -> set[Decimal]:
    """Every number in a tree, also inside its texts; keys of sources are no numbers."""
    if isinstance(data, dict):
        kept = (v for k, v in data.items() if k not in ("source", "source2", "sources", "id"))
        return set().union(*(numbers(value) for value in kept))
    if isinstance(data, list):
        return set().union(*(numbers(value) for value in data))
    if data is None or isinstance(data, bool):
        return set()
    return {Decimal(number).normalize() for number in re.findall(r"\d+(?:\.\d+)?", str(data))}


def test_the_library_holds_every_regimen():
    assert names() == IDS


def test_the_table_holds_no_other_regimen():
    assert sorted(one["id"] for one in table()["regimens"]) == IDS


@pytest.mark.parametrize("regimen_id", IDS)
def test_every_step_is_as_published(regimen_id):
    document = published(regimen_id)
    wanted = [*document["steps"], *document.get("full_dose_steps", [])]
    ladder = {step["label"] for step in wanted if not isinstance(step["dose"], str)}

    steps = plan_named(regimen_id).steps

    assert [s.label for s in steps] == [s["label"] for s in wanted if s["label"] in ladder]
    for made, step in zip(steps, (s for s in wanted if s["label"] in ladder), strict=True):
        assert (made.dose, made.unit, made.day) == (Decimal(str(step["dose"])), step["unit"], step.get("day"))
        assert (made.is_step_up, made.is_target) == (step.get("is_step_up", False), step.get("is_target", False))
        assert (made.source, made.split_with) == (step["source"], step.get("split_with"))
        assert (made.condition, made.times or step.get("n")) == (step.get("condition"), step.get("n") or made.times)
        hours = re.sub(r"\D", "", str(step.get("infusion_h", "")))
        assert made.infusion_h == (Decimal(hours) if hours else None)


# Numbers of a file that stand in neither table, and what they were worked out of. 0 is "from the day itself on".
WORKED_OUT = {
    "linvoseltamab": {7, 14, 28},  # "weekly", "every 2 weeks", "every 4 weeks"
    "teclistamab": {0, 14, 57, 113},  # "2-weekly"; the day after 56 and 112
    "talquetamab_weekly": {7, Decimal("0.8")},  # "weekly"; "first_0_8_treatment"
    "talquetamab_biweekly": {14},  # "every 2 weeks"
    "elranatamab": {7, 14, 28},
    "epcoritamab_LBCL": {0, 9, 42, 43},  # the day after 8; 6 weeks and the day after
    "epcoritamab_FL": {0, 9, 42, 43},
    "tarlatamab": {14},  # D1 and D15
    "tebentafusp": {Decimal("0.5")},  # 30 min
    "odronextamab_FL": {9, 14},  # nine doses in C2-C4; "every 2 weeks"
    "odronextamab_DLBCL": {9, 14},  # nine doses in C2-C4
    "blinatumomab_RR_ALL": {0, 72},  # 3 d
}


@pytest.mark.parametrize("regimen_id", IDS)
def test_no_number_of_the_table_is_lost(regimen_id):
    lost = numbers(published(regimen_id)) - numbers(read(regimen_id).data)

    assert lost == set()


@pytest.mark.parametrize("regimen_id", IDS)
def test_no_number_is_filled_in(regimen_id):
    document, plan = published(regimen_id), plan_named(regimen_id)
    label = [one for one in table("management")["labels"] if one["drug"] == plan.drug]
    worked_out = {Decimal(n).normalize() for n in WORKED_OUT.get(regimen_id, ())}

    extra = numbers(read(regimen_id).data) - numbers(str(document)) - numbers(str(label)) - worked_out

    assert extra == set()


@pytest.mark.parametrize("regimen_id", IDS)
def test_every_source_is_the_one_of_the_table(regimen_id):
    known = table("management")["sources"] | table()["sources"]

    sources = plan_named(regimen_id).sources

    assert {key: {"what": s.what, "url": s.url} for key, s in sources.items()} == {key: known[key] for key in sources}


@pytest.mark.parametrize("regimen_id", IDS)
def test_every_file_sends_to_the_label_and_names_no_source_in_vain(regimen_id):
    data = read(regimen_id).data
    text = str({key: value for key, value in data.items() if key != "sources"})

    assert data["notice"] == "check against the label in force"
    assert [key for key in data["sources"] if f"'{key}'" not in text] == []


# --- What follows from the printed days ---------------------------------------------------------------------

# regimen, step: min, planned, latest. Planned is the difference of the printed days.
INTERVALS = [
    ("linvoseltamab", "step-up 1", None, None, None),
    ("linvoseltamab", "step-up 2", None, 7, None),
    ("linvoseltamab", "weekly", 5, 7, None),
    ("linvoseltamab", "every 4 weeks", None, 28, None),
    ("teclistamab", "step-up 2", 2, 3, 7),
    ("teclistamab", "first treatment dose", 2, 3, 7),
    ("teclistamab", "weekly", 7, 7, None),
    ("teclistamab", "every 2 weeks", None, 14, None),
    ("talquetamab_weekly", "weekly", 6, 7, None),
    ("talquetamab_biweekly", "step-up 3", 2, 3, 7),
    ("talquetamab_biweekly", "first treatment dose", 2, 3, 7),
    ("talquetamab_biweekly", "every 2 weeks", 12, 14, None),
    ("elranatamab", "step-up 2", None, 3, None),
    ("elranatamab", "first treatment dose", None, 4, None),
    ("glofitamab", "step-up 1", None, 7, None),
    ("glofitamab", "C3-C12 d1", None, 21, None),
    ("mosunetuzumab_IV", "C3+ D1", None, 21, None),
    ("tarlatamab", "C2+ D1, D15", None, 14, None),
    ("tebentafusp", "weekly", 7, 7, None),
    ("odronextamab_FL", "C1D2", None, 1, None),
    ("odronextamab_FL", "C1D8", None, 6, None),
    ("blinatumomab_RR_ALL", "C1 d8-28, >=45 kg", None, 7, None),
]


@pytest.mark.parametrize(("regimen_id", "label", "low", "planned", "latest"), INTERVALS)
def test_intervals(regimen_id, label, low, planned, latest):
    interval = plan_named(regimen_id).step(label).interval

    assert (interval.min_d, interval.planned_d, interval.latest_d) == (low, planned, latest)


# regimen, last dose, days since: the step to restart at; None: as planned; "?": a row that was not found;
# "-": no row. Both sides of every published boundary.
RESTARTS = [
    ("teclistamab", "step-up 1", {7: "-", 8: "step-up 1", 400: "step-up 1"}),
    ("teclistamab", "step-up 2", {7: "-", 8: "step-up 2", 28: "step-up 2", 29: "step-up 1"}),
    *(
        ("teclistamab", label, {0: None, 28: None, 29: "step-up 2", 56: "step-up 2", 57: "step-up 1"})
        for label in ("first treatment dose", "weekly")
    ),
    ("teclistamab", "every 2 weeks", {63: None, 64: "step-up 2", 112: "step-up 2", 113: "step-up 1"}),
    ("epcoritamab_LBCL", "step-up 1", {8: "-", 9: "step-up 1"}),
    ("epcoritamab_LBCL", "step-up 2", {14: None, 15: "step-up 1"}),
    *(
        ("epcoritamab_LBCL", label, {42: None, 43: "step-up 1"})
        for label in ("first full dose", "C1D22", "C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1")
    ),
    ("epcoritamab_FL", "step-up 1", {8: "-", 9: "?"}),
    ("epcoritamab_FL", "step-up 2", {8: "-", 9: "?"}),
    ("epcoritamab_FL", "step-up 3", {14: "?", 15: "?"}),
    ("epcoritamab_FL", "first full dose", {42: "?", 43: "?"}),
    ("blinatumomab_RR_ALL", "C1 d8-28, >=45 kg", {7: None, 8: "C1 d1-7, >=45 kg"}),
]


@pytest.mark.parametrize(("regimen_id", "last", "by_day"), RESTARTS)
def test_both_sides_of_every_restart_boundary(regimen_id, last, by_day):
    rows = plan_named(regimen_id).restart or ()
    restarts = {}

    for day in by_day:
        here = [r for r in rows if last in r.last and r.from_d <= day and (r.to_d is None or day <= r.to_d)]
        restarts[day] = "-" if not here else here[0].restart_at if here[0].known else "?"
        assert len(here) <= 1

    assert restarts == by_day


def test_a_table_that_was_not_found_is_none():
    known = {"teclistamab", "epcoritamab_LBCL", "epcoritamab_FL", "blinatumomab_RR_ALL"}

    assert {name for name in IDS if plan_named(name).restart is not None} == known
    assert [name for name in IDS if plan_named(name).restart_from_interruption] == ["blinatumomab_RR_ALL"]


# regimen, region, step: hours of the first observation; None: asked for, length not found; absent: none.
OBSERVED = [
    ("linvoseltamab", "US", {"step-up 1": 24, "step-up 2": 24, "first treatment dose": None}),
    ("teclistamab", "CH", {"step-up 1": 48, "step-up 2": 48, "first treatment dose": 48}),
    ("elranatamab", "US", {"step-up 1": 48, "step-up 2": 24, "first treatment dose": 0}),
    ("epcoritamab_LBCL", "US", {"first full dose": 24}),
    ("epcoritamab_LBCL", "CH", {"step-up 1": 24, "step-up 2": 24, "first full dose": 24}),
    ("epcoritamab_FL", "US", {}),
    ("glofitamab", "US", {"step-up 1": None, "step-up 2": None, "C2D1 first target": None}),
    ("glofitamab", "CH", {"step-up 1": 24}),
    (
        "tarlatamab",
        "US",
        {"C1D1 step-up": 24, "C1D8": 24, "C1D15": 8, "C2+ D1, D15": 8},
    ),
    # Each step and the first full dose: the step of that one is nine doses, and all are watched
    (
        "odronextamab_FL",
        "EU",
        dict.fromkeys(["C1D1", "C1D2", "C1D8", "C1D9", "C1D15", "C1D16", "C2-C4 D1,8,15"], 24),
    ),
    ("tebentafusp", "US", {"dose 1": 16, "dose 2": 16, "dose 3": 16, "weekly": Decimal("0.5")}),
    ("tebentafusp", "EU", {"dose 1": None, "dose 2": None, "dose 3": None}),
]


@pytest.mark.parametrize(("regimen_id", "region", "hours"), OBSERVED)
def test_observation(regimen_id, region, hours):
    hours_of: dict = {}

    for one in plan_named(regimen_id).variant(region).observations:
        hours_of = dict.fromkeys(one.steps, one.hours) | hours_of

    assert hours_of == hours


def test_europe_prints_other_days():
    assert plan_named("talquetamab_biweekly").variant("EU").days == {
        "step-up 1": 1, "step-up 2": 3, "step-up 3": 5, "first treatment dose": 7,
    }  # fmt: skip


# regimen, region, after, grade, recurrent: outcome, hours resolved, hours in hospital
RULES = [
    ("glofitamab", "US", "crs", 1, False, {("when_resolved", 72, None)}),
    ("glofitamab", "US", "crs", 2, False, {("unknown", 72, None)}),
    ("glofitamab", "CH", "crs", 1, False, {("when_resolved", 72, None), ("when_resolved", None, 24)}),
    ("teclistamab", "US", "crs", 2, False, set()),
    ("teclistamab", "CH", "crs", 2, False, {("when_resolved", None, 48)}),
    ("teclistamab", "US", "icans", 2, False, {("when_resolved", None, 48)}),
    ("tarlatamab", "US", "crs", 2, False, {("when_resolved", None, 24)}),
    ("tarlatamab", "US", "crs", 3, False, {("unknown", None, None)}),
    ("tarlatamab", "US", "crs", 3, True, {("unknown", None, None), ("stop", None, None)}),
    ("tarlatamab", "US", "crs", 4, False, {("stop", None, None)}),
    ("tebentafusp", "US", "crs", 3, False, {("repeat_step", None, None)}),
    ("elranatamab", "US", "crs", 2, False, {("when_resolved", None, None)}),
    ("elranatamab", "US", "crs", 3, False, {("unknown", None, None)}),
    ("elranatamab", "US", "crs", 4, False, {("unknown", None, None)}),
    ("mosunetuzumab_IV", "CH", "crs", 2, False, {("when_resolved", None, 72)}),
    ("talquetamab_weekly", "CH", "icans", 2, False, {("when_resolved", None, 36)}),
    ("blinatumomab_RR_ALL", "US", "icans", 3, False, {("restart", 72, None)}),
]


@pytest.mark.parametrize(("regimen_id", "region", "after", "grade", "recurrent", "wanted"), RULES)
def test_rules_after_a_grade(regimen_id, region, after, grade, recurrent, wanted):
    outcomes = {
        (rule.outcome.value, rule.resolved_h, rule.inpatient_h)
        for rule in plan_named(regimen_id).grade_rules
        if rule.after == after and rule.from_grade <= grade <= rule.to_grade
        and (recurrent or not rule.recurrent) and (not rule.variants or region in rule.variants)
    }  # fmt: skip

    assert outcomes == wanted


def test_only_blinatumomab_goes_back_a_step_after_a_grade():
    steps = {r.step for name in IDS for r in plan_named(name).grade_rules if r.outcome is Outcome.RESTART}

    assert steps == {"C1 d1-7, >=45 kg"}


def test_a_pretreatment_opens_no_dose_period():
    closed = {(name, s.label) for name in IDS for s in plan_named(name).steps if not s.opens_period}

    assert closed == {("glofitamab", "obinutuzumab pre-treatment (no glofitamab)")}
