"""A series comes in and is kept; what of it is to be graded goes into the review queue."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Max, Min

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.intake.selectors import participants_by_usubjid
from grading.intake.services.taking_in import Import, take_in
from grading.intake.streams.selectors import series_of
from grading.models import DeviceReading, IntakeDoor, IntakeEntry
from grading.rules.grades.entry.limits import LIMITS
from grading.rules.intake.reasons import reason
from grading.rules.intake.received import Received, RowKind, digest_of, key_of
from grading.rules.intake.streams.thinning import QUIET, Thinned, ThinnedBy, start_of, thin
from regimens.models import Participant
from regimens.selectors import participants_for

AHEAD = timedelta(minutes=5)  # of a device's clock
BACK = QUIET + timedelta(minutes=30)  # whatever came in since is thinned again: its slots may be over by now


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReading:
    """One value as it was sent. `subject`: USUBJID."""

    subject: str
    at: datetime
    celsius: Decimal


def keep_series(device: str, sent: Sequence[SentReading], *, by: User, at: datetime) -> dict[str, int]:
    """What became of them: kept, known, unknown_participant, in_future, outside_human_range. A sustained fever among
    them is in the queue when this returns."""
    people = participants_by_usubjid(by, [one.subject for one in sent])
    counts: Counter[str] = Counter(received=len(sent))
    rows: dict[tuple[int, datetime], DeviceReading] = {}
    for one in sent:
        person = people.get(one.subject)
        if person is None:
            counts["unknown_participant"] += 1
        elif one.at > at + AHEAD:
            counts["in_future"] += 1
        elif LIMITS["temperature_c"].refuses(one.celsius):
            counts["outside_human_range"] += 1
        else:
            rows.setdefault((person.pk, one.at), DeviceReading(
                participant=person, device=device, at=one.at, temperature_c=one.celsius, received_at=at, sent_by=by,
            ))  # fmt: skip
    new = [row for key, row in rows.items() if key not in _known(device, rows.values())]
    DeviceReading.objects.bulk_create(new, ignore_conflicts=True)
    counts["kept"] = len(new)
    counts["known"] = counts["received"] - sum(counts[name] for name in _OTHERS)
    for person in {row.participant_id: row.participant for row in new}.values():
        since = min(row.at for row in new if row.participant_id == person.pk)
        _propose(person, device, since=since, by=by, at=at, only=ThinnedBy.CROSSING)
    return {name: counts[name] for name in ("received", "known", *_OTHERS)}


_OTHERS = ("kept", "unknown_participant", "in_future", "outside_human_range")


def _known(device: str, rows: Iterable[DeviceReading]) -> set[tuple[int, datetime]]:
    some = list(rows)
    if not some:
        return set()
    held = DeviceReading.objects.filter(
        device=device, participant__in={row.participant_id for row in some},
        at__range=(min(row.at for row in some), max(row.at for row in some)),
    )  # fmt: skip
    return set(held.values_list("participant_id", "at"))


def thin_lately(*, at: datetime) -> int:
    """How many sets were proposed of what came in lately. For the clock; what is proposed already is not again."""
    lately = DeviceReading.objects.filter(received_at__gte=at - BACK, received_at__lte=at)
    proposed = 0
    for row in lately.values("participant", "device").annotate(since=Min("at"), last=Max("id")).order_by("participant"):
        by = User.objects.get(pk=DeviceReading.objects.values_list("sent_by", flat=True).get(pk=row["last"]))
        participant = participants_for(by, Act.RECORD).filter(pk=row["participant"]).first()
        if participant is not None:  # who sent it may not record there any more: nobody answers for it
            proposed += _propose(participant, row["device"], since=row["since"], by=by, at=at)
    return proposed


def _propose(
    participant: Participant, device: str, *, since: datetime, by: User, at: datetime, only: ThinnedBy | None = None
) -> int:
    series = series_of(participant, device, since=start_of(since, QUIET), until=at + AHEAD)
    chosen = [one for one in thin(series, until=at) if only is None or one.by is only]
    subject = _usubjid_of(participant)
    entries = [_received(one, device, subject, place) for place, one in enumerate(chosen)]
    known = set(IntakeEntry.objects.filter(key__in=[one.key for one in entries]).values_list("key", "digest"))
    fresh = [one for one in entries if (one.key, one.digest) not in known]
    if fresh:
        sha256 = hashlib.sha256("".join(one.digest for one in fresh).encode()).hexdigest()
        take_in(Import(door=IntakeDoor.STREAM.value, origin=device, sha256=sha256, entries=fresh), by=by, at=at)
    return len(fresh)


def _received(one: Thinned, device: str, subject: str, place: int) -> Received:
    at, celsius = one.reading.at, f"{one.reading.celsius.normalize():f}"
    spike = (reason("not_confirmed"),) if one.by is ThinnedBy.SPIKE else ()
    return Received(
        place=place, key=key_of("stream", subject, device, one.by.value, one.since.isoformat()),
        digest=digest_of([at.isoformat(), celsius]), subject=subject, kind=RowKind.VITALS, observed_at=at,
        gives={"temperature_c": celsius}, reasons=spike,
    )  # fmt: skip


def _usubjid_of(participant: Participant) -> str:
    first = participant.transfers.select_related("from_site").order_by("at").first()
    site = participant.site if first is None else first.from_site
    return f"{participant.study.code}-{site.code}-{participant.number}"
