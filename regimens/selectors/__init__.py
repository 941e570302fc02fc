"""Questions about the trial. Every one starts from who is asking: a stranger finds nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, Role, roles_that_may
from crsmonitor.database.any_of import IsAnyOf, Pair
from crsmonitor.database.question import ReaderQuestion
from crsmonitor.errors import Forbidden, NotFound
from regimens.library import Document, plan_of
from regimens.models import (
    CohortClearance,
    Disposition,
    Membership,
    Participant,
    Regimen,
    Site,
    Study,
    StudySite,
    Transfer,
)
from regimens.rules.transfers import site_at
from regimens.rules.wristband import Wristband, look_alikes, wristband

# decisions: an investigator's scope is the study's sites, also when a membership names one of them.
OF_WHOLE_STUDY = (Role.INVESTIGATOR.value, Role.SPONSOR.value)
_WHOLE_STUDY = Q(site=None) | Q(role__in=OF_WHOLE_STUDY)


# participants_for in SQL, for a participant `p`, the user $2 and the roles $3 that may: the one hot read is
# written by hand (grading/recording/holding.py). A test holds that both find the same.
SCOPE_SQL = """
    EXISTS (SELECT FROM regimens_membership m
             WHERE m.user_id = $2 AND m.ended_at IS NULL AND m.study_id = p.study_id AND m.role = ANY($3)
               AND (m.site_id IS NULL OR m.site_id = p.site_id OR m.role IN ('investigator', 'sponsor')))
"""


def memberships_of(user: User) -> QuerySet[Membership]:
    """What the user is, now. Empty for the inactive and the anonymous."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.filter(user=user, ended_at=None)


def needs_second_factor(user: User) -> bool:
    """Whether a study of this person requires one of a role that she has there."""
    return memberships_of(user).filter(study__second_factor_roles__contains=[F("role")]).exists()


def in_reach(user: User, act: Act = Act.SEE_STUDY) -> Q:
    """Of a participant: whether this user may do this act for her.

    Nothing is joined: what she may is asked once, and where to look is said by values, so that it begins with an index.
    """
    that_may = memberships_of(user).filter(role__in=roles_that_may(act))
    studies, places = that_may.filter(_WHOLE_STUDY), that_may.filter(site__isnull=False)
    at_site = Q(IsAnyOf("site_id", places.values("site")))
    at_place = Q(IsAnyOf(Pair("study_id", "site_id"), places.annotate(pair=Pair("study", "site")).values("pair")))
    return Q(IsAnyOf("study_id", studies.values("study"))) | (at_site & at_place)


def participants_for(user: User, act: Act = Act.SEE_STUDY) -> QuerySet[Participant]:
    """The participants for whom this user may do this act. For one of them; a list asks `in_scope` besides."""
    return Participant.objects.filter(in_reach(user, act))


def in_scope(user: User, act: Act = Act.SEE_STUDY, *, of: str = "pk") -> IsAnyOf:
    """The same as a condition on rows: whether `of`, a column with a participant's key, names one of them.

    Their keys are found first, from her memberships on, so that a list of many tables begins with them: a condition
    that is a join would come last, after all rows there are.
    """
    return IsAnyOf(of, participants_for(user, act).values("pk"))


@cache
def _one_for(act: Act) -> ReaderQuestion[Participant]:
    def ask(user: User, key: int) -> QuerySet[Participant]:
        related = ("study", "site", "regimen", "current_state")
        return participants_for(user, act).select_related(*related).filter(pk=key)

    return ReaderQuestion(ask)


def may_for(user: User, participant_id: int, act: Act) -> bool:
    """Whether this user may do this act for this participant."""
    return _one_for(act).exists(user, key=int(participant_id))


def participant_for(user: User, participant_id: int, act: Act = Act.SEE_STUDY) -> Participant:
    """The participant. NotFound for a stranger, Forbidden for somebody who may see but not do this."""
    participant = _one_for(act).first(user, key=int(participant_id))
    if participant is not None:
        return participant
    if act is not Act.SEE_STUDY and may_for(user, participant_id, Act.SEE_STUDY):
        raise Forbidden("role_forbids")
    raise NotFound("no_such_participant")


def _at_the_site(participant: Participant) -> QuerySet[Participant]:
    """Everybody else of any study who is at the participant's site and under observation."""
    ended = Disposition.objects.standing().filter(participant=OuterRef("pk"))
    return Participant.objects.filter(~Exists(ended), site=participant.site_id).exclude(pk=participant.pk)


def wristband_of(participant: Participant) -> Wristband:
    """What is typed at save to show that it is this participant: it tells them from all who are at the site now."""
    others = _at_the_site(participant).values_list("study__code", "number")
    return wristband(participant.study.code, participant.number, others)


def wristbands_of(participants: Iterable[Participant]) -> dict[int, Wristband]:
    """The same of several, by their keys: one query for all."""
    everybody = list(participants)
    ended = Disposition.objects.standing().filter(participant=OuterRef("pk"))
    there = Participant.objects.filter(~Exists(ended), site__in={one.site_id for one in everybody})
    at_site: dict[int, dict[int, tuple[str, str]]] = {}
    for pk, site, study, number in there.values_list("pk", "site", "study__code", "number"):
        at_site.setdefault(site, {})[pk] = (study, number)
    bands = {}
    for one in everybody:
        others = [band for pk, band in at_site.get(one.site_id, {}).items() if pk != one.pk]
        bands[one.pk] = wristband(one.study.code, one.number, others)
    return bands


def look_alikes_of(participant: Participant) -> list[str]:
    """The numbers of others at the site with the same last three characters: told when somebody is enrolled."""
    return look_alikes(participant.number, _at_the_site(participant).values_list("number", flat=True))


def studies_for(user: User, act: Act = Act.SEE_STUDY) -> QuerySet[Study]:
    """The studies in which this user may do this act at one site at least."""
    return Study.objects.filter(
        IsAnyOf("pk", memberships_of(user).filter(role__in=roles_that_may(act)).values("study"))
    )


def sites_for(user: User, study: Study, act: Act = Act.SEE_STUDY) -> QuerySet[Site]:
    """The sites of a study at which this user may do this act, also before their first participant.

    A site is a study's where it was added, somebody works at it, or a participant is.
    """
    mine = memberships_of(user).filter(
        Q(site=OuterRef("pk")) | _WHOLE_STUDY, study=study, role__in=roles_that_may(act)
    )  # fmt: skip
    return sites_of(study).filter(Exists(mine))


def sites_of(study: Study) -> QuerySet[Site]:
    """All sites of a study. For services; a page asks `sites_for`."""
    staffed = Membership.objects.filter(study=study, site__isnull=False, ended_at=None)
    added, takes_part = StudySite.objects.filter(study=study), Participant.objects.filter(study=study)
    of_it = (IsAnyOf("pk", rows.values("site").distinct()) for rows in (added, staffed, takes_part))
    return Site.objects.filter(reduce(or_, map(Q, of_it)))


def zones_of(participant: Participant) -> Callable[[datetime], ZoneInfo]:
    """The zone of the site where this participant is, or was, at an instant."""
    return zones_after(participant, participant.transfers.select_related("from_site", "to_site").order_by("at"))


def zones_after(participant: Participant, transfers: Iterable[Transfer]) -> Callable[[datetime], ZoneInfo]:
    """The same where all transfers are known, in order of time, with their sites."""
    made = list(transfers)
    if not made:
        return lambda _: ZoneInfo(participant.site.time_zone)
    sites = {site.pk: site for one in made for site in (one.from_site, one.to_site)}
    moves = [one.move for one in made]
    return lambda at: ZoneInfo(sites[site_at(moves, at, now=participant.site_id)].time_zone)


def regimens_for(user: User) -> QuerySet[Regimen]:
    """The regimen versions of the user's studies."""
    return (
        Regimen.objects.filter(study__in=studies_for(user))
        .prefetch_related("steps")
        .order_by("code", F("version").desc())
    )


def regimens_of(user: User, study: str) -> QuerySet[Regimen]:
    """The regimen versions of this study. NotFound for a stranger to it."""
    if not studies_for(user).filter(code=study).exists():
        raise NotFound("no_such_study")
    return regimens_for(user).filter(study__code=study)


def regimen_for(user: User, regimen_id: int) -> Regimen:
    """A version of one of the user's studies, with its study and the version before. NotFound for a stranger."""
    regimen = regimens_for(user).select_related("study", "amends").filter(pk=regimen_id).first()
    if regimen is None:
        raise NotFound("no_such_regimen")
    return regimen


def versions_in_force(study: Study) -> list[Regimen]:
    """The newest approved version of each regimen of a study. For services; a page asks `regimens_for`."""
    versions = study.regimens.filter(approved_at__isnull=False).prefetch_related("steps").order_by("code", "-version")
    return list({one.code: one for one in reversed(versions)}.values())


LOOKS = ("vitals_every_h", "neuro_every_h", "risk_window_h")
WINDOW = "window_h"  # hours of observation after the dose, which the gate waits for


def missing_for_enrolment(regimen: Regimen) -> dict[str, list[str]]:
    """What the study has to set before anybody is enrolled: field -> the steps that lack it. Empty: ready.

    No label prints how often to look, or a risk window. The regimen is one that the caller has been let see.
    """
    plan = None if regimen.document is None else plan_of(Document(data=regimen.document, library_id=regimen.library_id))
    missing: dict[str, list[str]] = {name: [] for name in (*LOOKS, WINDOW)}
    for step in sorted(regimen.steps.all(), key=lambda one: one.position):
        if not step.opens_period:
            continue
        for name in LOOKS:
            if getattr(step, name) is None:
                missing[name].append(step.label)
        if plan is not None and not plan.window_known(step.label, regimen.variant or None):
            missing[WINDOW].append(step.label)
    return {name: steps for name, steps in missing.items() if steps}


def cohorts_of(regimen: Regimen) -> list[str]:
    """The names of the cohorts of its plan. Empty: it has none, or was set up by hand and nobody knows them."""
    if regimen.document is None:
        return []
    plan = plan_of(Document(data=regimen.document, library_id=regimen.library_id))
    return [one.name for one in plan.cohorts]


def cleared_up_to(study: Study, cohort: str, *, at: datetime) -> CohortClearance | None:
    """The newest clearance of the cohort. None: nobody has cleared a step, and the gate holds."""
    made = CohortClearance.objects.filter(study=study, cohort=cohort, cleared_at__lte=at)
    return made.select_related("cleared_by").order_by("-cleared_at", "-pk").first()


def roles_of(user: User) -> frozenset[Role]:
    """What the user is, in whichever study, by one question: for menus. An act is checked where it is done."""
    return frozenset(Role(role) for role in _ROLES.all(user))


_ROLES = ReaderQuestion[str](lambda user: memberships_of(user).values_list("role", flat=True).distinct())


def may(user: User, act: Act) -> bool:
    """Whether the user may do this anywhere at all: for menus. The action itself is checked where it is done."""
    return not roles_of(user).isdisjoint(roles_that_may(act))


def works_at(user: User, site_id: int) -> bool:
    """Whether the user sees the ward of this site: at work there, as far as a tablet of the ward goes."""
    studies = studies_for(user, Act.SEE_WARD)
    return any(sites_for(user, study, Act.SEE_WARD).filter(pk=site_id).exists() for study in studies)


def tablet_sites_of(user: User) -> QuerySet[Site]:
    """The sites whose tablets this user looks after: those where she runs a ward; an operator's are all."""
    if user.is_authenticated and user.is_active and user.is_staff:
        return Site.objects.order_by("code")
    studies = studies_for(user, Act.RUN_WARD)
    keys = {key for study in studies for key in sites_for(user, study, Act.RUN_WARD).values_list("pk", flat=True)}
    return Site.objects.filter(pk__in=keys).order_by("code")


def tablet_crew_of(user: User) -> QuerySet[User]:
    """Who works at a site whose tablets this user looks after, as far as a tablet of the ward goes."""
    sites = tablet_sites_of(user)
    studies = Study.objects.filter(
        Q(study_sites__site__in=sites) | Q(participants__site__in=sites)
        | Q(memberships__site__in=sites, memberships__ended_at=None)
    )  # fmt: skip
    here = Q(site__in=sites) | (_WHOLE_STUDY & Q(study__in=studies))
    there = Membership.objects.filter(here, ended_at=None, role__in=roles_that_may(Act.SEE_WARD))
    return User.objects.filter(Exists(there.filter(user=OuterRef("pk")))).order_by("username")
