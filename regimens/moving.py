"""Moving a participant to another site of the study: a record of its own, never an edit."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from crsmonitor.pages.notices import hint
from regimens.models import Membership, Participant, Site, Stay, StayEnd, Transfer
from regimens.selectors import participant_for


def sites_to(participant: Participant) -> list[Site]:
    """The other sites of the study: where somebody works for it."""
    staffed = Membership.objects.filter(study=participant.study_id, ended_at=None, site__isnull=False)
    return list(Site.objects.filter(pk__in=staffed.values("site")).exclude(pk=participant.site_id).order_by("code"))


@transaction.atomic
def transfer(*, participant_id: int, to: Site, because: str, by: User, at: datetime) -> Transfer:
    """From `at`, which is now, this participant is at another site; doses given before stay where they were given.

    Raises NotFound, Forbidden for who does not run the ward, InvalidInput at the field: another study's site, the same
    one, no reason, or a stay that nobody has ended.
    """
    participant_for(by, participant_id, Act.RUN_WARD)
    participant = Participant.objects.select_for_update(no_key=True).get(pk=participant_id)
    if to.pk not in [site.pk for site in sites_to(participant)]:
        raise InvalidInput.at("to", "not_another_site_of_the_study")
    if not because.strip():
        raise InvalidInput.at("because", "say_why_moved")
    if _is_in_bed(participant):
        raise InvalidInput.at("to", "stay_is_open")
    with acting(by=by, reason=because.strip()):
        made = Transfer.objects.create(
            participant=participant, from_site_id=participant.site_id, to_site=to, at=at, because=because.strip(),
            recorded_by=by,
        )  # fmt: skip
        participant.site = to
        participant.save(update_fields=["site"])
    for site_id in (made.from_site_id, to.pk):
        hint(participant.study_id, site_id, participant.pk)
    return made


def _is_in_bed(participant: Participant) -> bool:
    """Whether the newest stay has no end."""
    newest = Stay.objects.standing().filter(participant=participant).order_by("-observed_at").first()
    if newest is None:
        return False
    return not StayEnd.objects.standing().filter(participant=participant, stay__root=newest.root).exists()
