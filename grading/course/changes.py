"""What a late entry or a correction made different of what was told before: a before and an after, to be shown."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from grading.course.compare import TableComparison
from grading.course.derive import Derived
from grading.models import CurrentState, DosePeriod, Episode, Grade, NeuroAssessment, VitalSigns
from grading.rules.course.events import CRS, ICANS
from regimens.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a set, an episode, a period or now. None: not known; -1: more than one attainable."""

    grade: int | None
    at_least: int | None
    at_most: int | None
    ended_at: datetime | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`what`: grade (of the set at `at`), episode (begun `at`), now, or dose_period. None: there was, or is, none."""

    what: str
    kind: str
    at: datetime | None
    dose_number: int | None
    before: Told | None
    after: Told | None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {name: _as_json(value) for name, value in asdict(self).items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, datetime) else value


def changes_of(comparisons: Iterable[TableComparison], *, fact: Fact, derived: Derived) -> tuple[Change, ...]:
    """Empty for a set that comes in order: it is news, and takes back nothing that was told."""
    if _is_news(fact, derived):
        return ()
    tables = {one.table.model: one for one in comparisons}
    return (
        *_now(tables[CurrentState]),
        *_episodes(tables[Episode]),
        *_periods(tables[DosePeriod]),
        *_grades(tables[Grade]),
    )


def _is_news(fact: Fact, derived: Derived) -> bool:
    newest = max((grade.observed_at for grade in derived.grades), default=fact.observed_at)
    observation = isinstance(fact, VitalSigns | NeuroAssessment)
    return observation and fact.supersedes_id is None and fact.observed_at >= newest


def _pairs(compared: TableComparison, *, by: str) -> Iterator[tuple[Any, Any]]:
    """Stored and derived rows of the same thing: a corrected fact's row has another key, but the same `by`."""
    yield from compared.changed
    added = {str(getattr(row, by)): row for row in compared.added}
    for old in compared.gone:
        yield old, added.pop(str(getattr(old, by)), None)
    for new in added.values():
        yield None, new


def _now(compared: TableComparison) -> Iterator[Change]:
    for old, new in compared.changed:
        for kind in (CRS, ICANS):
            before, after = _shown(old, kind), _shown(new, kind)
            if before != after:
                yield Change(what="now", kind=kind, at=None, dose_number=None, before=before, after=after)


def _shown(state: CurrentState, kind: str) -> Told | None:
    if (grade := getattr(state, f"{kind}_grade")) is None:
        return None
    least, most = getattr(state, f"{kind}_at_least"), getattr(state, f"{kind}_at_most")
    return Told(grade=grade, at_least=least, at_most=most, flags=tuple(state.crs_flags) if kind == CRS else ())


def _episodes(compared: TableComparison) -> Iterator[Change]:
    def summary(episode: Episode | None) -> Told | None:
        if episode is None:
            return None
        worst, most = episode.max_grade, episode.at_most
        flags = (episode.provisional,) if episode.provisional else ()
        return Told(grade=worst, at_least=worst, at_most=most, ended_at=episode.ended_at, flags=flags)

    # By root and flag: a provisional episode that turns out to be CRS is one gone and one new.
    rows = [*compared.changed, *((old, None) for old in compared.gone), *((None, new) for new in compared.added)]
    for old, new in rows:
        row = new or old
        before, after = summary(old), summary(new)
        if before != after or (old and new and old.started_at != new.started_at):
            yield Change(what="episode", kind=row.kind, at=row.started_at, dose_number=None, before=before, after=after)


def _periods(compared: TableComparison) -> Iterator[Change]:
    def summary(period: DosePeriod, kind: str) -> Told | None:
        grade = getattr(period, f"{kind}_max_grade")
        return None if grade is None else Told(grade=grade, at_least=grade, at_most=grade)

    for old, new in _pairs(compared, by="dose_number"):
        if old is None or new is None:  # a dose more or less: the fact itself says so
            continue
        for kind in (CRS, ICANS):
            before, after = summary(old, kind), summary(new, kind)
            if before != after:
                yield Change(
                    what="dose_period", kind=kind, at=new.started_at, dose_number=new.dose_number, before=before,
                    after=after,
                )  # fmt: skip


def _grades(compared: TableComparison) -> Iterator[Change]:
    def summary(grade: Grade | None) -> Told | None:
        if grade is None:
            return None
        return Told(grade=grade.grade, at_least=grade.at_least, at_most=grade.at_most, flags=tuple(grade.flags))

    pairs = [(old, new) for old, new in _pairs(compared, by="root") if old is not None]  # a new set takes back nothing
    for old, new in sorted(pairs, key=lambda pair: pair[0].observed_at):
        before, after = summary(old), summary(new)
        if before != after:
            at = (new or old).observed_at
            yield Change(what="grade", kind=old.kind, at=at, dose_number=None, before=before, after=after)
