"""What each dose period of a study counts as: of whom the reader may be told, as it was known at a cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from grading.models import DosePeriod
from grading.rules.course.periods.dosing import NEXT_DOSE
from grading.rules.evidence.dose_outcomes import DoseOutcome, dose_outcome
from grading.rules.evidence.outcomes import ANY_GRADE, PeriodSyndrome
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.safety.at_cut import at_cut
from grading.safety.scope import ReviewScope
from grading.safety.steps import is_given, is_over
from regimens.models import DesignedRegimen
from regimens.rules.canonical import hash_of
from regimens.rules.elapsed import hours

GRADE2 = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePeriod:
    """One dose period, by final grades, CRS alone.

    `site`, `cohort`, `regimen`, `step`, the amounts: empty or None where the reader is not told them. `regimen`: the
    key of the version under which the dose was given; `rung`: the regimen of its design that the cohort follows, empty
    where it is of no design. `place`: 1 for the first dose of the participant that opened a period;
    one that was not given has none. `grade` None: not known; 0: no CRS so far. `onset_h`: from the dose to the
    first CRS; None: there was none. `observed_h`: to the last set; None: nobody looked. Drugs None: not known.
    """

    dose: UUID
    participant: int
    number: str
    site: str
    cohort: str
    regimen: int | None
    rung: str
    step: str
    place: int
    started_at: datetime
    ended_at: datetime | None
    ended_by: str
    crs_any: DoseOutcome
    crs_grade2: DoseOutcome
    grade: int | None
    onset_h: Decimal | None
    observed_h: Decimal | None
    sets: int
    sets_without_doubt: int
    tocilizumab: bool | None
    steroid: bool | None
    dose_mg: Decimal | None
    infusion_h: Decimal | None
    weight_kg: Decimal | None
    window_ends_at: datetime | None

    def outcome(self, endpoint: str) -> DoseOutcome:
        """`endpoint`: of the contract, grade2plus; every other is CRS of any grade."""
        return self.crs_grade2 if endpoint == "grade2plus" else self.crs_any


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """In the order of participants and doses. `digest`: SHA-256 of these, whenever they are asked for.

    `scope`: of whom, as it was at the cut.
    """

    scope: ReviewScope
    cut: datetime
    periods: tuple[OutcomePeriod, ...]
    digest: str


def outcomes(scope: ReviewScope, *, cut: datetime | None, at: datetime, cohort: str = "") -> Outcomes:
    """As it was known at the cut (None: now), of a cohort (empty: of all). Raises as `at_cut` does."""
    with at_cut(scope, cohort, cut, at=at) as (known, then):
        rows = list(
            DosePeriod.objects.filter(participant__in=known.participants, started_at__lte=then)
            .select_related("step")
            .only(*_READ)
            .order_by("subject_number", "participant", "dose_number")
        )
        periods = tuple(periods_of(rows, known, cut=then, rungs=_rungs(scope.study.pk)))
    return Outcomes(scope=known, cut=then, periods=periods, digest=digest_of(scope.study.code, periods))


def _rungs(study: int) -> dict[int, Mapping[str, str]]:
    """By the key of a regimen version that was made of a design: its cohorts and the regimens there."""
    return dict(DesignedRegimen.objects.filter(regimen__study=study).values_list("regimen", "rungs"))


def periods_of(
    rows: Iterable[DosePeriod], scope: ReviewScope, *, cut: datetime, rungs: Mapping[int, Mapping[str, str]]
) -> Iterable[OutcomePeriod]:
    """The doses that were given, each participant's in order of time."""
    each: dict[int, list[DosePeriod]] = {}
    for row in rows:
        if is_given(row):
            each.setdefault(row.participant_id, []).append(row)
    for mine in each.values():
        goes_on = not any(is_over(one, cut) and one.ended_by != NEXT_DOSE for one in mine)
        for place, one in enumerate(mine, start=1):
            own = rungs.get(one.step.regimen_id, {})
            rung = own.get(one.cohort or "", own.get("", ""))
            yield _period(one, place, scope, cut=cut, goes_on=goes_on, rung=rung)


def digest_of(code: str, periods: Sequence[OutcomePeriod]) -> str:
    return hash_of(
        {"outcomes": 1, "study": code, "rules": f"{CRITERIA}/{VERSION}", "periods": [_content(one) for one in periods]}
    )


def _content(period: OutcomePeriod) -> dict[str, object]:
    """By names that do not change when a database is copied."""
    content = asdict(period)
    for key in ("participant", "regimen", "dose", "rung"):
        del content[key]
    return content


_READ = (
    "participant", "subject_number", "site_code", "cohort", "step", "step__regimen", "step_label", "dose_number",
    "started_at", "ended_at", "ended_by", "risk_ends_at", "crs_final_any", "crs_final_grade", "crs_final_carried",
    "crs_final_duration_h", "crs_onset_h", "last_vitals_at", "vitals_recorded", "crs_definite", "tocilizumab_flag",
    "steroid_flag", "dose_total_mg", "dose_ended_at", "weight_kg",
)  # fmt: skip


def _period(
    period: DosePeriod, place: int, scope: ReviewScope, *, cut: datetime, goes_on: bool, rung: str
) -> OutcomePeriod:
    crs, over = _crs(period, cut=cut), is_over(period, cut)
    any_grade, grade2 = (
        dose_outcome(crs, grade, carried=period.crs_final_carried, observation_goes_on=goes_on)
        for grade in (ANY_GRADE, GRADE2)
    )
    last = period.last_vitals_at
    return OutcomePeriod(
        dose=period.pk, participant=period.participant_id, number=period.subject_number or "", place=place,
        site=(period.site_code or "") if scope.sees_staff else "",
        cohort=(period.cohort or "") if scope.tells_cohorts else "",
        regimen=period.step.regimen_id if scope.tells_doses else None,
        rung=rung if scope.tells_doses else "", step=(period.step_label or "") if scope.tells_doses else "",
        started_at=period.started_at,
        ended_at=period.ended_at if over else None, ended_by=period.ended_by if over else "",
        crs_any=any_grade, crs_grade2=grade2, grade=period.crs_final_grade, onset_h=period.crs_onset_h,
        observed_h=None if last is None else hours(last - period.started_at), sets=period.vitals_recorded,
        sets_without_doubt=period.crs_definite, tocilizumab=period.tocilizumab_flag, steroid=period.steroid_flag,
        dose_mg=period.dose_total_mg if scope.tells_doses else None,
        infusion_h=_infusion(period) if scope.tells_doses else None,
        weight_kg=period.weight_kg if scope.tells_doses else None, window_ends_at=period.risk_ends_at,
    )  # fmt: skip


def _infusion(period: DosePeriod) -> Decimal | None:
    """Hours. None: its end is not recorded."""
    ended = period.dose_ended_at
    return None if ended is None or ended <= period.started_at else hours(ended - period.started_at)


def _crs(period: DosePeriod, *, cut: datetime) -> PeriodSyndrome:
    """Unlike the review, a period that goes on has run to its end once its risk window is over."""
    over = is_over(period, cut)
    seen_until = period.ended_at if over and period.ended_at is not None else cut
    window_over = period.risk_ends_at is not None and period.risk_ends_at <= seen_until
    return PeriodSyndrome(
        any_grade=period.crs_final_any, grade=period.crs_final_grade, is_over=over,
        ran_to_end=window_over or (over and period.ended_by == NEXT_DOSE),
        is_settled=not period.crs_final_any or period.crs_final_duration_h is not None,
    )  # fmt: skip
