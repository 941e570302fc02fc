"""What is wrong with a regimen file, and where: its shape (schema.json), then what its parts say of each other."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

Data = Mapping[str, Any]

DECIMALS = 4  # what the database keeps of a dose
LARGEST = Decimal(10) ** 8
EXPORTED_LABEL = 40  # characters: ASPERC is C40


@dataclass(frozen=True, slots=True)
class Problem:
    """`place`: the path of a value (`steps[2].dose`), `line N` or `file`."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def check(data: object) -> list[Problem]:
    """Everything that is wrong with a regimen, in order of its shape. Empty: nothing."""
    if problems := list(_odd_names(data, "")):
        return problems
    if not isinstance(data, dict):
        return [Problem("file", "named values are needed")]
    errors = sorted(_validator().iter_errors(data), key=lambda e: [str(part) for part in e.absolute_path])
    if problems := [problem for error in errors for problem in _problems_of(error)]:
        return problems
    return list(_crossed(data))


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8")))


# --- Shape --------------------------------------------------------------------------------------------------


def _odd_names(data: object, place: str) -> Iterator[Problem]:
    """YAML lets a number or a date be a name; then no path could be told."""
    if isinstance(data, dict):
        for name, value in data.items():
            if isinstance(name, str):
                yield from _odd_names(value, f"{place}.{name}" if place else name)
            else:
                yield Problem(place or "file", f"{name} is no name: put it in quotes")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _odd_names(value, f"{place}[{index}]")


def _path(parts: Any) -> str:
    place = ""
    for part in parts:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place or "file"


_WORDS = {
    "minItems": "at least {0} needed",
    "minProperties": "at least {0} needed",
    "maxItems": "at most {0}",
    "uniqueItems": "the same twice",
    "maxLength": "at most {0} characters",
    "minLength": "a text is needed",
    "minimum": "{0} or more is needed",
    "maximum": "at most {0}",
}
_TYPES = {"object": "named values", "array": "a list", "string": "a text", "integer": "a whole number",
          "boolean": "true or false", "null": "nothing"}  # fmt: skip


def _problems_of(error: ValidationError) -> Iterator[Problem]:
    place, wanted = _path(error.absolute_path), error.validator_value
    below = "" if place == "file" else f"{place}."
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        yield from (Problem(f"{below}{name}", "unknown field") for name in error.instance if name not in known)
    elif error.validator == "required":
        yield from (Problem(f"{below}{name}", "is needed") for name in wanted if name not in error.instance)
    elif error.validator == "enum":
        yield Problem(place, f"one of {', '.join(map(str, wanted))} is needed, not {error.instance!s:.40}")
    elif error.validator == "type":
        kinds = " or ".join(_TYPES.get(kind, kind) for kind in ([wanted] if isinstance(wanted, str) else wanted))
        yield Problem(place, f"{kinds} is needed")
    elif error.validator in ("anyOf", "pattern") and "description" in error.schema:
        yield Problem(place, error.schema["description"])
    elif error.validator == "anyOf":
        fields = [" and ".join(choice["required"]) for choice in wanted if "required" in choice]
        yield Problem(place, f"one of {', '.join(fields)} is needed")
    elif error.validator in _WORDS:
        yield Problem(place, _WORDS[error.validator].format(wanted))
    else:
        yield Problem(place, f"{error.instance!s:.40} is not allowed here")


# --- What the parts say of each other -----------------------------------------------------------------------


def _crossed(data: Data) -> Iterator[Problem]:
    steps = data["steps"]
    labels = [step["label"] for step in steps]
    for index, label in enumerate(labels):
        if label in labels[:index]:
            yield Problem(f"steps[{index}].label", f"{label!r} is given twice")
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
            yield Problem(f"on_site.variants[{index}]", f"no variant {code!r}")
    yield from _only_back(data, labels)
    for index, band in enumerate(data.get("by_weight", [])):
        low, high = Decimal(str(band.get("from_kg", 0))), band.get("below_kg")
        if high is not None and low >= Decimal(str(high)):
            yield Problem(f"by_weight[{index}].below_kg", "not above from_kg")
    cohorts = [cohort["name"] for cohort in data.get("cohorts", [])]
    for index, name in enumerate(cohorts):
        if name in cohorts[:index]:
            yield Problem(f"cohorts[{index}].name", f"{name!r} is given twice")


def _exported_label(step: Data, place: str) -> Iterator[Problem]:
    """ASPERC of the export holds 40 characters; a pretreatment has no row there."""
    length = len(step["label"])
    if length > EXPORTED_LABEL and "short" not in step and not step.get("pretreatment"):
        why = f"{length} characters, and exports hold {EXPORTED_LABEL}: give the step a `short` label too"
        yield Problem(f"{place}.label", why)


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
                    yield Problem(here, f"{value} is not in sources")
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
        yield from (Problem(where, f"no step {label!r}") for where, label in named if label not in labels)


def _doses(data: Data) -> Iterator[Problem]:
    """The database keeps so many digits; a dose is never rounded."""
    doses = [(f"steps[{i}].dose", step["dose"]) for i, step in enumerate(data["steps"])]
    for table, field in (("by_weight", "doses"), ("cohorts", "ladder")):
        for i, one in enumerate(data.get(table, [])):
            doses += [(f"{table}[{i}].{field}.{label}", dose) for label, dose in one[field].items()]
    for place, number in doses:
        dose = Decimal(str(number))
        if dose.normalize() != round(dose, DECIMALS):
            yield Problem(place, f"more than {DECIMALS} decimals; choose a smaller unit")
        elif dose >= LARGEST:
            yield Problem(place, f"below {LARGEST:f} is needed")


def _days(steps: list[Data], place: str, printed: Mapping[str, int]) -> Iterator[Problem]:
    """Days do not go back. `printed`: a region's own days, which replace those of the steps."""
    days = [(step["label"], printed.get(step["label"]) if printed else step.get("day")) for step in steps]
    known = [(index, label, day) for index, (label, day) in enumerate(days) if day is not None]
    for (_, before, earlier), (index, label, day) in pairwise(known):
        if day < earlier:
            where = f"{place}.{label}" if printed else f"{place}[{index}].day"
            yield Problem(where, f"day {day} is before day {earlier} of {before!r}")


def _one_step(step: Data, place: str, steps: list[Data]) -> Iterator[Problem]:
    interval = step.get("interval", {})
    order = [(name, interval[name]) for name in ("min_d", "planned_d", "latest_d") if name in interval]
    for (lower, low), (upper, high) in pairwise(order):
        if low > high:
            yield Problem(f"{place}.interval.{upper}", f"{high} is less than {lower} {low}")
    if "times" in step and not step.get("repeats"):
        yield Problem(f"{place}.times", "only of a step that repeats")
    if (other := step.get("split_with")) is not None:
        half = next((one for one in steps if one["label"] == other), {})
        if half.get("split_with") != step["label"] or other == step["label"]:
            yield Problem(f"{place}.split_with", f"{other!r} is not split with {step['label']!r}")
    if step.get("pretreatment") and (step.get("step_up") or step.get("target")):
        yield Problem(f"{place}.pretreatment", "neither a step-up nor a target dose can be one")


def _cycles(step: Data, place: str, cycle_d: int | None) -> Iterator[Problem]:
    """Cycles follow each other, and days within each do too."""
    cycles = step.get("cycles", [])
    if cycles and not step.get("repeats"):
        yield Problem(f"{place}.cycles", "only of a step that repeats")
    if cycles and "planned_d" in step.get("interval", {}):
        yield Problem(f"{place}.interval.planned_d", "said of a step whose days are those of cycles")
    for index, one in enumerate(cycles):
        here = f"{place}.cycles[{index}]"
        if "to" in one and one["to"] < one["from"]:
            yield Problem(f"{here}.to", f"before from {one['from']}")
        if index and one["from"] != cycles[index - 1].get("to", 0) + 1:
            yield Problem(f"{here}.from", "the cycle after those before is needed")
        if one["days"] != sorted(set(one["days"])):
            yield Problem(f"{here}.days", "days in order are needed")
        elif cycle_d is not None and one["days"][-1] > cycle_d:
            yield Problem(f"{here}.days", f"a cycle has {cycle_d} days")
    if cycles and "times" in step and all("to" in one for one in cycles):
        printed = sum((one["to"] - one["from"] + 1) * len(one["days"]) for one in cycles)
        if printed != step["times"]:
            yield Problem(f"{place}.times", f"the cycles have {printed} days")


def _only_back(data: Data, labels: list[str]) -> Iterator[Problem]:
    """A restart goes back, or gives the last dose again: a later step would be an escalation."""
    place_of = {label: place for place, label in enumerate(labels)}
    for index, row in enumerate(data.get("restart", {}).get("rows", [])):
        if (goes_to := place_of.get(row.get("restart_at", ""))) is None:
            continue
        for last in row["last"]:
            if goes_to > place_of.get(last, goes_to):
                yield Problem(f"restart.rows[{index}].restart_at", f"{row['restart_at']!r} is later than {last!r}")
    # The first dose that can be followed by an event is the first that opens a dose period.
    first = next((place for place, step in enumerate(data["steps"]) if not step.get("pretreatment")), 0)
    for index, rule in enumerate(data.get("grade_rules", [])):
        if rule["outcome"] != "restart" or (goes_to := place_of.get(rule.get("step", ""))) is None:
            continue
        following = [place_of[label] for label in rule.get("next_steps", []) if label in place_of]
        earliest = max(min(following) - 1, first) if following else first
        if goes_to > earliest:
            text = f"{rule['step']!r} is later than {labels[earliest]!r}, after which this may hold: name next_steps"
            yield Problem(f"grade_rules[{index}].step", text)


def _restart_rows(rows: list[Data]) -> Iterator[Problem]:
    """The rows after one last dose follow each other day by day."""
    by_last: dict[str, list[tuple[int, Data]]] = {}
    for index, row in enumerate(rows):
        if "to_d" in row and row["to_d"] < row["from_d"]:
            yield Problem(f"restart.rows[{index}].to_d", f"before from_d {row['from_d']}")
            return
        if "restart_at" in row and not row.get("known", True):
            yield Problem(f"restart.rows[{index}].restart_at", "said of a row that is not known")
        for label in row["last"]:
            by_last.setdefault(label, []).append((index, row))
    for label, own in by_last.items():
        for (_, before), (index, row) in pairwise(sorted(own, key=lambda one: int(one[1]["from_d"]))):
            place, last = f"restart.rows[{index}].from_d", before.get("to_d")
            if last is None or row["from_d"] <= last:
                yield Problem(place, f"after {label!r}, day {row['from_d']} has two rows")
            elif row["from_d"] > last + 1:
                yield Problem(place, f"after {label!r}, no row holds day {last + 1}")


def _grade_rule(rule: Data, place: str, variants: Mapping[str, Any]) -> Iterator[Problem]:
    low, high = rule["grades"]
    if low > high:
        yield Problem(f"{place}.grades", f"{low} is above {high}")
    if (rule["outcome"] == "restart") != ("step" in rule):
        yield Problem(f"{place}.step", "needed where the outcome is restart, and only there")
    for index, code in enumerate(rule.get("variants", [])):
        if code not in variants:
            yield Problem(f"{place}.variants[{index}]", f"no variant {code!r}")
