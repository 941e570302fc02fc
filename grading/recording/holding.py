"""Hold a participant for one fact: who may, and everything that the fact needs to know, in one go."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from crsmonitor.database import rows
from crsmonitor.errors import Forbidden, NotFound
from grading.models import CurrentState, DosePeriod
from regimens.models import Participant, Regimen, Site, Step, Study
from regimens.selectors import SCOPE_SQL, participants_for

# No other key: who writes a row that points to the participant, as a trigger does below an alert, is not waited for.
# A statement of its own: what a waiting reader joined would be as old as the moment it began to wait.
_LOCK = f"SELECT p.id FROM regimens_participant p WHERE p.id = $1 AND {SCOPE_SQL} FOR NO KEY UPDATE OF p"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one fact is kept with: its participant's state, held until the transaction ends, who records, and when."""

    state: CurrentState
    by: User
    at: datetime

    @property
    def participant(self) -> Participant:
        return self.state.participant


@cache
def _everything() -> str:
    return f"""
        SELECT {rows.columns(Participant, "p")}, {rows.columns(Study, "s")}, {rows.columns(Site, "w")},
               {rows.columns(Regimen, "r")}, {rows.columns(CurrentState, "c")}, {rows.columns(Step, "t")},
               {rows.columns(DosePeriod, "d")}
          FROM regimens_participant p
          JOIN regimens_study s ON s.id = p.study_id
          JOIN regimens_site w ON w.id = p.site_id
          JOIN regimens_regimen r ON r.id = p.regimen_id
          LEFT JOIN grading_currentstate c ON c.participant_id = p.id
          LEFT JOIN regimens_step t ON t.id = c.step_id
          LEFT JOIN grading_doseperiod d ON d.dose_id = c.period_id
         WHERE p.id = $1
    """  # noqa: S608 - composed of the models' own names


def hold(participant_id: int, *, by: User, act: Act) -> CurrentState:
    """The participant's state, with the participant and all that belongs to it, held until the transaction ends.

    One fact at a time. Raises NotFound for a stranger, Forbidden for somebody who may see but not do this.
    """
    may = [participant_id, by.pk, roles_that_may(act)]
    if not by.is_active or rows.fetch(_LOCK, may) is None:
        if participants_for(by).filter(pk=participant_id).exists():
            raise Forbidden("role_forbids")
        raise NotFound("no_such_participant")
    row = rows.fetch(_everything(), [participant_id])
    assert row is not None
    participant = rows.taken(Participant, row)
    participant.study, participant.site = rows.taken(Study, row), rows.taken(Site, row)
    participant.regimen = rows.taken(Regimen, row)
    state = rows.take(CurrentState, row) or CurrentState()
    state.participant, state.step, state.period = participant, rows.take(Step, row), rows.take(DosePeriod, row)
    return state
