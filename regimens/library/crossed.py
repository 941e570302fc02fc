"""What is wrong with a regimen whose shape is right: what its parts say of each other."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from regimens.library.problems import Problem, problem

Data = Mapping[str, Any]

DECIMALS = 4  # what the database keeps of a dose
LARGEST = Decimal(10) ** 8
EXPORTED_LABEL = 40  # characters: ASPERC is C40


def crossed(data: Data) -> Iterator[Problem]:
    steps = data["steps"]
    labels = [step["label"] for step in steps]
    for index, label in enumerate(labels):
        if label in labels[:index]:
            yield problem(f"steps[{index}].label", "file_given_twice", name=label)
    yield from _sources(data, set(data["sources"]), "")
    yield from _named_labels(data, set(labels), "")
    yield from _doses(data)
    yield from _days(steps, "steps", {})
    for code, variant in data.get("variants", {}).items():
        if planned := variant.get("days", {}).get("planned", {}):
            yield from _days(steps, f"variants.{code}.days.planned", planned)
    for index, step in enumerate(steps):
        yield from _one_step(step, f"steps[{index}]", steps)
        yield from _exported_label(step, f"steps[{index}]")
        yield from _cycles(step, f"steps[{index}]", data.get("cycle_d"))
    yield from _restart_rows(data.get("restart", {}).get("rows", []))
    for index, rule in enumerate(data.get("grade_rules", [])):
        yield from _grade_rule(rule, f"grade_rules[{index}]", data.get("variants", {}))
    for index, code in enumerate(data.get("on_site", {}).get("variants", [])):
        if code not in data.get("variants", {}):
            yield problem(f"on_site.variants[{index}]", "file_no_variant", variant=code)
    yield from _only_back(data, labels)
    for index, band in enumerate(data.get("by_weight", [])):
        low, high = Decimal(str(band.get("from_kg", 0))), band.get("below_kg")
        if high is not None and low >= Decimal(str(high)):
            yield problem(f"by_weight[{index}].below_kg", "file_not_above", other="from_kg")
    cohorts = [cohort["name"] for cohort in data.get("cohorts", [])]
    for index, name in enumerate(cohorts):
        if name in cohorts[:index]:
            yield problem(f"cohorts[{index}].name", "file_given_twice", name=name)


def _exported_label(step: Data, place: str) -> Iterator[Problem]:
    """ASPERC of the export holds 40 characters; a pretreatment has no row there."""
    length = len(step["label"])
    if length > EXPORTED_LABEL and "short" not in step and not step.get("pretreatment"):
        yield problem(f"{place}.label", "file_label_too_long", length=length, most=EXPORTED_LABEL)


def _sources(data: Any, known: set[str], place: str) -> Iterator[Problem]:
    """Every source that is named is in the file's own table."""
    if isinstance(data, list):
        for index, value in enumerate(data):
            yield from _sources(value, known, f"{place}[{index}]")
    elif isinstance(data, dict):
        for name, value in data.items():
            here = f"{place}.{name}" if place else name
            if name in ("source", "source2"):
                if value not in known:
                    yield problem(here, "file_not_in_sources", source=value)
            elif here != "sources":
                yield from _sources(value, known, here)


_LISTS = ("last", "next_steps")  # and `steps`, wherever it is a list of labels
_SINGLE = ("restart_at", "step", "split_with")
_TABLES = ("planned", "doses", "ladder")


def _named_labels(data: Any, labels: set[str], place: str) -> Iterator[Problem]:
    """Every label that is named is a step."""
    if isinstance(data, list):
        for index, value in enumerate(data):
            yield from _named_labels(value, labels, f"{place}[{index}]")
    if not isinstance(data, dict):
        return
    for name, value in data.items():
        here = f"{place}.{name}" if place else name
        named: list[tuple[str, str]] = []
        if name in _LISTS or (name == "steps" and place):
            named = [(f"{here}[{index}]", label) for index, label in enumerate(value)]
        elif name in _SINGLE:
            named = [(here, value)]
        elif name in _TABLES and isinstance(value, dict):
            named = [(f"{here}.{label}", label) for label in value]
        elif here != "sources":
            yield from _named_labels(value, labels, here)
        yield from (problem(where, "file_no_step", step=label) for where, label in named if label not in labels)


def _doses(data: Data) -> Iterator[Problem]:
    """The database keeps so many digits; a dose is never rounded."""
    doses = [(f"steps[{i}].dose", step["dose"]) for i, step in enumerate(data["steps"])]
    for table, field in (("by_weight", "doses"), ("cohorts", "ladder")):
        for i, one in enumerate(data.get(table, [])):
            doses += [(f"{table}[{i}].{field}.{label}", dose) for label, dose in one[field].items()]
    for place, number in doses:
        dose = Decimal(str(number))
        if dose.normalize() != round(dose, DECIMALS):
            yield problem(place, "file_too_many_decimals", most=DECIMALS)
        elif dose >= LARGEST:
            yield problem(place, "file_below_is_needed", limit=f"{LARGEST:f}")


def _days(steps: list[Data], place: str, printed: Mapping[str, int]) -> Iterator[Problem]:
    """Days do not go back. `printed`: a region's own days, which replace those of the steps."""
    days = [(step["label"], printed.get(step["label"]) if printed else step.get("day")) for step in steps]
    known = [(index, label, day) for index, (label, day) in enumerate(days) if day is not None]
    for (_, before, earlier), (index, label, day) in pairwise(known):
        if day < earlier:
            where = f"{place}.{label}" if printed else f"{place}[{index}].day"
            yield problem(where, "file_day_goes_back", day=day, earlier=earlier, step=before)


def _one_step(step: Data, place: str, steps: list[Data]) -> Iterator[Problem]:
    interval = step.get("interval", {})
    order = [(name, interval[name]) for name in ("min_d", "planned_d", "latest_d") if name in interval]
    for (lower, low), (upper, high) in pairwise(order):
        if low > high:
            yield problem(f"{place}.interval.{upper}", "file_less_than", high=high, name=lower, low=low)
    if "times" in step and not step.get("repeats"):
        yield problem(f"{place}.times", "file_only_repeated")
    if (other := step.get("split_with")) is not None:
        half = next((one for one in steps if one["label"] == other), {})
        if half.get("split_with") != step["label"] or other == step["label"]:
            yield problem(f"{place}.split_with", "file_not_split", step=other, other=step["label"])
    if step.get("pretreatment") and (step.get("step_up") or step.get("target")):
        yield problem(f"{place}.pretreatment", "file_no_pretreatment")


def _cycles(step: Data, place: str, cycle_d: int | None) -> Iterator[Problem]:
    """Cycles follow each other, and days within each do too."""
    cycles = step.get("cycles", [])
    if cycles and not step.get("repeats"):
        yield problem(f"{place}.cycles", "file_only_repeated")
    if cycles and "planned_d" in step.get("interval", {}):
        yield problem(f"{place}.interval.planned_d", "file_days_of_cycles")
    for index, one in enumerate(cycles):
        here = f"{place}.cycles[{index}]"
        if "to" in one and one["to"] < one["from"]:
            yield problem(f"{here}.to", "file_before_other", name="from", value=one["from"])
        if index and one["from"] != cycles[index - 1].get("to", 0) + 1:
            yield problem(f"{here}.from", "file_next_cycle")
        if one["days"] != sorted(set(one["days"])):
            yield problem(f"{here}.days", "file_days_in_order")
        elif cycle_d is not None and one["days"][-1] > cycle_d:
            yield problem(f"{here}.days", "file_cycle_has_days", days=cycle_d)
    if cycles and "times" in step and all("to" in one for one in cycles):
        printed = sum((one["to"] - one["from"] + 1) * len(one["days"]) for one in cycles)
        if printed != step["times"]:
            yield problem(f"{place}.times", "file_cycles_have_days", days=printed)


def _only_back(data: Data, labels: list[str]) -> Iterator[Problem]:
    """A restart goes back, or gives the last dose again: a later step would be an escalation."""
    place_of = {label: place for place, label in enumerate(labels)}
    for index, row in enumerate(data.get("restart", {}).get("rows", [])):
        if (goes_to := place_of.get(row.get("restart_at", ""))) is None:
            continue
        for last in row["last"]:
            if goes_to > place_of.get(last, goes_to):
                yield problem(
                    f"restart.rows[{index}].restart_at", "file_later_than", step=row["restart_at"], other=last
                )
    # The first dose that can be followed by an event is the first that opens a dose period.
    first = next((place for place, step in enumerate(data["steps"]) if not step.get("pretreatment")), 0)
    for index, rule in enumerate(data.get("grade_rules", [])):
        if rule["outcome"] != "restart" or (goes_to := place_of.get(rule.get("step", ""))) is None:
            continue
        following = [place_of[label] for label in rule.get("next_steps", []) if label in place_of]
        earliest = max(min(following) - 1, first) if following else first
        if goes_to > earliest:
            steps = {"step": rule["step"], "other": labels[earliest]}
            yield problem(f"grade_rules[{index}].step", "file_later_than_first", **steps)


def _restart_rows(rows: list[Data]) -> Iterator[Problem]:
    """The rows after one last dose follow each other day by day."""
    by_last: dict[str, list[tuple[int, Data]]] = {}
    for index, row in enumerate(rows):
        if "to_d" in row and row["to_d"] < row["from_d"]:
            yield problem(f"restart.rows[{index}].to_d", "file_before_other", name="from_d", value=row["from_d"])
            return
        if "restart_at" in row and not row.get("known", True):
            yield problem(f"restart.rows[{index}].restart_at", "file_row_not_known")
        for label in row["last"]:
            by_last.setdefault(label, []).append((index, row))
    for label, own in by_last.items():
        for (_, before), (index, row) in pairwise(sorted(own, key=lambda one: int(one[1]["from_d"]))):
            place, last = f"restart.rows[{index}].from_d", before.get("to_d")
            if last is None or row["from_d"] <= last:
                yield problem(place, "file_day_has_two_rows", step=label, day=row["from_d"])
            elif row["from_d"] > last + 1:
                yield problem(place, "file_day_has_no_row", step=label, day=last + 1)


def _grade_rule(rule: Data, place: str, variants: Mapping[str, Any]) -> Iterator[Problem]:
    low, high = rule["grades"]
    if low > high:
        yield problem(f"{place}.grades", "file_is_above", low=low, high=high)
    if (rule["outcome"] == "restart") != ("step" in rule):
        yield problem(f"{place}.step", "file_only_for_restart")
    for index, code in enumerate(rule.get("variants", [])):
        if code not in variants:
            yield problem(f"{place}.variants[{index}]", "file_no_variant", variant=code)
