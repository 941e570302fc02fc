"""All of the evidence of a study at one instant: page, print, tables and API are made of this and nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crsmonitor.errors import InvalidInput
from grading.evidence.counts import EvidenceRow, rows_of
from grading.evidence.outcomes import OutcomePeriod, Outcomes, outcomes
from grading.evidence.support import EvidenceSupport, support_of
from grading.safety.decisions import ClearedStep, cleared_steps
from grading.safety.scope import ReviewScope
from regimens.design.evidence import EvidenceRule
from regimens.models import Regimen

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
class EvidencePage:
    """`digest`: of the facts behind all of the reader's periods, whatever is filtered. `people`: participants dosed."""

    scope: ReviewScope
    filters: EvidenceFilters
    choices: FilterChoices
    cut: datetime
    digest: str
    people: int
    rows: tuple[EvidenceRow, ...]
    support: EvidenceSupport
    versions: tuple[RegimenUse, ...]
    clearances: tuple[ClearedStep, ...]

    @property
    def not_known(self) -> int:
        return sum(one.any.not_known for one in self.rows)


def evidence_page(scope: ReviewScope, filters: EvidenceFilters, *, at: datetime) -> EvidencePage:
    """Raises InvalidInput at the filter that cannot be honoured: a name that the reader is not told of, a bad cut."""
    known = outcomes(scope, cut=filters.cut, at=at)
    names = _version_names(known.periods) if scope.tells_doses else {}
    choices = _choices(scope, known.periods, names)
    _check(filters, choices)
    periods = [one for one in known.periods if _is_asked(one, filters, names)]
    rows = rows_of(periods, by_label=scope.tells_doses)
    return EvidencePage(
        scope=known.scope, filters=filters, choices=choices, cut=known.cut, digest=known.digest, rows=rows,
        people=len({one.participant for one in periods}), support=support_of(rows, EvidenceRule()),
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


def _clearances(scope: ReviewScope, filters: EvidenceFilters, known: Outcomes) -> tuple[ClearedStep, ...]:
    every = cleared_steps(scope, cut=known.cut)
    return tuple(one for one in every if not filters.cohort or one.cohort == filters.cohort)
