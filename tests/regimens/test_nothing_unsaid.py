"""Whatever a regimen's document says, a change of it is told: no value of it is read and not shown."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import regimens.library
from regimens.library import Document, names, plan_of, read
from regimens.library.checks import check
from regimens.library.protocol import Section, sections_of
from regimens.library.written import differences
from tests.sizes import sized

SCHEMA = json.loads((Path(regimens.library.__file__).parent / "schema.json").read_text(encoding="utf-8"))

# Every field that a document can have, for those that no published regimen has.
EVERYTHING = {
    "id": "all", "drug": "XY-1", "title": "All", "route": "IV", "brand": "Brand", "target": "T", "cycle_d": 21,
    "notice": "n", "indication": {"text": "i", "source": "P", "source2": "Q"},
    "dosing_weight": {"text": "actual", "source": "P", "source2": "Q"},
    "infusion_rule": {"text": "slow", "source": "P", "source2": "Q"},
    "boxed_warning": {"text": "CRS", "source": "P", "source2": "Q"},
    "steps": [
        {"label": "pre", "day": 1, "dose": 10, "unit": "mg", "pretreatment": True, "source": "P"},
        {"label": "a", "short": "first", "day": 2, "dose": Decimal("0.5"), "unit": "mg", "step_up": True,
         "split_with": "b", "infusion_h": 4, "infusion_text": ">=4", "vitals_every_h": 4, "neuro_every_h": 8,
         "risk_window_h": 48, "note": "slowly", "source": "P"},
        {"label": "b", "day": 3, "dose": 1, "unit": "mg", "step_up": True, "split_with": "a",
         "interval": {"min_d": 1, "planned_d": 1, "latest_d": 7, "text": "1", "source": "Q"}, "source": "P"},
        {"label": "c", "dose": 2, "unit": "mg", "target": True, "rate_segment": True, "repeats": True, "times": 4,
         "condition": "well", "interval": {"min_d": 5, "source": "P"},
         "cycles": [{"from": 2, "to": 3, "days": [1, 8]}], "source": "P"},
    ],
    "by_weight": [{"label": "light", "from_kg": 10, "below_kg": 45, "doses": {"a": 3}, "unit": "mg", "text": "t",
                   "source": "P"}],
    "variants": {
        "EU": {"days": {"planned": {"a": 2, "b": 4}, "source": "P", "source2": "Q"},
               "observation": [{"steps": ["a", "b"], "hours": 24, "clock": "infusion_end", "setting": "hospital",
                                "text": "o", "source": "P"}]},
        "US": {},
    },
    "restart": {"from_interruption": True, "note": "r", "rows": [
        {"last": ["b", "c"], "from_d": 0, "to_d": 7, "text": "go on", "source": "P"},
        {"last": ["b"], "from_d": 8, "restart_at": "a", "text": "again", "source": "P"},
        {"last": ["a"], "from_d": 8, "known": False, "text": "lost", "source": "P"},
    ]},
    "grade_rules": [
        {"after": "crs", "grades": [1, 2], "recurrent": True, "outcome": "restart", "step": "a", "resolved_h": 24,
         "inpatient_h": 48, "variants": ["EU"], "next_steps": ["b", "c"], "text": "g", "source": "P"},
    ],
    "grade_tables_not_found": ["icans"],
    "on_site": {"steps": ["a"], "doses": 2, "variants": ["US"], "text": "s", "source": "P"},
    "washout": {"tocilizumab_h": 24, "steroid_h": 48, "source": "P"},
    "premedication": [{"steps": ["a"], "when": "w", "drug": "d", "dose": "1 mg", "timing": "t", "note": "n",
                       "source": "P", "source2": "Q"}],
    "published": {
        "rates": [
            {"about": "crs", "grade": "any", "steps": ["a"], "which": "w", "data_set": "d", "pct": 10, "n": 1, "of": 10,
             "denominator": "all", "note": "n", "source": "P"},
            {"about": "crs", "pct_text": "<3", "value": 2, "unit": "events", "denominator": "all", "source": "P"},
        ],
        "times": [
            {"about": "crs", "what": "onset", "grade": "any", "which": "w", "data_set": "d", "median": 10, "value": 11,
             "range": "1-20", "unit": "h", "from": "dose", "note": "n", "source": "P"},
        ],
    },
    "notes": [{"text": "n", "source": "P", "source2": "Q"}],
    "not_found": ["nothing"],
    "cohorts": [{"name": "A", "ladder": {"a": 3}, "staggering_h": 24, "sentinel": True}],
    "sources": {"P": {"what": "protocol", "url": "https://example.org"}, "Q": {"what": "other"}},
}  # fmt: skip
SOME = sized([*names(), "everything"], sample=["everything"])

# What is read and on purpose not shown, as a path without its indexes: why. Nothing is.
NOT_SHOWN: dict[str, str] = {}

CHOICES = {
    "unit": ("mg", "ug"), "clock": ("infusion_start", "infusion_end"), "setting": ("hospital", "outpatient"),
    "after": ("crs", "icans"), "about": ("crs", "icans"), "outcome": ("when_resolved", "stop"),
}  # fmt: skip
Path_ = tuple[str | int, ...]


def example(name: str) -> Any:
    return EVERYTHING if name == "everything" else read(name).data


def leaves(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    if not isinstance(data, (dict, list)):
        yield path
    for name, value in parts:
        yield from leaves(value, (*path, name))


def at(data: Any, path: Path_) -> Any:
    for part in path:
        data = data[part]
    return data


def another(value: Any, path: Path_, labels: list[str]) -> Any:
    """Another value that the schema allows at this place."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, Decimal)):
        return value + 1
    if value is None:
        return "https://example.org"
    if "grade_tables_not_found" in path:
        return "icans" if value == "crs" else "crs"
    if path[-1] in CHOICES:
        one, other = CHOICES[path[-1]]
        return other if value == one else one
    if value in labels and path[-1] != "label":
        return next(label for label in labels if label != value)
    return f"{value} or else"


def place(path: Path_) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str))


GONE = object()


def with_value(data: Any, path: Path_, value: Any) -> Any:
    """The same with another value at this place, or without it; what lies beside the path is shared."""
    if not path:
        return value
    name, *below = path
    changed = copy.copy(data)
    if value is GONE and not below:
        del changed[name]
    else:
        changed[name] = with_value(data[name], tuple(below), value)
    return changed


def differs(before: list[Section], after: Any) -> bool:
    return bool(differences(before, sections_of(Document(data=after))))


@pytest.mark.parametrize("name", SOME)
def test_any_other_value_is_told(name):
    data = example(name)
    before, labels = sections_of(Document(data=data)), [step["label"] for step in data["steps"]]

    unsaid = {
        place(path)
        for path in leaves(data)
        if not differs(before, with_value(data, path, another(at(data, path), path, labels)))
    }

    assert unsaid - NOT_SHOWN.keys() == set()


def means_the_same(data: Any, after: Any) -> bool:
    """Or is no regimen at all."""
    return check(after) != [] or plan_of(Document(data=after)) == plan_of(Document(data=data))


@pytest.mark.parametrize("name", SOME)
def test_a_value_that_is_left_out_is_told(name):
    """Where it means something else: `known: true` and nothing said mean the same."""
    data, unsaid = example(name), set()
    before = sections_of(Document(data=data))

    for path in leaves(data):
        after = with_value(data, path, GONE)
        try:
            silent = not differs(before, after)
        except (KeyError, IndexError):  # a field that is needed
            silent = check(after) == []
        if silent and not means_the_same(data, after):
            unsaid.add(place(path))

    assert unsaid - NOT_SHOWN.keys() == set()


@pytest.mark.parametrize("name", SOME)
def test_a_list_in_another_order_is_told(name):
    """The first window of a step is the one that is watched: the order is read too."""
    data, unsaid = example(name), set()
    before = sections_of(Document(data=data))
    lists = {path[:end] for path in leaves(data) for end in range(1, len(path)) if isinstance(path[end], int)}

    for path in lists:
        after = with_value(data, path, at(data, path)[::-1])
        if not differs(before, after) and not means_the_same(data, after):
            unsaid.add(place(path))

    assert unsaid - NOT_SHOWN.keys() == set()


@pytest.mark.parametrize("code", ["US", "EU"])
def test_a_region_without_anything_of_its_own_is_told(code):
    data = dict(EVERYTHING, variants={})

    assert differs(sections_of(Document(data=data)), data | {"variants": {code: {}}})


# --- The example has every field -------------------------------------------------------------------------------


def test_the_example_is_a_regimen():
    assert check(EVERYTHING) == []


def fields_of(schema: dict, path: str = "") -> Iterator[str]:
    """Every field of the schema, by its path without indexes."""
    if "$ref" in schema:
        referred = SCHEMA
        for part in schema["$ref"].removeprefix("#/").split("/"):
            referred = referred[part]
        schema = referred | {key: value for key, value in schema.items() if key != "$ref"}
    for name, one in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield here
        yield from fields_of(one, here)
    if "items" in schema:
        yield from fields_of(schema["items"], path)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from fields_of(schema["additionalProperties"], f"{path}.*")


def key_paths(data: Any, schema_paths: set[str], path: str = "") -> Iterator[str]:
    if isinstance(data, list):
        for one in data:
            yield from key_paths(one, schema_paths, path)
    elif isinstance(data, dict):
        for name, value in data.items():
            here = f"{path}.{name}" if path else name
            here = here if here in schema_paths else f"{path}.*"
            yield here
            yield from key_paths(value, schema_paths, here)


def test_no_field_of_the_schema_is_forgotten():
    """A field that is new in schema.json has to come into the example, and so into the appendix."""
    known = set(fields_of(SCHEMA))

    assert known - set(key_paths(EVERYTHING, known)) == set()
