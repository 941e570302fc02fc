"""CRS and ICANS by step: of how many participants what is known, and what they were given for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from grading.models import DosePeriod
from grading.rules.course.periods.dosing import NEXT_DOSE
from grading.rules.evidence.hours import HoursSummary, summary_of
from grading.rules.evidence.outcomes import OutcomeCounts, PeriodSyndrome, counted, worst_of

NOT_GIVEN = "NOT GIVEN"
# What is asked of a step: a syndrome, and from which grade on.
ENDPOINTS = (("crs", 1), ("crs", 2), ("crs", 3), ("icans", 1), ("icans", 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFigures:
    """`with_syndrome`: participants who had it of any grade at any step: the other denominator of some labels."""

    kind: str
    from_grade: int
    counts: OutcomeCounts
    with_syndrome: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CareFigures:
    """Dose periods. `not_known`: nothing was recorded of what was given. Hours of the first tocilizumab of each."""

    doses: int
    not_given: int
    with_crs: int
    tocilizumab: int
    tocilizumab_not_known: int
    from_onset: HoursSummary | None
    from_dose: HoursSummary | None
    steroid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """`label` empty: whoever is blinded is told the number of the dose alone."""

    label: str
    number: int
    endpoints: tuple[EndpointFigures, ...]
    care: CareFigures


def figures_by_step(periods: Sequence[DosePeriod], *, cut: datetime, by_label: bool) -> tuple[StepFigures, ...]:
    """In the order of the plan, and of the doses where a step has no place in it."""
    groups: dict[tuple[str, int], list[DosePeriod]] = {}
    for one in periods:
        groups.setdefault((one.step_label or "", 0) if by_label else ("", one.dose_number), []).append(one)
    all_with = {kind: len(_with(periods, kind)) for kind in ("crs", "icans")}

    def place(group: list[DosePeriod]) -> tuple[int, int]:
        number = min(one.dose_number for one in group)
        return (min(one.step.position for one in group), number) if by_label else (number, number)

    return tuple(
        StepFigures(
            label=label, number=number or min(one.dose_number for one in group), care=_care(group),
            endpoints=tuple(
                EndpointFigures(
                    kind=kind, from_grade=grade, with_syndrome=all_with[kind],
                    counts=_counts(group, kind, grade, cut=cut),
                )
                for kind, grade in ENDPOINTS
            ),
        )
        for (label, number), group in sorted(groups.items(), key=lambda item: (place(item[1]), item[0]))
    )  # fmt: skip


def is_given(period: DosePeriod) -> bool:
    return period.ended_by != NOT_GIVEN


def is_over(period: DosePeriod, cut: datetime) -> bool:
    return period.ended_at is not None and period.ended_at <= cut


def syndrome_of(period: DosePeriod, kind: str, *, cut: datetime) -> PeriodSyndrome:
    flag = getattr(period, f"{kind}_final_any")
    over = is_over(period, cut)
    return PeriodSyndrome(
        any_grade=flag, grade=getattr(period, f"{kind}_final_grade"), is_over=over,
        ran_to_end=over and (period.ended_by == NEXT_DOSE or bool(period.risk_complete)),
        is_settled=not flag or getattr(period, f"{kind}_final_duration_h") is not None,
    )  # fmt: skip


def _counts(group: Iterable[DosePeriod], kind: str, grade: int, *, cut: datetime) -> OutcomeCounts:
    each: dict[int, list[DosePeriod]] = {}
    for one in filter(is_given, group):
        each.setdefault(one.participant_id, []).append(one)
    return counted(
        worst_of(syndrome_of(one, kind, cut=cut).outcome(grade) for one in mine) for mine in each.values()
    )  # fmt: skip


def _with(periods: Iterable[DosePeriod], kind: str) -> set[int]:
    return {one.participant_id for one in periods if getattr(one, f"{kind}_final_any")}


def _care(group: Sequence[DosePeriod]) -> CareFigures:
    given = [one for one in group if is_given(one)]
    return CareFigures(
        doses=len(given), not_given=len(group) - len(given),
        with_crs=sum(bool(one.crs_final_any) for one in given),
        tocilizumab=sum(bool(one.tocilizumab_flag) for one in given),
        tocilizumab_not_known=sum(one.tocilizumab_flag is None for one in given),
        from_onset=summary_of(one.tocilizumab_onset_h for one in given if one.tocilizumab_onset_h is not None),
        from_dose=summary_of(one.tocilizumab_h for one in given if one.tocilizumab_h is not None),
        steroid=sum(bool(one.steroid_flag) for one in given),
    )  # fmt: skip
