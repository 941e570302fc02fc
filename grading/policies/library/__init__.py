"""Threshold policies as files: what a study may start from, read and checked."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crsmonitor.formats.yaml_once import UnreadableYAML, parse_yaml
from grading.rules.alerting.policy import conditions
from grading.rules.alerting.policy.conditions import Condition, read_conditions
from grading.rules.alerting.policy.thresholds import Threshold, read_thresholds
from grading.rules.treatment.drug_rules import DrugRules, plain, read_drugs
from grading.rules.treatment.policy_numbers import BadPolicy

DEFAULT = Path(__file__).parent / "default.yaml"
TITLE_LENGTH = 120
MOST_STORED = 500_000  # characters; the default policy has 8,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy that was checked. `stored` and `stored_drugs` are what the database keeps, `text` what was written.

    `drugs` None: the policy has no rules for drugs. `conditions` stand in the same list as the thresholds by grade.
    """

    title: str
    thresholds: tuple[Threshold, ...]
    conditions: tuple[Condition, ...] = ()
    drugs: DrugRules | None = None
    text: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """Section -> what the database keeps of it: the JSON columns of AlertPolicy."""
        return {"thresholds": self.stored, "drugs": self.stored_drugs}

    @property
    def stored(self) -> list[dict[str, Any]]:
        return [
            {"code": t.code.value, "kind": t.kind, "from_grade": t.from_grade, "source": t.source}
            for t in self.thresholds
        ] + conditions.plain(self.conditions)

    @property
    def stored_drugs(self) -> dict[str, Any] | None:
        return None if self.drugs is None else plain(self.drugs)


def read_policy(path: Path = DEFAULT) -> Policy:
    """The policy in a file. Raises BadPolicy with the place, OSError where the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadPolicy("file", "policy_not_utf8") from None
    return parse_policy(text)


def parse_policy(text: str) -> Policy:
    """The policy that somebody wrote as YAML. Raises BadPolicy with the place."""
    try:
        data = parse_yaml(text, exact=True)
    except UnreadableYAML as error:
        raise BadPolicy(error.place, error.message.code, **error.message.values) from None
    if not isinstance(data, dict):
        raise BadPolicy("file", "policy_object_of_policy")
    if unknown := {str(name) for name in data} - {"title", "thresholds", "drugs"}:
        raise BadPolicy(min(unknown), "policy_unknown_field")
    title = data.get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > TITLE_LENGTH:
        raise BadPolicy("title", "policy_text_needed", most=TITLE_LENGTH)
    listed = _of_single_values(data.get("thresholds"))
    thresholds, drugs = read_thresholds(listed), read_drugs(data.get("drugs"))
    for place, one in enumerate(thresholds):
        if any((one.code, one.kind) == (other.code, other.kind) for other in thresholds[:place]):
            raise BadPolicy(f"thresholds[{place}]", "policy_given_twice_of", name=one.code, kind=one.kind)
    conditions = read_conditions(listed, drugs=drugs)
    policy = Policy(title=title.strip(), thresholds=thresholds, conditions=conditions, drugs=drugs, text=text)
    _check_storable(policy)
    return policy


def _check_storable(policy: Policy) -> None:
    """Escapes and aliases of YAML can say what a database cannot keep. Raises BadPolicy."""
    written = policy.title + json.dumps(policy.data, ensure_ascii=False)
    if len(written) > MOST_STORED:
        raise BadPolicy("file", "policy_too_long", most=MOST_STORED)
    if "\0" in written or "\\u0000" in written or any("\ud800" <= mark <= "\udfff" for mark in written):
        raise BadPolicy("file", "policy_no_text")


def _of_single_values(thresholds: object) -> object:
    """The same, if no field of a threshold is itself a list or an object. Raises BadPolicy."""
    for place, one in enumerate(thresholds if isinstance(thresholds, list) else ()):
        for name, value in one.items() if isinstance(one, dict) else ():
            if isinstance(value, list | dict):
                raise BadPolicy(f"thresholds[{place}].{name}", "policy_single_value")
    return thresholds


def untold(thresholds: tuple[Threshold, ...]) -> list[str]:
    """Grades at which nobody would be told, a line for each kind. A policy may say so; its author should see it."""
    lines = []
    for kind in ("crs", "icans"):
        first = min((t.from_grade for t in thresholds if t.kind == kind), default=5)
        if first > 1:
            lines.append(
                f"{kind}: nobody is told below grade {first}" if first < 5 else f"{kind}: nobody is told at all"
            )
    return lines
