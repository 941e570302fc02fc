"""What is wrong with a regimen file, and where: its shape (schema.json), then what its parts say of each other."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from regimens.library.crossed import crossed
from regimens.library.problems import Problem, problem


def check(data: object) -> list[Problem]:
    """Everything that is wrong with a regimen, in order of its shape. Empty: nothing."""
    if problems := list(_odd_names(data, "")):
        return problems
    if not isinstance(data, dict):
        return [problem("file", "file_wrong_type", kinds=["object"])]
    errors = sorted(_validator().iter_errors(data), key=lambda e: [str(part) for part in e.absolute_path])
    if problems := [one for error in errors for one in _problems_of(error)]:
        return problems
    return list(crossed(data))


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
                yield problem(place or "file", "file_no_name", name=name)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _odd_names(value, f"{place}[{index}]")


def _path(parts: Any) -> str:
    place = ""
    for part in parts:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place or "file"


# A limit of the schema -> what is said of it.
_LIMITS = {
    "minItems": "file_at_least",
    "minProperties": "file_at_least",
    "maxItems": "file_at_most",
    "uniqueItems": "file_same_twice",
    "maxLength": "file_at_most_characters",
    "minLength": "file_text_needed",
    "minimum": "file_or_more",
    "maximum": "file_at_most",
}


def _problems_of(error: ValidationError) -> Iterator[Problem]:
    place, wanted = _path(error.absolute_path), error.validator_value
    below = "" if place == "file" else f"{place}."
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        yield from (problem(f"{below}{name}", "file_unknown_field") for name in error.instance if name not in known)
    elif error.validator == "required":
        yield from (problem(f"{below}{name}", "file_is_needed") for name in wanted if name not in error.instance)
    elif error.validator == "enum":
        yield problem(place, "file_one_of_needed", known=", ".join(map(str, wanted)), value=_cut(error.instance))
    elif error.validator == "type":
        yield problem(place, "file_wrong_type", kinds=[wanted] if isinstance(wanted, str) else list(wanted))
    elif error.validator in ("anyOf", "pattern") and "x-code" in error.schema:
        yield problem(place, error.schema["x-code"])
    elif error.validator == "anyOf":
        yield problem(place, "file_one_group_needed", groups=[one["required"] for one in wanted if "required" in one])
    elif error.validator in _LIMITS:
        yield problem(place, _LIMITS[error.validator], limit=wanted)
    else:
        yield problem(place, "file_not_allowed_here", value=_cut(error.instance))


def _cut(value: object) -> str:
    """As much of it as a sentence holds."""
    return f"{value!s:.40}"
