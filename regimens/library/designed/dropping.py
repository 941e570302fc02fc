"""A document without some of its steps: what names them alone goes with them, and is counted."""

from collections.abc import Mapping, Sequence
from typing import Any

# Lists of labels, and single ones; a row whose list is emptied, or whose single one is gone, is gone too.
LISTS, SINGLE, TABLES = ("steps", "last", "next_steps"), ("restart_at", "step"), ("planned", "doses", "ladder")


def without_steps(data: Mapping[str, Any], labels: Sequence[str]) -> dict[str, Any]:
    """A copy; under `lost` how many rows of each part are gone."""
    lost: dict[str, int] = {}
    made = {
        name: [one for one in part if one["label"] not in labels]
        if name == "steps"
        else _part(name, part, labels, lost)
        for name, part in data.items()
    }
    return {name: part for name, part in made.items() if part is not None} | {"lost": lost}


def _part(name: str, part: Any, labels: Sequence[str], lost: dict[str, int]) -> Any:
    if not labels:
        return part
    if isinstance(part, list):
        rows = [_row(one, labels) for one in part]
        gone = sum(row is None for row in rows)
        if gone:
            lost[name] = lost.get(name, 0) + gone
        kept = [row for row in rows if row is not None]
        return kept if kept or not part else None
    if not isinstance(part, dict):
        return part
    if name in TABLES:
        return {label: value for label, value in part.items() if label not in labels} or None
    if _row(part, labels) is None:
        lost[name] = lost.get(name, 0) + 1
        return None
    made = {key: _part(name if key == "rows" else key, value, labels, lost) for key, value in part.items()}
    if name in ("restart", "days") and any(value is None for value in made.values()):
        return None  # their rows are what they are
    return {key: value for key, value in _row(made, labels).items() if value is not None}


def _row(row: Any, labels: Sequence[str]) -> Any:
    """None: it was of these steps alone."""
    if not isinstance(row, dict):
        return row
    made = {}
    for name, value in row.items():
        if name in SINGLE and value in labels:
            return None
        if name in LISTS and isinstance(value, list):
            value = [one for one in value if one not in labels]
            if not value:
                return None
        if name in TABLES and isinstance(value, dict):
            value = {label: one for label, one in value.items() if label not in labels}
            if not value:
                return None
        made[name] = value
    return made
