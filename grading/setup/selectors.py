"""Which studies somebody sets up, and the facts of their checklists."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.db.models import F, Q, QuerySet

from crsmonitor.accounts.invitations import is_open
from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.accounts.roles import Act, Role
from crsmonitor.accounts.selectors import is_operator
from crsmonitor.errors import Forbidden, NotFound
from grading.alerting.selectors.contacts import contacts_of
from grading.alerting.selectors.rota import AHEAD, cover_of, on_call_roles_of
from grading.models import AlertPolicy, PhoneTree
from grading.policies.selectors import policy_in_force
from grading.rules.alerting.on_call.contacts import has_tested
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.setup.readiness import (
    ROLES_ON_CALL,
    Item,
    RegimenFacts,
    RowStanding,
    SiteFacts,
    StudyFacts,
    checklist,
    missing_at,
)
from regimens.models import Membership, Regimen, Site, Study
from regimens.selectors import (
    missing_for_enrolment,
    sites_for,
    sites_of,
    studies_for,
    versions_in_force,
)

LOOKS_AFTER = (Act.DRAFT, Act.APPROVE, Act.RUN_WARD)  # who sees a checklist: whoever does a part of it


def setups_for(user: User) -> QuerySet[Study]:
    """The studies whose checklist this user may see: those they help to set up, and to an operator every one."""
    if is_operator(user):
        return Study.objects.order_by("code")
    mine = Study.objects.none()
    for act in LOOKS_AFTER:
        mine |= studies_for(user, act)
    return mine.order_by("code")


def setup_for(user: User, code: str) -> Study:
    """One of them. Raises NotFound to a stranger."""
    study = None if "\x00" in code else setups_for(user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    return study


def study_to_set_up(user: User, code: str) -> Study:
    """The study that this user may change: a data manager's. Raises NotFound, Forbidden to who may only look."""
    study = setup_for(user, code)
    if not studies_for(user, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    return study


def sites_set_up(user: User, code: str) -> QuerySet[Site]:
    """The sites of one of these studies."""
    return sites_of(setup_for(user, code)).order_by("code")


def places_to_enrol(user: User) -> list[tuple[Study, Site]]:
    """Where this user enrols: the sites at which she records, of each study."""
    studies = studies_for(user, Act.RECORD).order_by("code")
    return [(study, site) for study in studies for site in sites_for(user, study, Act.RECORD).order_by("code")]


def site_to_enrol_at(user: User, study: str, site: str) -> tuple[Study, Site]:
    """One of them. NotFound to a stranger, Forbidden to who may see the study and enrols nobody there."""
    trial = None if "\x00" in study else studies_for(user).filter(code=study).first()
    if trial is None or "\x00" in site:
        raise NotFound("no_such_study")
    place = sites_for(user, trial, Act.RECORD).filter(code=site).first()
    if place is None:
        raise (
            Forbidden("role_forbids") if sites_for(user, trial).filter(code=site).exists() else NotFound("no_such_site")
        )
    return trial, place


def may_enrol_at(user: User, study: Study) -> QuerySet[Site]:
    """The sites of a study at which this user enrols."""
    return sites_for(user, study, Act.RECORD)


def versions_to_enrol_under(user: User, study: Study) -> list[Regimen]:
    """The versions in force that say everything that is asked of a regimen. Empty for a stranger."""
    if not studies_for(user).filter(pk=study.pk).exists():
        return []
    return [one for one in versions_in_force(study) if one.tightening_decided and not missing_for_enrolment(one)]


def data_managers_of(user: User, study: Study) -> list[User]:
    """Who sets up one of these studies, by name."""
    return _data_managers(study) if setups_for(user).filter(pk=study.pk).exists() else []


def _data_managers(study: Study) -> list[User]:
    here = Membership.objects.filter(study=study, role=Role.DATA_MANAGER.value, ended_at=None)
    return list(User.objects.filter(pk__in=here.values("user"), is_active=True).order_by("username"))


def facts_for(user: User, code: str, *, at: datetime) -> StudyFacts:
    """What is set up of one of these studies."""
    return facts_of(setup_for(user, code), at=at)


def facts_of(study: Study, *, at: datetime) -> StudyFacts:
    """What is set up of a study at `at`. For services, not for pages."""
    members = list(Membership.objects.filter(study=study, ended_at=None, user__is_active=True))
    in_force = versions_in_force(study)
    newer = {one.code: one.version for one in in_force}
    waiting = [one for one in study.regimens.order_by("code", "version") if one.version > newer.get(one.code, 0)]
    return StudyFacts(
        sites=tuple(_site_facts(study, site, members, at=at) for site in sites_of(study).order_by("code")),
        has_data_manager=any(one.role == Role.DATA_MANAGER for one in members),
        regimens=tuple(_regimen_facts(one) for one in in_force),
        drafts=tuple(str(one) for one in waiting),
        policy_in_force=policy_in_force(study, at=at) is not None,
        policy_drafted=AlertPolicy.objects.filter(study=study, in_force_from=None).exists(),
        tokens=ApiToken.objects.filter(
            user__in=[one.user_id for one in members], expires_at__gt=at, revoked_at=None
        ).count(),
    )  # fmt: skip


def _regimen_facts(regimen: Regimen) -> RegimenFacts:
    return RegimenFacts(
        name=str(regimen), missing=missing_for_enrolment(regimen), tightening_decided=regimen.tightening_decided
    )


def _site_facts(study: Study, site: Site, members: list[Membership], *, at: datetime) -> SiteFacts:
    roles = _roles_at(site, members)
    on_call = on_call_roles_of(study, site)
    ways = contacts_of(roles)
    tested = {person for person in roles if has_tested(ways[person], gateways=settings.GATEWAYS)}
    can_be_called = {role for person in tested for role in roles[person]}
    cover = cover_of(study, site, start=at, end=at + AHEAD)
    return SiteFacts(
        code=site.code,
        zone_known=site.time_zone in available_timezones(),
        roles=frozenset(role for own in roles.values() for role in own),
        on_call=tuple(on_call),
        callable=frozenset(one for one in OnCallRole if ROLES_ON_CALL[one] & can_be_called),
        rota_gaps=frozenset(gap.on_call_role for gap in cover.gaps),
        has_phone_tree=PhoneTree.objects.filter(Q(site=site) | Q(site=None), study=study).exists(),
    )


def _roles_at(site: Site, members: list[Membership]) -> dict[int, set[Role]]:
    """Key of a person -> the roles that hold at this site; an investigator's hold at every site of the study."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for one in members:
        if one.site_id in (None, site.pk) or one.role in (Role.INVESTIGATOR, Role.SPONSOR):
            roles[one.user_id].add(Role(one.role))
    return dict(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in a role. `is_invited`: she has not chosen a password yet; `tested`: an alert can reach her."""

    membership: Membership
    is_invited: bool
    tested: bool


def members_of(user: User, study: Study) -> list[Member]:
    """The people of a study that this user sets up, by name; whoever has left comes last. Empty for others."""
    if not studies_for(user, Act.DRAFT).filter(pk=study.pk).exists():
        return []
    rows = Membership.objects.filter(study=study).select_related("user", "site")
    rows = rows.order_by(F("ended_at").desc(nulls_first=True), "user__username", "role", "pk")
    ways = contacts_of({row.user_id for row in rows})
    gateways = settings.GATEWAYS
    return [
        Member(membership=row, is_invited=is_open(row.user), tested=has_tested(ways[row.user_id], gateways=gateways))
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A study in which nobody is enrolled yet, for somebody who works in it. `missing`: rows of the checklist.

    `asks_for_channel`: some role on call has nobody with a tested channel, and this user answers alerts there.
    """

    study: Study
    missing: int
    sees_checklist: bool
    data_managers: list[User]
    enrols_at: list[Site]
    asks_for_channel: bool


def beginnings_for(user: User, *, at: datetime) -> list[Beginning]:
    """The user's studies without a participant, and what is missing in each."""
    studies = studies_for(user).filter(participants__isnull=True).order_by("code")
    checklists = set(setups_for(user).values_list("pk", flat=True))
    return [_beginning(user, one, sees=one.pk in checklists, at=at) for one in studies]


def _beginning(user: User, study: Study, *, sees: bool, at: datetime) -> Beginning:
    rows = checklist(facts_of(study, at=at))
    channels = any(row.item is Item.CHANNELS and row.standing is RowStanding.MISSING for row in rows)
    ready = [site for site in sites_for(user, study, Act.RECORD) if not missing_at(rows, site.code)]
    return Beginning(
        study=study, missing=sum(row.standing is RowStanding.MISSING for row in rows), sees_checklist=sees,
        data_managers=_data_managers(study), enrols_at=sorted(ready, key=lambda site: site.code),
        asks_for_channel=channels and studies_for(user, Act.ACKNOWLEDGE).filter(pk=study.pk).exists(),
    )  # fmt: skip
