"""How many alerts a user's studies and sites lived with. Counts only: no participant, no person."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateTimeField, Exists, Func, Max, Min, OuterRef, Q, QuerySet, Value

from crsmonitor.accounts.models import User
from crsmonitor.database import replica
from crsmonitor.errors import NotFound
from grading.models import LEFT, Alert, AlertEvent, AlertState, Delivery, DosePeriod, Purpose
from grading.rules.alerting.burden import QUARTER, Burden, Line, Raised, Sent, Watched, bounds, burden_of, together
from regimens.models import DoseStatus, Participant, Site, Study
from regimens.rules.wall_time import day_at
from regimens.selectors import participants_for, sites_for, studies_for

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NO_POLICY = 0  # of an alert that is told in every study, in one that has none


@dataclass(frozen=True, slots=True, kw_only=True)
class BurdenOfPlace:
    """The lines of one study: over all its sites that the user may see (`site` None), or of one of them."""

    study: Study
    site: Site | None
    lines: dict[Line, Burden]


def places_for(user: User) -> list[tuple[Study, list[Site]]]:
    """The studies and their sites whose counts this user may see. Raises NotFound where there is none."""
    studies = list(studies_for(user).order_by("code"))
    if not studies:
        raise NotFound("no_such_page")
    return [(study, _with_participants(sites_for(user, study), study)) for study in studies]


def _with_participants(sites: QuerySet[Site], study: Study) -> list[Site]:
    """Where nobody is enrolled yet there is nothing to count."""
    return list(sites.filter(participants__study=study).distinct().order_by("code"))


def newest_day(places: list[tuple[Study, list[Site]]], *, at: datetime) -> date:
    """The date at the site where the day is the furthest."""
    zones = {site.time_zone for _study, sites in places for site in sites}
    return max((day_at(at, ZoneInfo(zone)) for zone in zones), default=at.date())


def burden_for(user: User, *, first: date, last: date, at: datetime) -> list[BurdenOfPlace]:
    """Each study, then its sites, over the days of each site from `first` to `last`, never beyond `at`.

    Which they are is asked of the database; what is counted there, of a replica where there is one.
    """
    return replica.read(partial(_counted, user, places_for(user), first=first, last=last, at=at))


def _counted(
    user: User, places_seen: list[tuple[Study, list[Site]]], *, first: date, last: date, at: datetime
) -> list[BurdenOfPlace]:
    places = []
    for study, sites in places_seen:
        ours = [
            BurdenOfPlace(study=study, site=site, lines=_of_site(user, study, site, first=first, last=last, at=at))
            for site in sites
        ]
        if ours:
            places += [BurdenOfPlace(study=study, site=None, lines=together([one.lines for one in ours])), *ours]
    return places


def _of_site(user: User, study: Study, site: Site, *, first: date, last: date, at: datetime) -> dict[Line, Burden]:
    zone = ZoneInfo(site.time_zone)
    start, end = bounds(first, last, zone)
    end = min(end, at)
    here = participants_for(user).filter(study=study, site=site)
    acted = AlertEvent.objects.filter(alert=OuterRef("pk"), state=AlertState.ACTED_ON.value)
    messages = Delivery.objects.filter(alert=OuterRef("pk"), state__in=LEFT).order_by("channel").values("channel")
    alerts = Alert.objects.filter(participant__in=here, raised_at__gte=start, raised_at__lt=end).order_by()
    alike = {"quarter": _quarter_of("raised_at"), "acted": Exists(acted), "told_by": ArraySubquery(messages.distinct())}
    columns = ("thresholds", "policy__version", *alike)
    rows = alerts.annotate(**alike).values_list(*columns).annotate(count=Count("pk"))
    raised = [
        Raised(
            at=max(quarter, start), codes=tuple(codes), policy=version or NO_POLICY, acted_on=acted_on,
            channels=frozenset(channels), count=count,
        )
        for codes, version, quarter, acted_on, channels, count in rows
    ]  # fmt: skip
    periods = DosePeriod.objects.filter(participant__in=here).exclude(dose__status=DoseStatus.NOT_GIVEN)
    spans = periods.order_by().values_list("participant").annotate(
        start=Min("started_at"), end=Max("ended_at"), open=Count("pk", filter=Q(ended_at=None))
    )  # fmt: skip
    watched = [Watched(start=since, end=None if goes_on else until) for _pk, since, until, goes_on in spans]
    return burden_of(raised, watched, _sent(here, start=start, end=end), zone=zone, start=start, end=end)


def _sent(here: QuerySet[Participant], *, start: datetime, end: datetime) -> Iterator[Sent]:
    """The messages of alerts of these participants that left in that time."""
    left = Delivery.objects.filter(alert__participant__in=here, sent_at__gte=start, sent_at__lt=end)
    columns = ("quarter", "channel", "purpose", "alert__thresholds", "alert__policy__version")
    rows = left.order_by().annotate(quarter=_quarter_of("sent_at")).values_list(*columns).annotate(count=Count("pk"))
    for quarter, channel, purpose, codes, version, count in rows:
        yield Sent(
            at=max(quarter, start), channel=channel, stand_down=purpose == Purpose.STAND_DOWN, codes=tuple(codes),
            policy=version or NO_POLICY, count=count,
        )  # fmt: skip


def _quarter_of(column: str) -> Func:
    """The quarter of an hour in which it was: alerts and messages are counted by the server, not one by one here."""
    return Func(Value(QUARTER), column, Value(EPOCH), function="date_bin", output_field=DateTimeField())


def by_study(places: list[BurdenOfPlace]) -> list[tuple[Study, list[BurdenOfPlace]]]:
    """The same, a study at a time."""
    studies: dict[Study, list[BurdenOfPlace]] = defaultdict(list)
    for one in places:
        studies[one.study].append(one)
    return list(studies.items())
