"""What is said of a grade that a tablet showed otherwise."""

from datetime import datetime
from uuid import UUID

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.models import GradeDifference
from grading.tablet.selectors.differences import difference_for


def look_at_difference(fact_id: UUID, *, because: str, by: User, at: datetime) -> None:
    """Once: what was said first stands. Raises NotFound, Forbidden, InvalidInput without a reason."""
    difference = difference_for(by, fact_id)
    if not because.strip():
        raise InvalidInput.at("because", "difference_says_why")
    with acting(by=by, reason=because.strip()):
        waiting = GradeDifference.objects.filter(pk=difference.pk, seen_at=None)
        waiting.update(seen_at=at, seen_by=by, because=because.strip()[:300])
