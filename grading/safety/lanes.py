"""The course of each participant by dose period: what a swimmer shows, and the table that says the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from grading.models import DosePeriod, Episode
from grading.rules.evidence.outcomes import PeriodOutcome
from grading.safety.steps import is_given, is_over, syndrome_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLine:
    """One dose period. `step` empty: not told. `ends_at` None: it goes on at the cut. Outcomes None: not given.

    Hours are from the start of the dose; None: it did not happen, or is not known. Drugs None: not known.
    """

    participant: str
    number: int
    step: str
    given: bool
    starts_at: datetime
    ends_at: datetime | None
    ended_by: str
    window_ends_at: datetime | None
    crs: PeriodOutcome | None
    crs_grade: int | None
    crs_onset_h: Decimal | None
    crs_hours: Decimal | None
    icans: PeriodOutcome | None
    icans_grade: int | None
    icans_onset_h: Decimal | None
    tocilizumab: bool | None
    tocilizumab_at: datetime | None
    tocilizumab_h: Decimal | None
    tocilizumab_onset_h: Decimal | None
    steroid: bool | None
    steroid_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSpan:
    """`grade` None: provisional, nobody has judged what it is. `ends_at` None: not over at the cut."""

    kind: str
    grade: int | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwimmerLane:
    """One participant, from the first dose on."""

    participant: str
    periods: tuple[PeriodLine, ...]
    episodes: tuple[EpisodeSpan, ...]

    @property
    def starts_at(self) -> datetime:
        return self.periods[0].starts_at

    @property
    def goes_on(self) -> bool:
        return any(one.given and one.ends_at is None for one in self.periods)

    def ends_at(self, cut: datetime) -> datetime:
        return cut if self.goes_on else max(one.ends_at or one.starts_at for one in self.periods)


def lanes_of(
    periods: Iterable[DosePeriod], episodes: Iterable[Episode], *, cut: datetime, by_label: bool
) -> tuple[SwimmerLane, ...]:
    """In the order of the study numbers."""
    lines: dict[int, list[PeriodLine]] = {}
    numbers: dict[int, str] = {}
    for one in periods:
        numbers[one.participant_id] = one.participant.number
        lines.setdefault(one.participant_id, []).append(_line(one, cut=cut, by_label=by_label))
    spans: dict[int, list[EpisodeSpan]] = {}
    for episode in episodes:
        spans.setdefault(episode.participant_id, []).append(_span(episode, cut=cut))
    return tuple(
        SwimmerLane(
            participant=number, periods=tuple(lines[key]), episodes=tuple(_shown(spans.get(key, ()), lines[key]))
        )
        for key, number in sorted(numbers.items(), key=lambda item: item[1])
    )


def _shown(spans: Sequence[EpisodeSpan], lines: Sequence[PeriodLine]) -> list[EpisodeSpan]:
    """Final grade 0 is no episode; what came before the first dose is of no period."""
    return [one for one in spans if one.grade != 0 and one.starts_at >= lines[0].starts_at]


def _span(episode: Episode, *, cut: datetime) -> EpisodeSpan:
    over = episode.ended_at is not None and episode.ended_at <= cut
    return EpisodeSpan(
        kind=episode.kind, grade=None if episode.provisional and not episode.final_grade else episode.final_grade,
        starts_at=episode.started_at, ends_at=episode.ended_at if over else None,
    )  # fmt: skip


def _line(period: DosePeriod, *, cut: datetime, by_label: bool) -> PeriodLine:
    given = is_given(period)
    return PeriodLine(
        participant=period.participant.number, number=period.dose_number,
        step=(period.step_label or "") if by_label else "", given=given, starts_at=period.started_at,
        ends_at=period.ended_at if is_over(period, cut) else None,
        ended_by=period.ended_by if is_over(period, cut) else "", window_ends_at=period.window_ends_at,
        crs=syndrome_of(period, "crs", cut=cut).outcome() if given else None, crs_grade=period.crs_final_grade,
        crs_onset_h=period.crs_onset_h, crs_hours=period.crs_final_duration_h,
        icans=syndrome_of(period, "icans", cut=cut).outcome() if given else None,
        icans_grade=period.icans_final_grade, icans_onset_h=period.icans_onset_h,
        tocilizumab=period.tocilizumab_flag, tocilizumab_at=period.tocilizumab_first_at,
        tocilizumab_h=period.tocilizumab_h, tocilizumab_onset_h=period.tocilizumab_onset_h,
        steroid=period.steroid_flag, steroid_at=period.steroid_first_at,
    )  # fmt: skip
