"""Participants as the API lists them. Who sees the study only, sees no ward, bed, set or grade of now."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import CurrentState, DosePeriod
from regimens.models import Participant
from regimens.selectors import in_reach, in_scope, participants_for

FILTERS = {"study": "study__code", "site": "site__code", "number": "number"}


def participants_listed(user: User) -> QuerySet[Participant]:
    """Those the user may see, each with `ward_seen`: whether its bed and state may be shown."""
    ward_seen = ExpressionWrapper(in_reach(user, Act.SEE_WARD), output_field=BooleanField())
    state = Prefetch("current_state", CurrentState.objects.defer("fold").prefetch_related("step"))  # the fold is long
    listed = participants_for(user).annotate(ward_seen=ward_seen).order_by("pk")
    return listed.prefetch_related("study", "site", "regimen", state)  # no join: for those of the page alone


def participants_page(
    user: User, *, filters: Mapping[str, Any], limit: int, after: int = 0
) -> tuple[Sequence[Participant], int | None]:
    """At most `limit` after the participant `after`, and where the next page goes on. As many queries for one as for
    all.
    """
    chosen = {FILTERS[name]: value for name, value in filters.items()}
    mine = participants_listed(user).filter(in_scope(user), pk__gt=after, **chosen)  # by key, from hers on
    participants = list(mine[: limit + 1])
    return participants[:limit], participants[limit - 1].pk if len(participants) > limit else None


def participant_shown(user: User, participant_id: int) -> tuple[Participant, Sequence[DosePeriod]]:
    """One participant with the steps of the regimen, and its dose periods. NotFound for a stranger."""
    participant = participants_listed(user).prefetch_related("regimen__steps").filter(pk=participant_id).first()
    if participant is None:
        raise NotFound("no_such_participant")
    return participant, list(participant.dose_periods.select_related("step").order_by("dose_number"))
