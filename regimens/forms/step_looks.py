"""How often to look after single steps, where it is not as after the others: one row of fields a dose step."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms

from regimens.library import Document
from regimens.models import Regimen
from regimens.selectors import LOOKS
from regimens.wording import step_text

Fields = Mapping[str, Callable[[], forms.Field]]  # one of LOOKS -> its field


class StepLooks:
    """The rows of one form. `labels`: the dose steps of the document that the page shows; none: it shows no rows."""

    def __init__(self, document: Document | None, before: Regimen | None) -> None:
        steps = [] if document is None else [one for one in document.data["steps"] if not one.get("pretreatment")]
        self.labels = [one["label"] for one in steps]
        self.printed = {one["label"]: {name: one[name] for name in LOOKS if name in one} for one in steps}
        self.kept = looks_of(before)

    def fields(self, kinds: Fields) -> Iterable[tuple[str, forms.Field]]:
        """By name; none for what the document itself says of a step."""
        for row, label in enumerate(self.labels):
            for name in LOOKS:
                if name not in self.printed[label]:
                    yield self.field_name(row, name), kinds[name]()

    @staticmethod
    def field_name(row: int, name: str) -> str:
        return f"look_{row}_{name}"

    def initial(self) -> dict[str, Any]:
        """What most steps of the version before have, and of each step what differs from that."""
        usual = {name: _most(self.kept, name) for name in LOOKS}
        values: dict[str, Any] = dict(usual)
        for row, label in enumerate(self.labels):
            for name in LOOKS:
                value = self.kept.get(label, {}).get(name)
                if value is not None and value != usual[name]:
                    values[self.field_name(row, name)] = value
        return values

    def typed(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Label -> what was typed for this step alone."""
        rows = {}
        for row, label in enumerate(self.labels):
            own = {name: values.get(self.field_name(row, name)) for name in LOOKS}
            if said_here := {name: value for name, value in own.items() if value is not None}:
                rows[label] = said_here
        return rows

    def rows(self, form: forms.Form) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """(step, (its field or None, what the document prints)) for the page."""
        return [
            (step_text(label), [self._cell(form, row, label, name) for name in LOOKS])
            for row, label in enumerate(self.labels)
        ]

    def _cell(self, form: forms.Form, row: int, label: str, name: str) -> tuple[Any, Any]:
        printed = self.printed[label].get(name)
        return (form[self.field_name(row, name)], None) if printed is None else (None, printed)


def looks_of(version: Regimen | None) -> dict[str, dict[str, Any]]:
    """Label -> how often this version has its dose steps looked at; what it does not say is left out."""
    if version is None:
        return {}
    return {
        step.label: {name: getattr(step, name) for name in LOOKS if getattr(step, name) is not None}
        for step in version.steps.all()
        if step.opens_period
    }


def _most(rows: Mapping[str, Mapping[str, Any]], name: str) -> Any:
    """The commonest of the steps, the first of equals. None: none says it."""
    values = Counter(own[name] for own in rows.values() if name in own)
    return values.most_common(1)[0][0] if values else None
