"""Hold a participant for one fact: who may, and everything that the fact needs to know, in two statements."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from crsmonitor.database import rows
from crsmonitor.errors import Forbidden, NotFound
from grading.alerting.services.conditions import Watch
from grading.models import ConditionCheck, CurrentState, DosePeriod
from grading.policies.kept import in_force_sql, kept_policy
from regimens.facts import Fact
from regimens.models import Participant, Regimen, Site, Step, Study
from regimens.selectors import SCOPE_SQL, participants_for

# No other key: who writes a row that points to the participant, as a trigger does below an alert, is not waited for.
# A statement of its own, sent with the next: what a waiting reader joined would be as old as when it began to wait.
_LOCK = f"SELECT p.id FROM regimens_participant p WHERE p.id = $1 AND {SCOPE_SQL} FOR NO KEY UPDATE OF p"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one fact is kept with: its participant's state, held until the transaction ends, who records, and when.

    `watch`: what of her alerts and of the policy was there. `is_signed`: whether a signature of hers holds.
    """

    state: CurrentState
    by: User
    at: datetime
    watch: Watch
    is_signed: bool

    @property
    def participant(self) -> Participant:
        return self.state.participant


@cache
def _everything(*, claims: bool) -> str:
    """With a fact's id claimed for it before anything is read, where it `claims` one."""
    # Of a participant who is there: the lock was sent with it, and may have found nobody.
    claim = """WITH claimed AS (INSERT INTO regimens_clientid (id, kind, participant_id)
                                SELECT $3, $4, id FROM regimens_participant WHERE id = $1)"""
    return f"""
        {claim if claims else ""}
        SELECT {rows.columns(Participant, "p")}, {rows.columns(Study, "s")}, {rows.columns(Site, "w")},
               {rows.columns(Regimen, "r")}, {rows.columns(CurrentState, "c")}, {rows.columns(Step, "t")},
               {rows.columns(DosePeriod, "d")}, {rows.columns(ConditionCheck, "k")}, {in_force_sql("p.study_id", "$2")},
               EXISTS (SELECT FROM grading_alert a WHERE a.participant_id = p.id),
               EXISTS (SELECT FROM regimens_signature g WHERE g.participant_id = p.id AND NOT EXISTS
                       (SELECT FROM regimens_signaturevoid v WHERE v.signature_id = g.id))
          FROM regimens_participant p
          JOIN regimens_study s ON s.id = p.study_id
          JOIN regimens_site w ON w.id = p.site_id
          JOIN regimens_regimen r ON r.id = p.regimen_id
          LEFT JOIN grading_currentstate c ON c.participant_id = p.id
          LEFT JOIN regimens_step t ON t.id = c.step_id
          LEFT JOIN grading_doseperiod d ON d.dose_id = c.period_id
          LEFT JOIN grading_conditioncheck k ON k.participant_id = p.id
         WHERE p.id = $1
    """  # noqa: S608 - composed of the models' own names


def hold(participant_id: int, *, by: User, act: Act, at: datetime, claim: Fact | None = None) -> Held:
    """The participant's state, with the participant and all that belongs to it, held until the transaction ends.

    One fact at a time. `claim`: the fact that is to be kept; its id is taken before all else that is written, so of
    two at once under one id the second waits here, and holds nothing of the other. Raises NotFound for a stranger,
    Forbidden for somebody who may see but not do this, IntegrityError for an id that is taken.
    """
    claimed = [] if claim is None else [claim.pk, claim._meta.db_table]
    everything = _everything(claims=claim is not None), [participant_id, at, *claimed]
    locked = row = None
    if by.is_active:
        locked, row = rows.fetch_each((_LOCK, [participant_id, by.pk, roles_that_may(act)]), everything)
    if locked is None or row is None:  # with it goes the id that was claimed
        if participants_for(by).filter(pk=participant_id).exists():
            raise Forbidden("role_forbids")
        raise NotFound("no_such_participant")
    participant = rows.taken(Participant, row)
    participant.study, participant.site = rows.taken(Study, row), rows.taken(Site, row)
    participant.regimen = rows.taken(Regimen, row)
    state = rows.take(CurrentState, row) or CurrentState()
    state.participant, state.step, state.period = participant, rows.take(Step, row), rows.take(DosePeriod, row)
    check, in_force, has_alerts, is_signed = rows.take(ConditionCheck, row), next(row), next(row), next(row)
    watch = Watch(policy=kept_policy(in_force), check=check, has_alerts=has_alerts)
    return Held(state=state, by=by, at=at, watch=watch, is_signed=is_signed)
