"""Who is told of an alert: people of the site or the study, their contacts, and the endpoints of the study."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from grading.models import Alert, Channel, Contact, Endpoint
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from regimens.models import Membership, Participant, Site, Study

NURSES_FROM_GRADE = 2  # from here on the bedside is paged together with the investigator


def people_to_tell(alert: Alert) -> QuerySet[User]:
    """The investigators of the site or of all sites, and from grade 2 the site's nurses.

    Where the site has no investigator who can be reached, every investigator of the study hears of it. Of a look that
    did not come the nurses alone hear, where there are any.
    """
    participant = alert.participant
    here = Q(site=None) | Q(site=participant.site_id)
    tested = Contact.objects.filter(user=OuterRef("user"), tested_at__isnull=False, ended_at=None)
    staff = Membership.objects.filter(
        ~Q(user__email="") | Exists(tested), study=participant.study_id, ended_at=None, user__is_active=True
    )
    investigators = staff.filter(role=Role.INVESTIGATOR.value)
    at_site = investigators.filter(here)
    members = at_site if at_site.exists() else investigators
    nurses = staff.filter(here, role__in=[Role.NURSE.value, Role.CHARGE_NURSE.value])
    if alert.condition in OF_OBSERVATION:
        members = nurses if nurses.exists() else members
    elif alert.rank >= NURSES_FROM_GRADE:
        members = members | nurses
    return User.objects.filter(pk__in=members.values("user")).order_by("pk")


def people_at(study: Study, site: Site) -> QuerySet[User]:
    """The investigators and nurses who would be told at this site: `people_to_tell` without an alert."""
    here = Participant(study=study, site=site)
    return people_to_tell(Alert(participant=here, grade=NURSES_FROM_GRADE))


def contacts_to_tell(people: Sequence[User]) -> list[Contact]:
    """Their tested contacts, besides the e-mail address of the account."""
    if not people:
        return []
    tested = Contact.objects.filter(user__in=people, tested_at__isnull=False, ended_at=None).select_related("user")
    return [
        contact
        for contact in tested.order_by("pk")
        if contact.channel != Channel.EMAIL or contact.address.lower() != contact.user.email.lower()
    ]


def endpoints_to_tell(participant: Participant) -> QuerySet[Endpoint]:
    """The active endpoints of the study, for all sites or for hers."""
    here = Q(site=None) | Q(site=participant.site_id)
    return Endpoint.objects.filter(here, study=participant.study_id, active=True).order_by("pk")
