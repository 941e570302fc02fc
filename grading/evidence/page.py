"""All of the evidence of a study at one instant: page, print, tables and API are made of this and nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from crsmonitor.accounts.models import User
from crsmonitor.database import replica
from crsmonitor.errors import InvalidInput
from grading.evidence.counts import EvidenceRow, rows_of
from grading.evidence.observed import BandEvidence, evidence_of
from grading.evidence.outcomes import OutcomePeriod, Outcomes, outcomes
from grading.evidence.support import ANY, GRADE2, EvidenceSupport, ModelShare, support_of
from grading.safety.decisions import ClearedStep, cleared_steps
from grading.safety.scope import ReviewScope
from regimens.design.evidence import EvidenceRule
from regimens.design_pages.escalating import evidence_rule_of
from regimens.models import DesignVersion, EscalationDecision, Regimen
from regimens.selectors.decided import decisions_for

FILTERS = ("site", "cohort", "version")  # chosen among what the reader is told of; `cut` besides


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFilters:
    """Empty, and a cut of None: all of it, now."""

    site: str = ""
    cohort: str = ""
    version: str = ""
    cut: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoices:
    """What a filter may be. Empty: the reader is not told of such, and there is no box for it."""

    site: tuple[str, ...]
    cohort: tuple[str, ...]
    version: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenUse:
    """A version of a regimen, and how many participants were given doses under it."""

    name: str
    participants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidBand:
    """What was predicted of one version of the regimen, `name`, by the design version that it was made of."""

    name: str
    design: DesignVersion
    band: BandEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """`digest`: of the facts behind all of the reader's periods, whatever is filtered. `people`: participants dosed.

    `rule_from`: the design version whose rule is asked; None: the default. `bands`: of versions that somebody was
    given doses of. `decisions`: empty for whoever is not told names and reasons.
    """

    scope: ReviewScope
    filters: EvidenceFilters
    choices: FilterChoices
    cut: datetime
    digest: str
    people: int
    rows: tuple[EvidenceRow, ...]
    support: EvidenceSupport
    rule_from: DesignVersion | None
    bands: tuple[LaidBand, ...]
    decisions: tuple[EscalationDecision, ...]
    versions: tuple[RegimenUse, ...]
    clearances: tuple[ClearedStep, ...]

    @property
    def not_known(self) -> int:
        return sum(one.any.not_known for one in self.rows)


def evidence_page(user: User, scope: ReviewScope, filters: EvidenceFilters, *, at: datetime) -> EvidencePage:
    """Raises InvalidInput at the filter that cannot be honoured: a name that the reader is not told of, a bad cut."""
    ask = partial(outcomes, scope, cut=filters.cut, at=at)
    # As it was known earlier is laid out in tables of the moment, which no replica can make.
    known = replica.read(ask) if filters.cut is None else ask()
    names = _version_names(known.periods) if scope.tells_doses else {}
    choices = _choices(scope, known.periods, names)
    _check(filters, choices)
    periods = [one for one in known.periods if _is_asked(one, filters, names)]
    rows = rows_of(periods, by_label=scope.tells_doses)
    bands = _bands(known, periods, names)
    rule_from = bands[-1].design if bands else None
    rule = EvidenceRule() if rule_from is None else EvidenceRule(**evidence_rule_of(rule_from))
    return EvidencePage(
        scope=known.scope, filters=filters, choices=choices, cut=known.cut, digest=known.digest, rows=rows,
        people=len({one.participant for one in periods}), rule_from=rule_from, bands=bands,
        support=support_of(rows, rule, _models(rows, bands)), decisions=_decisions(user, scope, known),
        versions=_uses(periods, names), clearances=_clearances(scope, filters, known),
    )  # fmt: skip


def choices_now(scope: ReviewScope, *, at: datetime) -> FilterChoices:
    """For the boxes of a page that refused what was asked."""
    periods = outcomes(scope, cut=None, at=at).periods
    return _choices(scope, periods, _version_names(periods) if scope.tells_doses else {})


def _choices(scope: ReviewScope, periods: Iterable[OutcomePeriod], names: Mapping[int, str]) -> FilterChoices:
    held = list(periods)
    return FilterChoices(
        site=tuple(sorted({one.site for one in held if one.site})) if scope.sees_staff else (),
        cohort=tuple(sorted({one.cohort for one in held if one.cohort})) if scope.tells_cohorts else (),
        version=tuple(sorted(set(names.values()))),
    )


def _check(filters: EvidenceFilters, choices: FilterChoices) -> None:
    """A name that is not there and one that is not told are refused alike."""
    for name in FILTERS:
        value, may_be = getattr(filters, name), getattr(choices, name)
        if value and value not in may_be:
            raise InvalidInput.at(name, "one_of", choices=", ".join(may_be) or "–")


def _is_asked(one: OutcomePeriod, filters: EvidenceFilters, names: Mapping[int, str]) -> bool:
    return (
        (not filters.site or one.site == filters.site)
        and (not filters.cohort or one.cohort == filters.cohort)
        and (not filters.version or names.get(one.regimen or 0) == filters.version)
    )


def _version_names(periods: Iterable[OutcomePeriod]) -> dict[int, str]:
    keys = {one.regimen for one in periods if one.regimen is not None}
    rows = Regimen.objects.filter(pk__in=keys).values_list("pk", "code", "version") if keys else ()
    return {pk: f"{code} v{version}" for pk, code, version in rows}


def _uses(periods: Iterable[OutcomePeriod], names: Mapping[int, str]) -> tuple[RegimenUse, ...]:
    """Somebody who was given doses under two versions counts in both."""
    on = {(names[one.regimen], one.participant) for one in periods if one.regimen is not None and one.regimen in names}
    counts = Counter(name for name, _participant in on)
    return tuple(RegimenUse(name=name, participants=counts[name]) for name in sorted(counts))


def _bands(known: Outcomes, periods: Sequence[OutcomePeriod], names: Mapping[int, str]) -> tuple[LaidBand, ...]:
    given = {one.regimen for one in periods}
    bands = [one for one in evidence_of(known, periods).bands if one.regimen in given]
    designs = DesignVersion.objects.select_related("design").in_bulk([one.version for one in bands]) if bands else {}
    return tuple(LaidBand(name=names[one.regimen], design=designs[one.version], band=one) for one in bands)


def _models(rows: Sequence[EvidenceRow], bands: Sequence[LaidBand]) -> dict[tuple[int, str], ModelShare]:
    """What the outcomes left of the model, where one dose of one rung is all that was given at the place."""
    models = {}
    for row in rows:
        laid = [(one.band.endpoint, at) for one in bands for at in one.band.rows if at.place == row.place]
        if len(laid) == 1 and laid[0][1].given == row.any.given and (learned := laid[0][1].posterior) is not None:
            low, high = learned.mean_interval
            models[row.place, GRADE2 if laid[0][0] == "grade2plus" else ANY] = ModelShare(low, high, learned.means)
    return models


def _decisions(user: User, scope: ReviewScope, known: Outcomes) -> tuple[EscalationDecision, ...]:
    return tuple(decisions_for(user, scope.study, until=known.cut)) if scope.sees_staff else ()


def _clearances(scope: ReviewScope, filters: EvidenceFilters, known: Outcomes) -> tuple[ClearedStep, ...]:
    every = cleared_steps(scope, cut=known.cut)
    return tuple(one for one in every if not filters.cohort or one.cohort == filters.cohort)
