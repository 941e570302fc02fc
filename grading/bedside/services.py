"""Who takes over says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.bedside.selectors.takeovers import givers_for
from grading.models import Takeover
from regimens.selectors import participant_for

READ_WITHIN = timedelta(hours=1)  # an older page is read again before it is signed off


def take_over(
    participants: Sequence[int], *, read_as_of: datetime, given_by: int | None, by: User, at: datetime
) -> None:
    """All of them, or none. The next handover counts from `read_as_of`: what came after it nobody has read.

    The same page again changes nothing. Raises NotFound, Forbidden, InvalidInput.
    """
    if not participants:
        raise InvalidInput.at("participant", "nobody_to_take_over")
    if not at - READ_WITHIN <= read_as_of <= at:
        raise InvalidInput.at("read_as_of", "handover_too_old")
    for one in participants:
        participant_for(by, one, Act.RECORD)
    if given_by is not None and not givers_for(by, participants).filter(pk=given_by).exists():
        raise InvalidInput.at("given_by", "handed_over_by_nobody")
    with acting(by=by, reason="took over"):
        Takeover.objects.bulk_create(
            [
                Takeover(participant_id=one, by=by, given_by_id=given_by, at=at, read_as_of=read_as_of)
                for one in sorted(set(participants))
            ],
            ignore_conflicts=True,
        )
