"""What the database says of the alert loop: for probes and operators as it is, for a user what concerns her studies."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Max, Min, Q, QuerySet, Value

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import Question, ReaderQuestion
from crsmonitor.operating.clocks import database_offset
from grading.alerting.delivery import holds, outbox
from grading.alerting.heartbeat import CLOCK, SWEEP
from grading.alerting.services import escalation
from grading.models import Beacon, ChannelOutage, Delivery, DeliveryState, Heartbeat, PhoneTree
from grading.rules.alerting.watchdog import CLOCK_TOLD, Signs, silent_since
from regimens.models import Membership
from regimens.selectors import memberships_of, studies_for


def signs(*, at: datetime) -> Signs:
    """Everything, for whoever watches. Raises DatabaseError."""
    offset = database_offset(at)
    database_at = at + offset
    first_at, received_at = _beacons()
    return Signs(
        oldest_due=_earliest(outbox.oldest_due(at=at), escalation.oldest_due(at=at)),
        swept_at=Heartbeat.objects.filter(name=SWEEP).values_list("at", flat=True).first(),
        beacon_first_at=first_at,
        beacon_at=received_at,
        clock_offset=offset,
        worker_offset=_furthest_worker(database_at),
        held=sum(holds.counts().values()),
        channels=_raised().count(),
        given_up=Delivery.objects.filter(state=DeliveryState.DEAD.value).count(),
    )


def _earliest(*times: datetime | None) -> datetime | None:
    return min((one for one in times if one is not None), default=None)


def _furthest_worker(database_at: datetime) -> timedelta:
    clocks = Heartbeat.objects.filter(
        name__startswith=CLOCK, at__gt=database_at - CLOCK_TOLD, clock_offset__isnull=False
    )
    return max(clocks.values_list("clock_offset", flat=True), key=abs, default=timedelta())


_BEACONS = Question[tuple[datetime | None, datetime | None]](
    lambda: Beacon.objects.order_by().values(every=Value(1)).annotate(first=Min("queued_at"), last=Max("received_at"))
    .values_list("first", "last")
)  # fmt: skip


def _beacons() -> tuple[datetime | None, datetime | None]:
    """When the first on record left, and when one last came back."""
    return _BEACONS.all()[0]


def _raised() -> QuerySet[ChannelOutage]:
    return ChannelOutage.objects.filter(raised_at__isnull=False, resolved_at=None)


@dataclass(frozen=True, slots=True)
class Stripes:
    """What a page of alerts says across the screen."""

    silent_since: datetime | None
    troubles: list[ChannelOutage]
    phone_trees: list["PhoneNumbers"]


def stripes_for(user: User, *, at: datetime) -> Stripes:
    """For the studies of which this user sees a ward."""
    first_at, received_at = _beacons()
    return Stripes(
        silent_since=silent_since(first_at=first_at, received_at=received_at, at=at),
        troubles=_TROUBLES.all(user),
        phone_trees=phone_numbers_for(user),
    )


def troubles_for(user: User) -> QuerySet[ChannelOutage]:
    """Channels of the user's studies, and of people in them, that operators were told of and that fail still."""
    mine = studies_for(user, Act.SEE_WARD)
    colleagues = Membership.objects.filter(study__in=mine, ended_at=None).values("user")
    here = Q(endpoint__study__in=mine) | Q(recipient__in=colleagues)
    return _raised().filter(here).select_related("endpoint__study", "recipient").order_by("raised_at")


_TROUBLES = ReaderQuestion[ChannelOutage](troubles_for)


def phone_trees_for(user: User) -> QuerySet[PhoneTree]:
    """Of the user's studies: that of her sites, and that for all sites."""
    roles = memberships_of(user).values("site")
    everywhere = memberships_of(user).filter(site=None).values("study")
    mine = Q(site=None) | Q(site__in=roles) | Q(study__in=everywhere)
    trees = PhoneTree.objects.filter(mine, study__in=studies_for(user, Act.SEE_WARD))
    return trees.select_related("study", "site").order_by("study__code", F("site__code").asc(nulls_first=True))


class PhoneNumbers(NamedTuple):
    """A phone tree as a page shows it. `site` None: that for all sites."""

    study: str
    site: str | None
    text: str


_NUMBERS = ReaderQuestion[tuple[str, str | None, str]](
    lambda user: phone_trees_for(user).values_list("study__code", "site__code", "text")
)


def phone_numbers_for(user: User) -> list[PhoneNumbers]:
    """The texts of `phone_trees_for`."""
    return [PhoneNumbers(*row) for row in _NUMBERS.all(user)]
