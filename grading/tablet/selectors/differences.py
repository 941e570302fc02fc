"""Where a tablet showed another grade than the record gave."""

from uuid import UUID

from django.db.models import F, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from grading.models import GradeDifference
from regimens.selectors import participants_for

SHOWN = 100


def differences_for(user: User) -> QuerySet[GradeDifference]:
    """Of those whose ward this user sees: first what nobody has looked at, the newest first."""
    seen = GradeDifference.objects.filter(participant__in=participants_for(user, Act.SEE_WARD))
    related = seen.select_related("participant__site", "participant__study", "seen_by")
    return related.order_by(F("seen_at").desc(nulls_first=True), "-at", "pk")[:SHOWN]


def difference_for(user: User, fact_id: UUID) -> GradeDifference:
    """To say that it was looked at: the data manager's. NotFound, Forbidden for who may see it alone."""
    here = GradeDifference.objects.filter(pk=fact_id)
    difference = here.filter(participant__in=participants_for(user, Act.DRAFT)).first()
    if difference is not None:
        return difference
    if here.filter(participant__in=participants_for(user, Act.SEE_WARD)).exists():
        raise Forbidden("role_forbids")
    raise NotFound("no_such_record")
