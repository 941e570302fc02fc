"""Where a corrected course is again what was stored: all that comes later stays as it is, and is not derived again.

The fold at a checkpoint is the whole of what later facts are read with: state, baseline, what the running period showed
and the board. Where it is the same as the stored one, so is everything after it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from grading.course.checkpoints import BOARD, Start, checkpoint, has_enough
from grading.course.dose_periods.final_outcomes import episode_of
from grading.course.dose_periods.rows import Rows
from grading.course.memory import Memory
from grading.models import Checkpoint, CurrentState, DosePeriod, Episode, NeuroAssessment, VitalSigns
from grading.rules.course.episodes import CourseEpisode, key_of
from grading.rules.course.periods.sets import Seen
from regimens.facts import Fact
from regimens.models import Participant


@dataclass(frozen=True, slots=True)
class Later:
    """What is stored of the course from `at` on."""

    at: datetime
    episodes: list[CourseEpisode]
    periods: dict[UUID, DosePeriod]
    board: CurrentState


def ahead(fact: Fact | None, start: Start) -> list[Checkpoint]:
    """Where to look whether the course is again what was stored, each twice as far.

    Of a corrected set alone, which is in the place of another: any other fact moves the checkpoints after it, or says
    what a period is.
    """
    if not isinstance(fact, VitalSigns | NeuroAssessment) or fact.supersedes_id is None or fact.withdrawn:
        return []
    kept = Checkpoint.objects.filter(participant=fact.participant_id, at__gt=start.bears_on).order_by("at")
    keys, place, chosen = list(kept.values_list("pk", flat=True)), 0, []
    while place < len(keys):
        chosen.append(keys[place])
        place = 2 * place + 1
    return list(kept.filter(pk__in=chosen)) if chosen else []


def meets(stored: Checkpoint, memory: Memory, rows: Rows, board: CurrentState) -> bool:
    """Whether the fold of all before this checkpoint is the one in it, and would be written there again."""
    if not has_enough(memory):
        return False
    fold = checkpoint(memory, rows.running_before(stored.at), board, at=stored.at).fold
    return bool(json.loads(json.dumps(fold)) == stored.fold)


def later(participant: Participant, at: datetime) -> Later | None:
    """None: it was stored in a way that is not read any more."""
    board = CurrentState.objects.filter(participant=participant).first()
    if board is None or Memory.read(board.fold).observations is None:
        return None
    episodes = [episode_of(row) for row in Episode.objects.filter(participant=participant).order_by("started_at", "pk")]
    periods = {period.pk: period for period in DosePeriod.objects.filter(participant=participant)}
    return Later(at, episodes, periods, board)


def go_on_with(kept: Later, memory: Memory, rows: Rows, episodes: dict[Any, CourseEpisode]) -> bool:
    """Rows, memory and episodes as they are at the end of the course. False: something of it is not stored."""
    still_open = {key_of(one) for one in memory.state.open}
    known = {key_of(one): one for one in kept.episodes if one.started_at >= kept.at or key_of(one) in still_open}
    if not still_open <= known.keys():
        return False
    for dose, row in rows.given:
        if row.ended_at is None or row.ended_at > kept.at:
            period = kept.periods.get(dose.pk)
            if period is None:
                return False
            row.take(period, Seen)
    episodes.update(known)
    end = Memory.read(kept.board.fold)
    memory.state, memory.baseline, memory.observations = end.state, end.baseline, end.observations
    return True


def board_at_the_end(kept: Later, participant: Participant) -> CurrentState:
    return CurrentState(participant=participant, **{name: getattr(kept.board, name) for name in BOARD})
