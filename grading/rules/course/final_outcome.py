"""The outcome of a dose period by final grades: what the export reads, once people have judged its episodes. Pure.

Without an assessment the final grades are the computed ones; then a provisional episode that nobody has judged still
leaves empty what it could make another answer of (Rulings 2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import CRS, ICANS
from grading.rules.grades.final import DerivedGrade, Final, Word, final_of
from regimens.rules.elapsed import hours

EpisodeKey = tuple[str, str]  # kind of the episode, root of its onset fact


@dataclass(frozen=True, slots=True)
class FinalEpisode:
    """An episode with its final grade. `on_file`: somebody judged it, also where that was taken back."""

    episode: CourseEpisode
    final: Final
    on_file: bool

    @property
    def is_real(self) -> bool:
        """Whether it is an episode by its final grade: CRS, not a provisional one, and not finally none."""
        return self.final.grade > 0 or not (self.episode.provisional or self.on_file)

    @property
    def is_unjudged(self) -> bool:
        return bool(self.episode.provisional) and not self.final.judged

    def is_open_at(self, at: datetime) -> bool:
        """Whether it began before this instant and was not over."""
        ended_at = self.episode.ended_at
        return self.episode.started_at < at and (ended_at is None or ended_at > at)


@dataclass(frozen=True, slots=True)
class EpisodeAssessments:
    """What was judged, and the standing words of the ledgers that decide, the most answerable first.

    `words` is empty for an episode of which every assessment was taken back.
    """

    words: Mapping[EpisodeKey, Sequence[Word]] = field(default_factory=dict)

    def final_of(self, episode: CourseEpisode) -> FinalEpisode:
        words = self.words.get((episode.kind, episode.root))
        now = DerivedGrade(
            at_least=episode.max_grade,
            at_most=episode.axis_grade if episode.provisional else episode.at_most,
            unsettled=bool(episode.provisional),
        )
        return FinalEpisode(episode, final_of(now, words or ()), on_file=words is not None)

    @property
    def are_of_crs(self) -> bool:
        return any(kind == CRS for kind, _root in self.words)

    def of(self, episodes: Iterable[CourseEpisode]) -> "EpisodeAssessments":
        """Those of these episodes; of an episode that is no more, nothing holds."""
        known = {(episode.kind, episode.root) for episode in episodes}
        return EpisodeAssessments({key: words for key, words in self.words.items() if key in known})


@dataclass(kw_only=True)
class Settled:
    """The columns of a period's final outcome. None: not known, or not known yet."""

    crs_final_any: bool | None = None
    crs_final_carried: bool | None = None
    crs_final_episodes: int | None = None
    crs_final_recurrent: bool | None = None
    crs_final_grade: int | None = None
    crs_final_peak: int | None = None
    crs_adjusted: bool | None = None
    crs_unjudged: bool | None = None
    crs_judge_again: bool | None = None
    crs_final_onset_at: datetime | None = None
    crs_final_max_at: datetime | None = None
    crs_final_resolved_at: datetime | None = None
    crs_final_duration_h: Decimal | None = None
    crs_final_first_duration_h: Decimal | None = None
    crs_final_ongoing: bool | None = None
    crs_onset_h: Decimal | None = None
    crs_max_h: Decimal | None = None
    tocilizumab_onset_h: Decimal | None = None
    steroid_onset_h: Decimal | None = None
    icans_final_any: bool | None = None
    icans_final_grade: int | None = None
    icans_judge_again: bool | None = None
    icans_final_onset_at: datetime | None = None
    icans_final_duration_h: Decimal | None = None
    icans_onset_h: Decimal | None = None
    icans_after_crs: timedelta | None = None


class Observed(Protocol):
    """What is read of a period: its bounds, its drugs, and what its sets leave without any episode."""

    started_at: datetime
    ended_at: datetime | None
    vitals_recorded: int
    crs_definite: int
    icans_definite: int
    crs_max_grade: int | None
    crs_peak: int | None
    tocilizumab_first_at: datetime | None
    steroid_first_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """The episodes that bear on a period: its own, and CRS of before its dose that was not over at it.

    `crs_before`: CRS by final grade in an earlier period. `crs_judged`: some CRS of the participant was judged.
    `crs_over_at`: when CRS by final grade, begun before its dose, was over last, also where it was over before it.
    """

    own: Sequence[FinalEpisode]
    earlier: Sequence[FinalEpisode]
    crs_before: bool
    crs_judged: bool
    crs_over_at: datetime | None = None


def touches(episode: CourseEpisode, dosed_at: datetime) -> bool:
    """Whether CRS of before this dose was not over before it."""
    return episode.kind == CRS and (episode.ended_at is None or episode.ended_at >= dosed_at)


def crs_over(before: Iterable[FinalEpisode]) -> datetime | None:
    """When CRS by final grade was over last, of these episodes. None: there was none, or none is over."""
    crs = [one for one in before if one.episode.kind == CRS and one.final.grade > 0]
    return max((one.episode.ended_at for one in crs if one.episode.ended_at is not None), default=None)


def settle(period: Observed, bearing: Bearing) -> None:
    """Write the columns of `Settled` into this period. Nothing stays of an earlier outcome."""
    for name, value in _settled(period, bearing).items():
        setattr(period, name, value)


def _settled(period: Observed, bearing: Bearing) -> dict[str, object]:
    columns: dict[str, object] = {one.name: one.default for one in fields(Settled)}
    crs = [one for one in bearing.own if one.episode.kind == CRS]
    icans = [one for one in bearing.own if one.episode.kind == ICANS]
    columns |= _crs(period, bearing, crs)
    grade = _highest(icans, looked=bool(period.icans_definite))
    columns |= {"icans_final_any": None if grade is None else grade > 0, "icans_final_grade": grade}
    if real := _real(icans):
        columns |= {
            "icans_final_onset_at": real[0].started_at,
            "icans_final_duration_h": _hours(real),
            "icans_onset_h": hours(real[0].started_at - period.started_at),
            "icans_after_crs": _after_crs(real, _real([*bearing.earlier, *crs]), bearing.crs_over_at),
        }
    return columns | {"crs_judge_again": _again(crs), "icans_judge_again": _again(icans)}


def _crs(period: Observed, bearing: Bearing, crs: Sequence[FinalEpisode]) -> dict[str, object]:
    grade, real = _highest(crs, looked=bool(period.crs_definite)), _real(crs)
    unjudged = max((one.episode.at_most for one in crs if one.is_unjudged), default=None)
    at_dose = [one for one in bearing.earlier if one.is_open_at(period.started_at)]
    carried = max((one.episode.at_most for one in at_dose if one.is_unjudged), default=None)
    began = None if grade is None or (grade == 0 and unjudged is not None) else grade > 0
    known = grade if unjudged is None or (grade is not None and unjudged <= grade) else None
    columns: dict[str, object] = {
        "crs_final_any": began,
        "crs_final_carried": _carried(period, at_dose, carried),
        "crs_final_episodes": None if grade is None or unjudged is not None else len(real),
        "crs_final_recurrent": None if began is None else began and bearing.crs_before,
        "crs_final_grade": known,
        "crs_final_peak": _peak(period, bearing, crs, could_be=max(unjudged or 0, carried or 0)),
        "crs_adjusted": None if known is None else known != period.crs_max_grade,
        "crs_unjudged": _looked(period) if unjudged is None and carried is None else True,
    }
    return columns | (_times(period, crs, real) if real else {})


def _times(period: Observed, crs: Sequence[FinalEpisode], real: Sequence[CourseEpisode]) -> dict[str, object]:
    """Of the episodes that are finally CRS; `real` in order of onset. What is not over has no end and no duration."""
    worst = max((one for one in crs if one.final.grade > 0), key=_grade_then_earliest)
    ends = [episode.ended_at for episode in real if episode.ended_at is not None]
    resolved_at = None if len(ends) < len(real) else max(ends)
    onset, over = real[0].started_at, period.ended_at
    return {
        "crs_final_onset_at": onset,
        "crs_final_max_at": worst.episode.max_at,
        "crs_final_resolved_at": resolved_at,
        "crs_final_ongoing": resolved_at is None or (over is not None and resolved_at > over),
        "crs_onset_h": hours(onset - period.started_at),
        "crs_max_h": hours(worst.episode.max_at - period.started_at),
        "tocilizumab_onset_h": _since(onset, period.tocilizumab_first_at),
        "steroid_onset_h": _since(onset, period.steroid_first_at),
        "crs_final_duration_h": _hours(real),
        "crs_final_first_duration_h": _hours(real[:1]),
    }


def _since(start: datetime, at: datetime | None) -> Decimal | None:
    return None if at is None else hours(at - start)


def _after_crs(
    icans: Sequence[CourseEpisode], crs: Sequence[CourseEpisode], over_at: datetime | None
) -> timedelta | None:
    """The least time from CRS to one of these ICANS; 0: it began during CRS. None: no CRS was before any of them."""
    ends = [(one.started_at, one.ended_at) for one in crs]
    if over_at is not None:
        ends.append((over_at, over_at))
    gaps = [
        max(one.started_at - ended_at, timedelta()) if ended_at is not None else timedelta()
        for one in icans
        for started_at, ended_at in ends
        if started_at <= one.started_at
    ]
    return min(gaps, default=None)


def _grade_then_earliest(one: FinalEpisode) -> tuple[int, float]:
    return one.final.grade, -one.episode.started_at.timestamp()


def _highest(own: Sequence[FinalEpisode], *, looked: bool) -> int | None:
    """The highest final grade. A provisional episode counts once it has one; 0: none, where somebody looked."""
    graded = [one.final.grade for one in own if not one.episode.provisional or one.final.grade > 0]
    return max(graded, default=0 if looked else None)


def _real(own: Sequence[FinalEpisode]) -> list[CourseEpisode]:
    """Those with a final grade, in order of onset."""
    return sorted((one.episode for one in own if one.final.grade > 0), key=lambda episode: episode.started_at)


def _again(own: Sequence[FinalEpisode]) -> bool | None:
    """Whether one of them asks to be judged again. None: no assessment of any of them stands."""
    judged = [one.final for one in own if one.final.judged or one.final.again]
    return any(final.again for final in judged) if judged else None


def _looked(period: Observed) -> bool | None:
    """No, where somebody looked."""
    return False if period.vitals_recorded else None


def _carried(period: Observed, at_dose: Sequence[FinalEpisode], unjudged: int | None) -> bool | None:
    """Whether CRS of an earlier dose was open at this one; not known while only a provisional episode was."""
    if any(one.is_real for one in at_dose):
        return True
    return _looked(period) if unjudged is None else None


def _peak(period: Observed, bearing: Bearing, crs: Sequence[FinalEpisode], *, could_be: int) -> int | None:
    """The highest grade that any episode reached in the period; not known while an unjudged one could be higher.

    A final grade counts where its maximum was reached, elsewhere at most what was seen there.
    """
    peak = period.crs_peak
    if peak is None:
        return None
    if bearing.crs_judged:
        own = [one for one in crs if period.ended_at is None or one.episode.started_at < period.ended_at]
        reached = [_reached(one, period, seen=peak) for one in (*own, *bearing.earlier)]
        peak = max(reached, default=0)
    return peak if could_be <= peak else None


def _reached(one: FinalEpisode, period: Observed, *, seen: int) -> int:
    max_at, ended_at = one.episode.max_at, one.episode.ended_at
    before_end = period.ended_at is None or max_at < period.ended_at or max_at == ended_at
    return one.final.grade if max_at >= period.started_at and before_end else min(one.final.grade, seen)


def _hours(episodes: Iterable[CourseEpisode]) -> Decimal | None:
    """All together; None while one of them has no end."""
    total = timedelta()
    for episode in episodes:
        if episode.ended_at is None:
            return None
        total += episode.ended_at - episode.started_at
    return hours(total)
