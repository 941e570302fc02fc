"""Episodes, and the highest computed grade of each dose period, as the derived course has them and as written."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import CRS, ICANS

EPISODES = {CRS: "adcrs", ICANS: "adicans"}
MAXIMA = {CRS: "CRSMAXAG", ICANS: "ICNMAXAG"}  # of adcrsp
NONE = "none"

Pair = tuple[str, str, str, str]  # when, of which record, what is written, what is derived


def episode_pairs(own: Rows, episodes: Iterable[CourseEpisode], kind: str) -> Iterator[Pair]:
    """One for each episode of either side. Times to the second, as the data sets have them. Raises Unreadable."""
    derived = {(e.root, e.provisional): e for e in episodes if e.kind == kind}
    for row in own[EPISODES[kind]]:
        episode = derived.pop((row.text("RECID"), row.code("PROVISNL")), None)
        yield row.text("ASTDTM"), row.text("RECID"), _written(row), NONE if episode is None else _derived(episode)
    for episode in derived.values():
        yield _second(episode.started_at), episode.root, NONE, _derived(episode)


def maximum_pairs(own: Rows, episodes: Iterable[CourseEpisode], kind: str) -> Iterator[Pair]:
    """One for each dose period that has a maximum, or episodes to have one of. Raises Unreadable."""
    doses = {row.text("DOSENUM"): row.text("RECID") for row in own["adex"] if row.text("DOSENUM")}
    highest: dict[str, int] = {}
    for one in episodes:
        if one.kind == kind and not one.provisional and one.dose_root is not None:
            highest[one.dose_root] = max(one.max_grade, highest.get(one.dose_root, 0))
    for row in own["adcrsp"]:
        dose, written = doses.get(row.text("DOSENUM"), ""), row.whole(MAXIMA[kind])
        if written is None and not highest.get(dose):  # nobody looked
            continue
        yield row.text("ASPRSDTM"), dose, NONE if written is None else str(written), str(highest.get(dose, 0))


def _written(row: PacketRow) -> str:
    grade, most = row.whole("ATOXGRCN"), row.whole("ATOXGRUN")
    start, end = row.instant("ASTDTM"), row.instant("AENDTM") if row.text("AENDTM") else None
    return _shown(grade, most, start, end)


def _derived(episode: CourseEpisode) -> str:
    return _shown(episode.max_grade, episode.at_most, episode.started_at, episode.ended_at)


def _shown(grade: int | None, most: int | None, start: datetime, end: datetime | None) -> str:
    return f"{grade}, at most {most}, {_second(start)} to {NONE if end is None else _second(end)}"


def _second(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
