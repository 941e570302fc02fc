"""Participants as the API lists them. Who sees the study only, sees no ward, bed, set or grade of now."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import DosePeriod
from regimens.models import Participant
from regimens.selectors import participants_for

FILTERS = {"study": "study__code", "site": "site__code", "number": "number"}


def participants_listed(user: User) -> QuerySet[Participant]:
    """Those the user may see, each with `ward_seen`: whether its bed and state may be shown."""
    on_the_ward = participants_for(user, Act.SEE_WARD).filter(pk=OuterRef("pk"))
    related = ("study", "site", "regimen", "current_state__step")
    listed = participants_for(user).select_related(*related).annotate(ward_seen=Exists(on_the_ward))
    return listed.defer("current_state__fold").order_by("pk")  # the fold is long, and nobody reads it here


def participants_page(
    user: User, *, filters: Mapping[str, Any], limit: int, after: int = 0
) -> tuple[Sequence[Participant], int | None]:
    """At most `limit` after the participant `after`, and where the next page goes on. One query."""
    chosen = {FILTERS[name]: value for name, value in filters.items()}
    participants = list(participants_listed(user).filter(pk__gt=after, **chosen)[: limit + 1])
    return participants[:limit], participants[limit - 1].pk if len(participants) > limit else None


def participant_shown(user: User, participant_id: int) -> tuple[Participant, Sequence[DosePeriod]]:
    """One participant with the steps of the regimen, and its dose periods. NotFound for a stranger."""
    participant = participants_listed(user).prefetch_related("regimen__steps").filter(pk=participant_id).first()
    if participant is None:
        raise NotFound("no_such_participant")
    return participant, list(participant.dose_periods.select_related("step").order_by("dose_number"))
