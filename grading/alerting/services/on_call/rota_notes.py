"""Every morning, to whoever is on call at a site within a day: who is on now, and who is next."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from grading.alerting.delivery import outbox
from grading.alerting.selectors.rota import people_of
from grading.models import RotaNote, RotaShift
from regimens.models import Site, Study
from regimens.rules.wall_time import day_at, not_before

# Before the day shift begins, in the time of the site. (Convention: docs/conventions.md.)
SENT_AT = time(6)
AHEAD = timedelta(days=1)


def leave_notes(*, at: datetime) -> int:
    """A message for each person and day, once it is time at her site; doing it again adds nothing. How many left."""
    rows = RotaShift.objects.filter(called_off=False, ends_at__gt=at, starts_at__lt=at + AHEAD)
    places = {(row.study_id, row.site_id): (row.study, row.site) for row in rows.select_related("study", "site")}
    return sum(_leave_notes(study, site, at=at) for study, site in places.values() if _is_time(site, at=at))


def _is_time(site: Site, *, at: datetime) -> bool:
    """Of a worker that was down in the morning it is late, not lost; in the evening nobody waits for it."""
    zone = ZoneInfo(site.time_zone)
    due = not_before(datetime.combine(day_at(at, zone), SENT_AT), zone)
    return due <= at < due + timedelta(hours=6)


def _leave_notes(study: Study, site: Site, *, at: datetime) -> int:
    day = day_at(at, ZoneInfo(site.time_zone)).isoformat()
    shifts = RotaShift.objects.filter(
        study=study, site=site, called_off=False, ends_at__gt=at, starts_at__lt=at + AHEAD
    )
    people = people_of(study, site).filter(pk__in=shifts.values("person")).exclude(email="")
    prefix = f"rota:{study.pk}:{site.pk}:{day}"
    left = set(RotaNote.objects.filter(key__startswith=f"{prefix}:").values_list("recipient_id", flat=True))
    rows = [
        RotaNote(
            key=f"{prefix}:{person.pk}", study=study, site=site, recipient=person, queued_at=at, next_try_at=at
        )
        for person in people
        if person.pk not in left
    ]  # fmt: skip
    return len(outbox.leave(rows)) if rows else 0
