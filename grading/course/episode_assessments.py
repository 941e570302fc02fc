"""What people said of a participant's episodes, as the final grades are made of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from grading.models import About, GradeAssessment, Ledger
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.final_outcome import EpisodeAssessments, EpisodeKey
from grading.rules.grades.final import Word
from regimens.models import Participant

DECIDING = (Ledger.CENTRAL.value, Ledger.INVESTIGATOR.value)  # the most answerable first; a nurse's decides nothing


@dataclass(frozen=True, slots=True)
class AssessedEpisodes:
    """`at`: when each was judged last, or an assessment of it taken back."""

    assessments: EpisodeAssessments = field(default_factory=EpisodeAssessments)
    at: dict[EpisodeKey, datetime] = field(default_factory=dict)

    def of(self, episodes: Collection[CourseEpisode]) -> tuple[EpisodeAssessments, datetime | None]:
        """Those of these episodes, and when any of them was judged last."""
        assessments = self.assessments.of(episodes)
        return assessments, max((self.at[key] for key in assessments.words), default=None)


def assessed_episodes(participant: Participant) -> AssessedEpisodes:
    """Of all ledgers that decide, with every version."""
    made = GradeAssessment.objects.filter(participant=participant, about=About.EPISODE.value, ledger__in=DECIDING)
    versions = list(made.order_by("-observed_at", "-recorded_at", "id"))
    if not versions:
        return AssessedEpisodes()
    corrected = {one.supersedes_id for one in versions}
    by_episode: dict[EpisodeKey, list[GradeAssessment]] = {}
    for one in versions:
        by_episode.setdefault((one.kind, str(one.about_root)), []).append(one)
    words = {
        key: _words(one for one in mine if one.pk not in corrected and not one.withdrawn)
        for key, mine in by_episode.items()
    }
    return AssessedEpisodes(
        EpisodeAssessments(words), {key: max(one.recorded_at for one in mine) for key, mine in by_episode.items()}
    )


def _words(standing: Iterable[GradeAssessment]) -> tuple[Word, ...]:
    """The newest of each ledger."""
    newest: dict[str, Word] = {}
    for one in standing:  # newest first
        newest.setdefault(one.ledger, word_of(one))
    return tuple(newest[ledger] for ledger in DECIDING if ledger in newest)


def word_of(one: GradeAssessment) -> Word:
    return Word(grade=one.grade, about=one.derived_grade, about_at_most=one.derived_at_most)
