"""Who is called for a participant: the escalation steps that apply, and the shifts of the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from crsmonitor.database.question import OneOf, Question
from grading.alerting.selectors.contacts import contacts_of
from grading.models import Escalation, EscalationStep, RotaShift
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.contacts import has_tested, reachable
from grading.rules.alerting.on_call.rota import (
    Gap,
    NotCallable,
    OnCallRole,
    Shift,
    gaps,
    keys_on_call,
    now_and_next,
    why_not_callable,
)
from regimens.models import Participant, Site, Study
from regimens.rules.wall_time import midnight
from regimens.selectors import sites_for

AHEAD = timedelta(days=7)  # how far a rota is shown, and its gaps told


def escalation_steps_of(participant: Participant) -> list[PlannedEscalation]:
    """Those of the site, else of the study. Empty: the study has none."""
    escalation_steps = _STEPS.all(study=participant.study_id)
    own = [step for step in escalation_steps if step.site_id == participant.site_id]
    chosen = own or [step for step in escalation_steps if step.site_id is None]
    return [
        PlannedEscalation(on_call_role=OnCallRole(step.on_call_role), wait=timedelta(minutes=step.wait_minutes))
        for step in chosen
    ]


_STEPS = Question(lambda study: EscalationStep.objects.filter(study=study, active=True).order_by("position"))


def shifts_now(participant: Participant, *, at: datetime) -> list[Shift]:
    """The shifts at the participant's site that hold at `at`."""
    return [as_shift(row) for row in _SHIFTS.all(study=participant.study_id, site=participant.site_id, at=at)]


_SHIFTS = Question(
    lambda study, site, at: RotaShift.objects.filter(
        study=study, site=site, called_off=False, starts_at__lte=at, ends_at__gt=at
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Who is on call now. `callable`: who is waited for. `reachable`: they, and who is told although nobody waits.

    `passed_over`: by key, who counts as nobody. Somebody whose channels were never tested is told at the address of
    the account all the same.
    """

    callable: list[User]
    reachable: list[User]
    passed_over: dict[int, NotCallable]


def people_on_call(participant: Participant, on_call_roles: Iterable[OnCallRole] | None, *, at: datetime) -> OnCall:
    """At the participant's site at `at`; `on_call_roles` None: any."""
    wanted = list(OnCallRole if on_call_roles is None else on_call_roles)
    shifts = shifts_now(participant, at=at) if wanted else []
    keys = {key for on_call_role in wanted for key in keys_on_call(shifts, on_call_role, at=at)}
    nobody = not_callable(participant.study, participant.site, keys)
    people = _BY_NAME.all(keys=keys)
    untested = {key for key, why in nobody.items() if why is NotCallable.NO_TESTED_CHANNEL}
    return OnCall(
        callable=[one for one in people if one.pk not in nobody],
        reachable=[one for one in people if one.pk not in nobody or (one.pk in untested and one.email)],
        passed_over=nobody,
    )


_BY_NAME = Question(lambda keys: User.objects.filter(OneOf("pk", keys, BigIntegerField())).order_by("username"))


def with_passed_over(made: Iterable[Escalation]) -> list[Escalation]:
    """The escalations of an alert that somebody was shown, each with `passed`: (person, why) of whom it passed over."""
    escalations = list(made)
    names = User.objects.in_bulk({person["person"] for one in escalations for person in one.passed_over})
    for one in escalations:
        one.passed = [(names[person["person"]], person["why"]) for person in one.passed_over]  # type: ignore[attr-defined]
    return escalations


def as_shift(row: RotaShift) -> Shift:
    return Shift(
        on_call_role=OnCallRole(row.on_call_role), person=row.person_id, starts_at=row.starts_at, ends_at=row.ends_at
    )


def rota_for(user: User, study: Study, site: Site, *, start: datetime, end: datetime) -> list[RotaShift]:
    """The shifts of a site that this user may see, from `start` to `end`. Empty for a stranger."""
    if not sites_for(user, study, Act.SEE_WARD).filter(pk=site.pk).exists():
        return []
    rows = RotaShift.objects.filter(study=study, site=site, called_off=False, ends_at__gt=start, starts_at__lt=end)
    return list(rows.select_related("person").order_by("starts_at", "on_call_role", "pk"))


def week_of(study: Study, site: Site, monday: date) -> list[RotaShift]:
    """The shifts that begin in the week of that Monday, as the site's calendar has it."""
    zone = ZoneInfo(site.time_zone)
    start, end = (midnight(monday + timedelta(days=days), zone) for days in (0, 7))
    rows = RotaShift.objects.filter(study=study, site=site, called_off=False, starts_at__gte=start, starts_at__lt=end)
    return list(rows.order_by("starts_at", "on_call_role", "pk"))


def standing_shifts(study: Study, site: Site, *, at: datetime) -> QuerySet[RotaShift]:
    """The shifts of a site that are neither called off nor over."""
    rows = RotaShift.objects.filter(study=study, site=site, called_off=False, ends_at__gt=at)
    return rows.select_related("person").order_by("starts_at", "on_call_role", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallRow:
    """One role: the shifts that hold now, and those that begin next, together. Either may be empty."""

    on_call_role: OnCallRole
    now: tuple[RotaShift, ...]
    next: tuple[RotaShift, ...]


def now_and_next_of(study: Study, site: Site, *, at: datetime) -> list[OnCallRow]:
    """For each role that the escalation pages here or that somebody has within AHEAD."""
    rows = {as_shift(row): row for row in standing_shifts(study, site, at=at).filter(starts_at__lt=at + AHEAD)}
    paged = {step.on_call_role for step in escalation_steps_of(Participant(study=study, site=site))}
    roles = [role for role in OnCallRole if role in paged | {shift.on_call_role for shift in rows}]
    return [
        OnCallRow(
            on_call_role=one.on_call_role,
            now=tuple(rows[shift] for shift in one.now),
            next=tuple(rows[shift] for shift in one.next),
        )
        for one in now_and_next(rows, roles, at=at)
    ]


def own_shifts(person: User, *, start: datetime, end: datetime) -> list[RotaShift]:
    """Her own shifts, at every site where she may still answer: what her calendar shows."""
    rows = RotaShift.objects.filter(person=person, called_off=False, ends_at__gt=start, starts_at__lt=end)
    shifts = list(rows.select_related("study", "site").order_by("starts_at", "pk"))
    places = {(one.study_id, one.site_id): (one.study, one.site) for one in shifts}
    open_to = {place for place, (study, site) in places.items() if people_of(study, site).filter(pk=person.pk).exists()}
    return [one for one in shifts if (one.study_id, one.site_id) in open_to]


def not_callable(study: Study, site: Site, people: Iterable[int]) -> dict[int, NotCallable]:
    """Of these people, by key, who counts as nobody on the rota of this site, and why."""
    keys = set(people)
    if not keys:
        return {}
    active = set(User.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True))
    may_answer = set(people_of(study, site).filter(pk__in=keys).values_list("pk", flat=True))
    ways = contacts_of(keys)
    reasons = {}
    for key in keys:
        why = why_not_callable(
            is_active=key in active,
            may_answer=key in may_answer,
            tested=has_tested(ways[key], gateways=settings.GATEWAYS),
        )
        if why is not None:
            reasons[key] = why
    return reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is wrong with a rota. `no_escalation_steps`: nobody is called by turns, everybody who may answer at once.

    `not_called`: who is on it and counts as nobody, so that these hours are gaps. `unreachable`: the others who have
    no two tested channels.
    """

    no_escalation_steps: bool
    gaps: list[Gap]
    not_called: list[tuple[User, NotCallable]]
    unreachable: list[User]

    def __bool__(self) -> bool:
        return self.no_escalation_steps or bool(self.gaps or self.not_called or self.unreachable)


def on_call_roles_of(study: Study, site: Site) -> list[OnCallRole]:
    """The on-call roles that the escalation of a site, else of its study, pages in turn. Empty: nobody by turns."""
    steps = EscalationStep.objects.filter(Q(site=site) | Q(site=None), study=study, active=True).order_by("position")
    own = [step for step in steps if step.site_id] or steps
    return [OnCallRole(step.on_call_role) for step in own]


def cover_of(study: Study, site: Site, *, start: datetime, end: datetime) -> Cover:
    """The hours from `start` to `end` without somebody who can be called in a role of the steps, and who cannot be."""
    on_call_roles = on_call_roles_of(study, site)
    rows = RotaShift.objects.filter(study=study, site=site, called_off=False, ends_at__gt=start, starts_at__lt=end)
    shifts = list(rows.select_related("person"))
    people = {row.person_id: row.person for row in shifts}
    ways, nobody = contacts_of(people), not_callable(study, site, people)
    counted = [as_shift(row) for row in shifts if row.person_id not in nobody]
    others = [key for key in sorted(people) if key not in nobody]
    return Cover(
        no_escalation_steps=not on_call_roles,
        gaps=gaps(counted, dict.fromkeys(on_call_roles), start=start, end=end),
        not_called=[(people[key], nobody[key]) for key in sorted(nobody)],
        unreachable=[people[key] for key in others if not reachable(ways[key])],
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
