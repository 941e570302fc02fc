"""What the next set needs to know of the record before it, written beside the participant's current state."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from grading.course.record.facts import Baseline
from grading.models import CurrentState
from grading.rules.course.episodes import CourseEpisode, key_of
from grading.rules.course.final_outcome import Bearing, EpisodeAssessments
from grading.rules.course.periods.outcome import Carried
from grading.rules.course.state import State, read_episode, read_state, write_episode, write_state
from grading.rules.grades.final import Word

_FOLDED = "_folded"  # what was read of a row's fold, and of which


@dataclass(slots=True)
class Memory:
    """What `continue_with` needs besides the fold: the outcome columns of the running period depend on it.

    `observations`: sets since the last checkpoint. None: written before there were any: nothing may be continued.
    `own` are the episodes of the running period; `earlier` is CRS of before its dose that was not over at it,
    `crs_before_final` whether there was CRS by final grade in an earlier period, `crs_over_at` when it was over last.
    """

    state: State = field(default_factory=State)
    own: list[CourseEpisode] = field(default_factory=list)
    carried: Carried = field(default_factory=Carried)
    crs_before: bool = False
    earlier: list[CourseEpisode] = field(default_factory=list)
    crs_before_final: bool = False
    crs_over_at: datetime | None = None
    assessments: EpisodeAssessments = field(default_factory=EpisodeAssessments)
    baseline: Baseline = field(default_factory=Baseline)
    observations: int | None = 0

    def write(self) -> dict[str, Any]:
        return {
            "state": write_state(self.state),
            "own": [write_episode(_as_the_tables_hold(e)) for e in self.own],
            "carried": [self.carried.crs, self.carried.provisional],
            "crs_before": self.crs_before,
            "earlier": [write_episode(_as_the_tables_hold(e)) for e in self.earlier],
            "crs_before_final": self.crs_before_final,
            "crs_over_at": self.crs_over_at and self.crs_over_at.isoformat(),
            "judged": _write_assessments(self.assessments),
            "baseline": write_baseline(self.baseline),
            "observations": self.observations,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> "Memory":
        if not data:
            return cls()
        return cls(
            state=read_state(data["state"]),
            own=[read_episode(e) for e in data["own"]],
            carried=_read_carried(data["carried"]),
            crs_before=data["crs_before"],
            earlier=[read_episode(e) for e in data.get("earlier", ())],
            crs_before_final=data.get("crs_before_final", False),
            crs_over_at=datetime.fromisoformat(over) if (over := data.get("crs_over_at")) else None,
            assessments=_read_assessments(data.get("judged", ())),
            baseline=read_baseline(data["baseline"]),
            observations=data.get("observations") if "judged" in data else None,
        )

    @property
    def bearing(self) -> Bearing:
        """The episodes of the running period by final grade."""
        return Bearing(
            own=[self.assessments.final_of(e) for e in self.own],
            earlier=[self.assessments.final_of(e) for e in self.earlier],
            crs_before=self.crs_before_final,
            crs_judged=self.assessments.are_of_crs,
            crs_over_at=self.crs_over_at,
        )


def _as_the_tables_hold(episode: CourseEpisode) -> CourseEpisode:
    """Without what only the fold knows: that bears on no outcome, and who reads a closed episode does not know it."""
    return replace(episode, treated=False, free_since=None)


def _read_carried(data: list[Any] | bool) -> Carried:
    return Carried(crs=data) if isinstance(data, bool) else Carried(*data)  # the first, until it is derived again


def _write_assessments(assessments: EpisodeAssessments) -> list[list[Any]]:
    return [
        [kind, root, [[word.grade, word.about, word.about_at_most] for word in words]]
        for (kind, root), words in sorted(assessments.words.items())
    ]


def _read_assessments(data: Iterable[list[Any]]) -> EpisodeAssessments:
    return EpisodeAssessments(
        {
            (kind, root): tuple(Word(grade=grade, about=about, about_at_most=most) for grade, about, most in words)
            for kind, root, words in data
        }
    )


def write_baseline(baseline: Baseline) -> list[str | None]:
    values: list[Any] = [baseline.sbp, baseline.prompt_below, baseline.at and baseline.at.isoformat()]
    kept = [baseline.oxygen_device, baseline.oxygen_flow_l_min, baseline.vasopressors]
    while kept and kept[-1] is None:  # left out where there is none, as it was before it was kept
        kept.pop()
    values += kept
    return [None if value is None else str(value) for value in values]


def read_baseline(data: list[str | None]) -> Baseline:
    # Two, where it was written before times were kept.
    sbp, prompt, at, device, flow, vasopressors = (*data, None, None, None, None)[:6]
    return Baseline(
        sbp=None if sbp is None else Decimal(sbp),
        prompt_below=None if prompt is None else Decimal(prompt),
        at=None if at is None else datetime.fromisoformat(at),
        oxygen_device=device,
        oxygen_flow_l_min=None if flow is None else Decimal(flow),
        vasopressors=vasopressors,
    )


def keep(memory: Memory, state: CurrentState) -> None:
    """In its row, where the next set finds it."""
    state.fold = memory.write()
    state.__dict__[_FOLDED] = (state.fold, memory.state)


def folded_in(state: CurrentState) -> State:
    """The fold of this row, read once for as long as the row has it: a fold is never changed in place."""
    known: tuple[Any, State] | None = state.__dict__.get(_FOLDED)
    if known is None or known[0] is not state.fold:
        known = state.__dict__[_FOLDED] = (state.fold, read_state(state.fold["state"]) if state.fold else State())
    return known[1]


def says_something(state: CurrentState) -> bool:
    """Whether any fact stands behind this row."""
    return state.fold != Memory().write() or bool(state.ward or state.bed or state.ended or state.period_id)


def own_order(episode: CourseEpisode) -> tuple[datetime, str, str, str]:
    """Two may begin at one moment: CRS and ICANS, say."""
    return episode.started_at, *key_of(episode)
