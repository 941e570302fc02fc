"""Episodes with their computed and final grades, as the derived course has them and as written."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.final_outcome import EpisodeAssessments, FinalEpisode

EPISODES = {CRS: "adcrs", ICANS: "adicans"}
NONE = "none"

Pair = tuple[str, str, str, str]  # when, of which record, what is written, what is derived


def episode_pairs(
    own: Rows, episodes: Iterable[CourseEpisode], assessments: EpisodeAssessments, kind: str
) -> Iterator[Pair]:
    """One for each episode of either side. Times to the second, as the data sets have them. Raises Unreadable."""
    derived = {(e.root, e.provisional): e for e in episodes if e.kind == kind}
    for row in own[EPISODES[kind]]:
        episode = derived.pop((row.text("RECID"), row.code("PROVISNL")), None)
        amounts_to = NONE if episode is None else _derived(assessments.final_of(episode))
        yield row.text("ASTDTM"), row.text("RECID"), _written(row), amounts_to
    for episode in derived.values():
        yield _second(episode.started_at), episode.root, NONE, _derived(assessments.final_of(episode))


def _written(row: PacketRow) -> str:
    grade, most, final = row.whole("ATOXGRCN"), row.whole("ATOXGRUN"), row.whole("ATOXGRN")
    start, end = row.instant("ASTDTM"), row.instant("AENDTM") if row.text("AENDTM") else None
    return _shown(grade, most, final, start, end)


def _derived(one: FinalEpisode) -> str:
    episode = one.episode
    return _shown(episode.max_grade, episode.at_most, one.final.grade, episode.started_at, episode.ended_at)


def _shown(grade: int | None, most: int | None, final: int | None, start: datetime, end: datetime | None) -> str:
    until = NONE if end is None else _second(end)
    return f"{grade}, at most {most}, {_second(start)} to {until}, final {final}"


def _second(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
