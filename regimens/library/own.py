"""What a study adds to a published regimen, or types itself: another document of the same shape. Needs no Django."""

import copy
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml

from regimens.library import Document, as_json, document_from, plan_of
from regimens.rules.plan import ObservationClock

OWN_LABEL = "OWN"  # the variant of a document that follows no region's label
OWN_SOURCE = "STUDY_PLAN"


def steps_without_window(document: Document, variant: str) -> list[str]:
    """The dose steps after which nobody knows how long to observe."""
    plan = plan_of(document)
    return [one.label for one in plan.steps if one.opens_period and not plan.window_known(one.label, variant or None)]


def with_windows(
    document: Document, variant: str, *, hours: Decimal, clock: ObservationClock, source: str
) -> tuple[Document, str]:
    """The same with the study's own hours of observation for every dose step whose hours are not known.

    What a label prints without its hours, from when they count and where, stays; `clock` is of the others. The
    document is the study's own then. Its variant: the one given, or OWN_LABEL where none was followed.
    """
    lacking = steps_without_window(document, variant)
    if not lacking:
        return document, variant
    data: dict[str, Any] = copy.deepcopy(as_json(document.data))
    key, code = _source_key(data), variant or OWN_LABEL
    data["sources"][key] = {"what": source}
    labelled = data.setdefault("variants", {}).setdefault(code, {})
    own = {"hours": str(hours), "text": source, "source": key}
    rows, printed = [], set()
    for row in labelled.get("observation", []):
        known = [label for label in row["steps"] if label not in lacking]
        unknown = [label for label in row["steps"] if label in lacking and label not in printed]
        rows += [row | {"steps": known}] if known else []
        rows += [{"clock": clock.value} | row | {"steps": unknown} | own] if unknown else []
        printed |= set(unknown)
    rest = [label for label in lacking if label not in printed]
    rows += [{"steps": rest, "clock": clock.value} | own] if rest else []
    labelled["observation"] = rows
    return document_from(data), code


def by_hand(
    *, code: str, title: str, drug: str, route: str, source: str, steps: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A document of typed steps, not checked yet: label, dose, unit, kind, and day, interval, repeats where given."""
    return {
        "id": code, "title": title, "drug": drug, "route": route,
        "steps": [_typed_step(one) for one in steps],
        "sources": {OWN_SOURCE: {"what": source}},
    }  # fmt: skip


def _typed_step(typed: Mapping[str, Any]) -> dict[str, Any]:
    step: dict[str, Any] = {name: typed[name] for name in ("label", "dose", "unit")}
    step |= {"day": typed["day"]} if typed.get("day") is not None else {}
    step[typed["kind"]] = True
    if typed.get("repeats"):
        step["repeats"] = True
    interval = {name: typed[name] for name in ("min_d", "planned_d") if typed.get(name) is not None}
    if interval:
        step["interval"] = interval | {"source": OWN_SOURCE}
    return step | {"source": OWN_SOURCE}


def as_yaml(document: Document) -> str:
    """A document as a file, to be changed and sent again. Numbers with a point are texts."""
    return str(yaml.safe_dump(as_json(document.data), sort_keys=False, allow_unicode=True, width=110))


def _source_key(data: Mapping[str, Any]) -> str:
    key, number = OWN_SOURCE, 1
    while key in data["sources"]:
        number += 1
        key = f"{OWN_SOURCE}_{number}"
    return key
