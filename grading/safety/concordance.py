"""How far the investigator, the central reviewer and the rules agree on episodes, for each site.

A pair is one episode. The derived grade is what it was when it was judged; a judgement that agrees says that grade. A
provisional episode has no grade by the rules and is left out of every pair.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from grading.models import About, Episode, GradeAssessment, Ledger
from grading.review.selectors.assessments import newest_assessments
from grading.rules.grades.agreement import kappa, weighted_kappa
from grading.rules.grades.graded import INDETERMINATE

ALL_SITES = ""
INVESTIGATOR_DERIVED, CENTRAL_DERIVED = "investigator_derived", "central_derived"
INVESTIGATOR_CENTRAL = "investigator_central"
Key = tuple[int, str, UUID]  # participant, kind, root


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Of one site and syndrome. `site` empty: of all of them. `higher`: the first of the pair says a higher grade.

    `kappa`, `weighted` None: fewer than two episodes, or one and the same grade throughout.
    """

    site: str
    kind: str
    between: str
    pairs: int
    same: int
    higher: int
    lower: int
    kappa: float | None
    weighted: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEpisodes:
    """How many definite episodes of a syndrome there are, and of how many who has judged."""

    kind: str
    episodes: int
    by_investigator: int
    by_central: int
    provisional: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeWords:
    """What is said of one episode. None: that ledger is empty, or no grade was derived when it was judged."""

    site: str
    kind: str
    investigator: tuple[int, int] | None  # said, derived then
    central: tuple[int, int] | None

    def pair(self, between: str) -> tuple[int, int] | None:
        if between == INVESTIGATOR_CENTRAL:
            both = self.investigator, self.central
            return None if both[0] is None or both[1] is None else (both[0][0], both[1][0])
        return self.investigator if between == INVESTIGATOR_DERIVED else self.central


def judged_counts(episodes: Sequence[Episode], words: Iterable[EpisodeWords]) -> tuple[JudgedEpisodes, ...]:
    known = list(words)
    return tuple(
        JudgedEpisodes(
            kind=kind, episodes=sum(one.kind == kind and not one.provisional for one in episodes),
            provisional=sum(one.kind == kind and bool(one.provisional) for one in episodes),
            by_investigator=sum(one.kind == kind and one.investigator is not None for one in known),
            by_central=sum(one.kind == kind and one.central is not None for one in known),
        )
        for kind in ("crs", "icans")
    )  # fmt: skip


def words_on(episodes: Sequence[Episode], participants: Iterable[int]) -> list[EpisodeWords]:
    """Of the definite ones. `episodes` come with their participants and sites."""
    held = newest_assessments().filter(participant__in=list(participants), about=About.EPISODE.value)
    newest: dict[tuple[Key, str], GradeAssessment] = {
        ((one.participant_id, one.kind, one.about_root), one.ledger): one for one in held
    }

    def of(episode: Episode, ledger: Ledger) -> tuple[int, int] | None:
        one = newest.get(((episode.participant_id, episode.kind, episode.root), ledger.value))
        if one is None or one.derived_grade == INDETERMINATE:
            return None
        return (one.derived_grade if one.grade is None else one.grade, one.derived_grade)

    return [
        EpisodeWords(
            site=one.participant.site.code, kind=one.kind, investigator=of(one, Ledger.INVESTIGATOR),
            central=of(one, Ledger.CENTRAL),
        )
        for one in episodes
        if not one.provisional
    ]  # fmt: skip


def concordances(words: Iterable[EpisodeWords], *, by_site: bool) -> tuple[Concordance, ...]:
    """One row for each site (and for all of them together), syndrome and pair of which there is any."""
    known = list(words)
    sites = [*sorted({one.site for one in known}), ALL_SITES] if by_site else [ALL_SITES]
    return tuple(_rows(known, sites))


def _rows(words: Sequence[EpisodeWords], sites: Iterable[str]) -> Iterator[Concordance]:
    for site in sites:
        for kind in ("crs", "icans"):
            for between in (INVESTIGATOR_DERIVED, CENTRAL_DERIVED, INVESTIGATOR_CENTRAL):
                here = [one for one in words if one.kind == kind and site in (ALL_SITES, one.site)]
                pairs = [pair for one in here if (pair := one.pair(between)) is not None]
                if pairs:
                    yield Concordance(
                        site=site, kind=kind, between=between, pairs=len(pairs),
                        same=sum(a == b for a, b in pairs), higher=sum(a > b for a, b in pairs),
                        lower=sum(a < b for a, b in pairs), kappa=kappa(pairs), weighted=weighted_kappa(pairs),
                    )  # fmt: skip
