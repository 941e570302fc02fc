"""Who is told of an alert: people of the site or the study, their contacts, and the endpoints of the study."""

from collections.abc import Sequence

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.database.question import OneOf, Question
from grading.models import Alert, Channel, Contact, Endpoint
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from regimens.models import Membership, Participant, Site, Study

NURSES_FROM_GRADE = 2  # from here on the bedside is paged together with the investigator


def people_to_tell(alert: Alert) -> list[User]:
    """The investigators of the site or of all sites, and from grade 2 the site's nurses.

    Where the site has no investigator who can be reached, every investigator of the study hears of it. Of a look that
    did not come the nurses alone hear, where there are any.
    """
    study, site = alert.participant.study_id, alert.participant.site_id
    at_site = _AT_SITE.all(study=study, site=site)
    nurses = {person for person, role in at_site if role in _NURSES}
    members = {person for person, role in at_site if role not in _NURSES} or set(_INVESTIGATORS.all(study=study))
    if alert.condition in OF_OBSERVATION:
        members = nurses or members
    elif alert.rank >= NURSES_FROM_GRADE:
        members |= nurses
    return _PEOPLE.all(keys=members)


_NURSES = (Role.NURSE.value, Role.CHARGE_NURSE.value)


def _staff(study: int, *roles: str) -> QuerySet[Membership]:
    """Who can be reached."""
    tested = Contact.objects.filter(user=OuterRef("user"), tested_at__isnull=False, ended_at=None)
    reached = ~Q(user__email="") | Exists(tested)
    return Membership.objects.filter(reached, study=study, ended_at=None, user__is_active=True, role__in=roles)


def _here(site: int) -> Q:
    return Q(site=None) | Q(site=site)


_AT_SITE = Question(
    lambda study, site: _staff(study, Role.INVESTIGATOR.value, *_NURSES).filter(_here(site)).values_list("user", "role")
)
_INVESTIGATORS = Question(lambda study: _staff(study, Role.INVESTIGATOR.value).values_list("user", flat=True))


_PEOPLE = Question(lambda keys: User.objects.filter(OneOf("pk", keys, BigIntegerField())).order_by("pk"))


def people_at(study: Study, site: Site) -> list[User]:
    """The investigators and nurses who would be told at this site: `people_to_tell` without an alert."""
    here = Participant(study=study, site=site)
    return people_to_tell(Alert(participant=here, grade=NURSES_FROM_GRADE))


def contacts_to_tell(people: Sequence[User]) -> list[Contact]:
    """Their tested contacts, besides the e-mail address of the account."""
    if not people:
        return []
    return [
        contact
        for contact in _TESTED.all(people=[one.pk for one in people])
        if contact.channel != Channel.EMAIL or contact.address.lower() != contact.user.email.lower()
    ]


_TESTED = Question(
    lambda people: (
        Contact.objects.filter(OneOf("user", people, BigIntegerField()), tested_at__isnull=False, ended_at=None)
        .select_related("user")
        .order_by("pk")
    )
)


def endpoints_to_tell(participant: Participant) -> list[Endpoint]:
    """The active endpoints of the study, for all sites or for hers."""
    return _ENDPOINTS.all(study=participant.study_id, site=participant.site_id)


_ENDPOINTS = Question(lambda study, site: Endpoint.objects.filter(_here(site), study=study, active=True).order_by("pk"))
