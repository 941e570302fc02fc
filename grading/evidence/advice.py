"""What the rule of a design in force says of the study's own participants: worked out from facts when it is asked for.

Nothing of it is kept but its digests, with the decision that an investigator makes on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.errors import DomainError, Forbidden, NotFound
from grading.course.dose_periods.naming import label_of
from grading.evidence.outcomes import OutcomePeriod, outcomes
from grading.evidence.rung_counts import RungCount, grade3_of, rows_of, rung_counts
from grading.safety.scope import review_scope
from regimens.design.contract.kinds import engine
from regimens.design_pages.escalating import endpoint_of, escalation_of
from regimens.models import DesignedRegimen, EscalationDecision, Study
from regimens.rules.canonical import hash_of
from regimens.selectors.decided import newest_decision
from regimens.selectors.designs import design_study_for
from regimens.services.deciding import Advice

NO_EVENTS = {"events": 0, "of": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAdvice:
    """`not_counted`: dose periods that belong to no rung, by a cohort or a version outside of the design.

    `endpoint`: of the contract. `decided`: the decision that holds; None: nobody has decided.
    """

    advice: Advice
    designed: DesignedRegimen
    counts: tuple[RungCount, ...]
    not_counted: int
    endpoint: str
    answer: dict[str, Any]
    decided: EscalationDecision | None


def designed_in_force(user: User, code: str) -> list[DesignedRegimen]:
    """The versions in force that were made of a design, the newest of each design, the newest first.

    Raises NotFound for a stranger, Forbidden for whoever is told no designs, or no cohorts.
    """
    study = _study(user, code)
    made = (
        DesignedRegimen.objects.filter(regimen__study=study, regimen__approved_at__isnull=False)
        .select_related("regimen__study", "version__design__study", "version__drafted_by")
        .order_by("-regimen__approved_at", "-regimen__version")
    )
    newest: dict[int, DesignedRegimen] = {}
    for one in made:
        newest.setdefault(one.version.design_id, one)
    return list(newest.values())


def live_advice(user: User, code: str, design_id: int | None, *, at: datetime) -> LiveAdvice | None:
    """Of the design (None: of the one that came into force last). None: no design is in force.

    Raises NotFound and Forbidden as above, DomainError for whoever is told of a part of the participants alone.
    """
    known = [one for one in designed_in_force(user, code) if design_id in (None, one.version.design_id)]
    if not known and design_id is not None:
        raise NotFound("no_such_design")
    return _advice(user, code, known[0], at=at) if known else None


def _study(user: User, code: str) -> Study:
    study = design_study_for(user, code)
    if not review_scope(user, code).tells_cohorts:
        raise Forbidden("cohorts_not_told")
    return study


def _advice(user: User, code: str, designed: DesignedRegimen, *, at: datetime) -> LiveAdvice:
    scope = review_scope(user, code)
    if not scope.is_whole:
        raise DomainError("sees_part_of_study")
    seen = outcomes(scope, cut=None, at=at)
    version, decided = designed.version, newest_decision(user, scope.study, designed.version.design_id)
    before = escalation_of(version, [], NO_EVENTS, None)
    ladder: list[str] = before["input"]["ladder"]
    rungs = {rung: _cohort_of(designed, rung) for rung in ladder}
    endpoint = endpoint_of(version.contents)
    mine = _of_design(seen.periods, designed, rungs.values())
    counts = rung_counts(
        mine, rungs=rungs, steps=_steps(designed), endpoint=endpoint,
        lengths={one["name"]: len(one["periods"]) for one in before["prior"]["regimens"]},
    )  # fmt: skip
    current = _current(decided, before["input"]["current"], ladder)
    answer = escalation_of(version, rows_of(counts), grade3_of(counts), current)
    advice = Advice(
        version=version, regimen=designed.regimen, ladder=rungs, current=current,
        recommended=answer["recommended"] or "", cut=seen.cut, answer=answer, engine=engine(),
        facts_sha256=hash_of([[one.dose, one.outcome(endpoint), one.grade, one.step, one.cohort] for one in mine]),
    )  # fmt: skip
    return LiveAdvice(
        advice=advice, designed=designed, counts=counts, not_counted=len(seen.periods) - len(mine), endpoint=endpoint,
        answer=answer, decided=decided,
    )  # fmt: skip


def _cohort_of(designed: DesignedRegimen, rung: str) -> str:
    """Empty: the plan has no cohorts, or none that is given this rung."""
    return next((cohort for cohort, name in designed.rungs.items() if name == rung), "")


def _of_design(
    periods: Iterable[OutcomePeriod], designed: DesignedRegimen, cohorts: Iterable[str]
) -> list[OutcomePeriod]:
    """Those under any version made of this design, in one of its cohorts."""
    mine = set(
        DesignedRegimen.objects.filter(
            version__design=designed.version.design_id, regimen__study=designed.regimen.study_id
        ).values_list("regimen", flat=True)
    )  # fmt: skip
    known = set(cohorts)
    return [one for one in periods if one.regimen in mine and one.cohort in known]


def _steps(designed: DesignedRegimen) -> list[str]:
    steps = designed.regimen.steps.filter(opens_period=True, rate_segment=False).order_by("position")
    return [label_of(step) or "" for step in steps]


def _current(decided: EscalationDecision | None, of_design: str, ladder: Sequence[str]) -> str:
    """The rung that was decided last; before that, and where another design version has other rungs, the design's."""
    if decided is None:
        return of_design
    last = decided.rung or decided.current
    return last if last in ladder else of_design
