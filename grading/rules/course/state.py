"""What the next fact needs to know of all earlier ones, and how that is written down."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from grading.rules.course.episodes import CourseEpisode, key_of
from grading.rules.course.events import CRS, ICANS, Attributed, DoseGiven
from grading.rules.grades.danger import Run
from grading.rules.treatment.support import Support, read_support, write_support


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the next fact needs to know of all earlier ones.

    `noticed`: hypotension and hypoxia as far as they were told in the open provisional episode; `noticed_grade`: the
    highest axis grade that was. `danger`: what is in danger, up to the newest set that measured it.
    `told_ones`: when a rise to grade 1 was last told, by kind.
    """

    last: tuple[datetime, int, str] | None = None
    dose: DoseGiven | None = None
    open: tuple[CourseEpisode, ...] = ()
    attributed: tuple[Attributed, ...] = ()
    masked_until: datetime | None = None
    treated_at: datetime | None = None  # the last drug that masks and was given to treat
    standing: tuple[tuple[str, int], ...] = ((CRS, 0), (ICANS, 0))
    died: bool = False
    running: tuple[tuple[str, Support], ...] = ()  # by the root of what began, in their order
    noticed: frozenset[str] = frozenset()
    noticed_grade: int = 0
    danger: tuple[Run, ...] = ()
    told_ones: tuple[tuple[str, datetime], ...] = ()

    def standing_grade(self, kind: str) -> int:
        return dict(self.standing)[kind]

    def open_episode(self, kind: str) -> CourseEpisode | None:
        return next((e for e in self.open if e.kind == kind and not e.provisional), None)

    def open_provisional(self) -> CourseEpisode | None:
        return next((e for e in self.open if e.provisional), None)

    def keeping(self, episode: CourseEpisode) -> "State":
        """With the episode as it is now; without it once it has ended."""
        others = tuple(e for e in self.open if key_of(e) != key_of(episode))
        return replace(self, open=others if episode.ended_at is not None else (*others, episode))

    def beginning(self, root: str, support: Support) -> "State":
        others = [one for one in self.running if one[0] != root]
        return replace(self, running=tuple(sorted([*others, (root, support)], key=lambda one: one[0])))

    def ending(self, root: str) -> "State":
        return replace(self, running=tuple(one for one in self.running if one[0] != root))

    def attributes(self, sign: str, *, at: datetime) -> bool:
        """Whether an investigator holds another cause responsible for `sign` at this time."""
        return any(a.sign == sign and a.at <= at and (a.until is None or at <= a.until) for a in self.attributed)


def write_state(state: State) -> dict[str, Any]:
    """As JSON. `read_state` gives back the same state."""
    return {
        "last": None if state.last is None else [state.last[0].isoformat(), state.last[1], state.last[2]],
        "dose": None if state.dose is None else [state.dose.at.isoformat(), state.dose.root],
        "open": [write_episode(e) for e in state.open],
        "attributed": [
            [a.at.isoformat(), None if a.until is None else a.until.isoformat(), a.sign] for a in state.attributed
        ],
        "masked_until": None if state.masked_until is None else state.masked_until.isoformat(),
        "treated_at": None if state.treated_at is None else state.treated_at.isoformat(),
        "standing": dict(state.standing),
        "died": state.died,
        "running": [[root, write_support(support)] for root, support in state.running],
        "noticed": sorted(state.noticed),
        "noticed_grade": state.noticed_grade,
        "told_ones": {kind: at.isoformat() for kind, at in state.told_ones},
        "danger": [[r.field, r.root, r.since.isoformat(), r.at.isoformat(), r.text] for r in state.danger],
    }


def read_state(data: dict[str, Any]) -> State:
    if not data:
        return State()
    last, dose, standing = data["last"], data["dose"], data["standing"]
    return State(
        last=None if last is None else (datetime.fromisoformat(last[0]), last[1], last[2]),
        dose=None if dose is None else DoseGiven(at=datetime.fromisoformat(dose[0]), root=dose[1]),
        open=tuple(read_episode(e) for e in data["open"]),
        attributed=tuple(
            Attributed(at=datetime.fromisoformat(at), until=_moment(until), sign=sign)
            for at, until, sign in data["attributed"]
        ),
        masked_until=_moment(data["masked_until"]),
        treated_at=_moment(data["treated_at"]),
        standing=((CRS, standing[CRS]), (ICANS, standing[ICANS])),
        died=data["died"],
        running=tuple((root, read_support(support)) for root, support in data.get("running", ())),
        # Kept before it was: what is found next is told once more rather than not at all.
        noticed=frozenset(data.get("noticed", ())),
        noticed_grade=data.get("noticed_grade", 0),
        told_ones=tuple((kind, datetime.fromisoformat(at)) for kind, at in sorted(data.get("told_ones", {}).items())),
        danger=tuple(
            Run(field=name, root=root, since=datetime.fromisoformat(since), at=datetime.fromisoformat(at), text=text)
            for name, root, since, at, text in data.get("danger", ())
        ),
    )


_MOMENTS = ("started_at", "max_at", "free_since", "ended_at")
_OTHERS = ("kind", "root", "max_grade", "at_most", "axis_grade", "dose_root", "provisional", "flags", "treated")


def write_episode(episode: CourseEpisode) -> dict[str, Any]:
    moments = {name: getattr(episode, name) for name in _MOMENTS}
    return {name: getattr(episode, name) for name in _OTHERS} | {
        name: None if at is None else at.isoformat() for name, at in moments.items()
    }


def read_episode(data: dict[str, Any]) -> CourseEpisode:
    values: dict[str, Any] = {name: data[name] for name in _OTHERS if name != "axis_grade"}
    values["axis_grade"] = data.get("axis_grade", 0)  # written before it was kept, until it is derived again
    values |= {name: _moment(data[name]) for name in _MOMENTS}
    return CourseEpisode(**values | {"flags": tuple(data["flags"])})


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
