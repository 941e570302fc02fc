"""What somebody else recorded of a participant meanwhile: two tablets at one bed, and both facts stand."""

from dataclasses import dataclass
from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.bedside.kinds import PAGES, shown_at
from regimens.facts import Fact
from regimens.selectors import participants_for

KINDS = ("vitals", "neuro", "treatment", "dose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """`at`: at the bedside. `by`: the sign-in name. `address`: where it shows."""

    kind: str
    by: str
    at: datetime
    address: str


def beside(user: User, participant_id: int, *, since: datetime) -> Beside | None:
    """The newest that stands of what another person recorded of this participant since then. None: nothing, or nothing
    that this user may see.
    """
    if not participants_for(user, Act.SEE_WARD).filter(pk=participant_id).exists():
        return None
    newest = [(fact.recorded_at, kind, fact) for kind in KINDS if (fact := _newest(user, participant_id, kind, since))]
    if not newest:
        return None
    _recorded_at, kind, fact = max(newest, key=lambda one: one[0])
    return Beside(kind=kind, by=fact.recorded_by.get_username(), at=fact.observed_at, address=shown_at(kind, fact))


def _newest(user: User, participant_id: int, kind: str, since: datetime) -> Fact | None:
    facts = PAGES[kind].form.model.objects.standing().filter(participant=participant_id, recorded_at__gt=since)
    return facts.exclude(recorded_by=user).select_related("recorded_by").order_by("-recorded_at").first()
