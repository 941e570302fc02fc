"""A grade that a tablet showed, beside the one of the record."""

from collections.abc import Iterable
from typing import Any

from grading.models import GradeDifference
from grading.words import badges


def rows(differences: Iterable[GradeDifference]) -> list[dict[str, Any]]:
    return [
        {
            "one": one,
            "kind": badges.NAMES["icans" if one.kind.startswith("icans") else "crs"],
            "shown": _word(one.kind, one.shown),
            "derived": _word(one.kind, one.derived),
            "rules": one.shown["version"],
        }
        for one in differences
    ]


def _word(kind: str, values: dict[str, Any]) -> str:
    bounds = {name: values[name] for name in ("grade", "at_least", "at_most", "flags")}
    return badges.of_grade(kind, **bounds).word
