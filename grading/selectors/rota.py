"""Who is called for a participant: the ladder that applies, and the shifts of the site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from grading.models import LadderRung, RotaShift
from grading.rules.contacts import reachable
from grading.rules.escalation import Rung
from grading.rules.rota import Duty, Gap, Shift, gaps
from grading.selectors.contacts import contacts_of
from regimens.models import Participant, Site, Study
from regimens.selectors import sites_for

AHEAD = timedelta(days=7)  # how far a rota is shown, and its gaps told


def ladder_of(participant: Participant) -> list[Rung]:
    """The rungs of the site, else of the study. Empty: the study has no ladder."""
    rungs = list(LadderRung.objects.filter(study=participant.study_id, active=True).order_by("position"))
    own = [rung for rung in rungs if rung.site_id == participant.site_id]
    chosen = own or [rung for rung in rungs if rung.site_id is None]
    return [Rung(duty=Duty(rung.duty), wait=timedelta(minutes=rung.wait_minutes)) for rung in chosen]


def shifts_now(participant: Participant, *, at: datetime) -> list[Shift]:
    """The shifts at the participant's site that hold at `at`."""
    rows = RotaShift.objects.filter(study=participant.study_id, site=participant.site_id, called_off=False)
    return [as_shift(row) for row in rows.filter(starts_at__lte=at, ends_at__gt=at)]


def as_shift(row: RotaShift) -> Shift:
    return Shift(duty=Duty(row.duty), person=row.person_id, starts_at=row.starts_at, ends_at=row.ends_at)


def rota_for(user: User, study: Study, site: Site, *, start: datetime, end: datetime) -> list[RotaShift]:
    """The shifts of a site that this user may see, from `start` to `end`. Empty for a stranger."""
    if not sites_for(user, study, Act.SEE_WARD).filter(pk=site.pk).exists():
        return []
    rows = RotaShift.objects.filter(study=study, site=site, called_off=False, ends_at__gt=start, starts_at__lt=end)
    return list(rows.select_related("person").order_by("starts_at", "duty", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is wrong with a rota. `no_ladder`: nobody is called by turns, everybody who may answer at once."""

    no_ladder: bool
    gaps: list[Gap]
    unreachable: list[User]

    def __bool__(self) -> bool:
        return self.no_ladder or bool(self.gaps or self.unreachable)


def cover_of(study: Study, site: Site, *, start: datetime, end: datetime) -> Cover:
    """The hours from `start` to `end` without somebody on a duty of the ladder, and who has no two tested channels."""
    rungs = [rung for rung in LadderRung.objects.filter(study=study, active=True) if rung.site_id in (None, site.pk)]
    own = [rung for rung in rungs if rung.site_id] or rungs
    duties = [Duty(rung.duty) for rung in sorted(own, key=lambda rung: rung.position)]
    rows = RotaShift.objects.filter(study=study, site=site, called_off=False, ends_at__gt=start, starts_at__lt=end)
    shifts = list(rows.select_related("person"))
    people = {row.person_id: row.person for row in shifts}
    ways = contacts_of(people)
    return Cover(
        no_ladder=not duties,
        gaps=gaps(map(as_shift, shifts), dict.fromkeys(duties), start=start, end=end),
        unreachable=[person for key, person in sorted(people.items()) if not reachable(ways[key])],
    )


def people_of(study: Study, site: Site) -> QuerySet[User]:
    """Who may be put on the rota of a site: the people who may answer its alerts."""
    here = Q(memberships__site=None) | Q(memberships__site=site)
    return (
        User.objects.filter(
            here, is_active=True, memberships__study=study, memberships__ended_at=None,
            memberships__role__in=roles_that_may(Act.ACKNOWLEDGE),
        )
        .distinct()
        .order_by("username")
    )  # fmt: skip
