"""The escalation rule of a version on counts, typed or of a study: what the contract answers, in rows and words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise

from crsmonitor.errors import DomainError
from regimens.charts.stairs import Staircase, StepGiven, staircase
from regimens.design import parameters
from regimens.design.adaptive.decisions import EscalationRule
from regimens.design.evidence import EvidenceRule
from regimens.design_pages.answers import answered
from regimens.design_pages.deciding.learned import LearnedPage, learned_page
from regimens.design_pages.decision_words import (
    DECISION_MARKS,
    DecisionMark,
    TrialStanding,
    reason_text,
    recommendation_text,
)
from regimens.design_pages.words import ENDPOINTS
from regimens.models import DesignVersion

ESCALATION, EVIDENCE_RULE = "escalation", "evidence_rule"  # parts of a version
OF_DECIDING = ("ladder", "current", "grade3", "rule")  # what `posterior` does not ask


def escalation_of(
    version: DesignVersion, data: Sequence[Mapping[str, Any]], grade3: Mapping[str, int], current: str | None
) -> dict[str, Any]:
    """What the version's rule says of these counts instead of those typed into it.

    The contract's answer to `escalation` (`regimens`, `recommended`, `decision`, `engine`), with `posterior` and
    `prior` (its answers to `posterior` with and without the counts) and `input`, what was asked. `current` None: the
    version's own. DomainError where the version has no rule; CaseError where the contract refuses the counts.
    """
    part = version.contents.get(ESCALATION)
    if not part:
        raise DomainError("design_without_rule")
    return answer_of(part | {"data": list(data), "grade3": dict(grade3), "current": current or part["current"]})


def answer_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a whole input of `escalation`. Raises CaseError."""
    fields = json.loads(json.dumps(fields, default=float))
    learning = {name: value for name, value in fields.items() if name not in OF_DECIDING}
    return {
        **answered("escalation", fields), "posterior": answered("posterior", learning),
        "prior": answered("posterior", learning | {"data": []}), "input": fields,
    }  # fmt: skip


def evidence_rule_of(version: DesignVersion) -> dict[str, float]:
    """`any_below`, `any_confidence`, `grade2_below`, `grade2_confidence`: the version's, or the contract's default."""
    return asdict(EvidenceRule()) | (version.contents.get(EVIDENCE_RULE) or {})


def rule_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """All numbers of the escalation rule, the contract's default where the input says none."""
    usual = asdict(EscalationRule())
    given = {name: value for name, value in (fields.get("rule") or {}).items() if value is not None}
    return usual | {name: int(value) if isinstance(usual[name], int) else value for name, value in given.items()}


def endpoint_of(contents: Mapping[str, Any]) -> str:
    """What the probabilities of a version are of: a key of ENDPOINTS."""
    comparison = contents.get("comparison") or contents.get(ESCALATION) or {}
    name = comparison.get("drug")
    own = parameters.drug(name).hazard if name and comparison.get("hazard") is None else None
    return own.endpoint if own else "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRow:
    """`observed`: participants, the most in one of its dose periods. `reasons`: why it is not allowed; else empty."""

    number: int
    name: str
    observed: int
    over_grade2: float
    over_grade3: float
    value_ug_d_ml: float
    allowed: bool
    reasons: tuple[str, ...]
    current: bool
    recommended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPage:
    """`sentences`: the recommendation first. `falls`: a rung is worth less than the one below it, so that the order
    of the ladder may be wrong. `none_allowed`: the recommendation is what is left, or to stop."""

    rows: tuple[RungRow, ...]
    chart: Staircase
    sentences: tuple[str, ...]
    mark: DecisionMark
    recommended: str | None
    decision: str
    event: Promise | str
    rule: Mapping[str, Any]
    learned: LearnedPage
    falls: bool
    none_allowed: bool
    engine: str


def escalation_page(answer: Mapping[str, Any], endpoint: str = "given") -> EscalationPage:
    """What is shown of the answer of `escalation_of`. `endpoint`: of `endpoint_of`."""
    fields, event = answer["input"], ENDPOINTS[endpoint]
    rule, standing = rule_of(fields), _standing(answer)
    rows = tuple(_row(one, answer, rule, standing, event) for one in answer["regimens"])
    steps = [
        StepGiven(name=row.name, allowed=row.allowed, current=row.current, recommended=row.recommended) for row in rows
    ]
    worths = [row.value_ug_d_ml for row in rows]
    return EscalationPage(
        rows=rows, chart=staircase(steps), sentences=tuple(recommendation_text(answer, rule, standing)),
        mark=DECISION_MARKS[answer["decision"]], recommended=answer["recommended"], decision=answer["decision"],
        event=event, rule=rule, learned=learned_page(answer), engine=answer["engine"],
        falls=any(upper < lower for lower, upper in pairwise(worths)),
        none_allowed=not any(row.allowed for row in rows),
    )  # fmt: skip


def _row(
    one: Mapping[str, Any], answer: Mapping[str, Any], rule: Mapping[str, Any], standing: TrialStanding,
    event: Promise | str,
) -> RungRow:  # fmt: skip
    name = one["name"]
    return RungRow(
        number=standing.places[name] + 1, name=name, observed=_observed(answer["input"]["data"], name),
        over_grade2=one["over_grade2"], over_grade3=one["over_grade3"], value_ug_d_ml=one["value_ug_d_ml"],
        allowed=one["allowed"], reasons=tuple(reason_text(code, one, rule, standing, event) for code in one["because"]),
        current=name == standing.current, recommended=name == answer["recommended"],
    )  # fmt: skip


def _standing(answer: Mapping[str, Any]) -> TrialStanding:
    fields = answer["input"]
    current, rows = fields["current"], fields["data"]
    periods = {one["name"]: len(one["periods"]) for one in answer["posterior"]["regimens"]}
    seen = [_in_period(rows, current, period) for period in range(1, periods[current] + 1)]
    return TrialStanding(
        current=current, at_current=min(seen), in_all=sum(_observed(rows, name) for name in periods),
        places={name: place for place, name in enumerate(fields["ladder"])},
    )  # fmt: skip


def _observed(rows: Sequence[Mapping[str, Any]], name: str) -> int:
    periods = {row["period"] for row in rows if row["regimen"] == name}
    return int(max((_in_period(rows, name, period) for period in periods), default=0))


def _in_period(rows: Sequence[Mapping[str, Any]], name: str, period: int) -> int:
    return int(sum(row["n"] for row in rows if row["regimen"] == name and row["period"] == period))
