"""Hold a drill, and answer it."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.errors import InvalidInput
from grading.alerting.delivery import outbox, receivers
from grading.alerting.selectors.drills import drill_for
from grading.alerting.selectors.rota import people_on_call
from grading.models import Channel, Drill, DrillMessage
from regimens.models import Participant, Site, Study


def whom(study: Study, site: Site, *, at: datetime) -> list[User]:
    """Who has a shift at the site now; where none of them counts, also whom an alert would tell there."""
    on_call = people_on_call(Participant(study=study, site=site), None, at=at)
    others = [] if on_call.callable else receivers.people_at(study, site)
    return list({one.pk: one for one in (*on_call.reachable, *others)}.values())


@transaction.atomic
def hold(study: Study, site: Site, *, by: str, reason: str, at: datetime) -> Drill:
    """Send a labelled test alert to whom an alert would call now, by every one of their channels.

    Raises InvalidInput where nobody can be told.
    """
    people = whom(study, site, at=at)
    if not people:
        raise InvalidInput("nobody_to_tell", site=site.code)
    drill = Drill.objects.create(study=study, site=site, at=at, by=by[:150], reason=reason[:200])

    def row(person: User, channel: Channel, name: str, **to: object) -> DrillMessage:
        key = f"drill:{drill.pk}:{channel.value}:{name}"
        return DrillMessage(
            key=key, drill=drill, recipient=person, channel=channel, queued_at=at, next_try_at=at, **to
        )  # fmt: skip

    rows = [row(person, Channel.EMAIL, str(person.pk)) for person in people if person.email]
    rows += [
        row(contact.user, Channel(contact.channel), f"contact{contact.pk}", contact=contact)
        for contact in receivers.contacts_to_tell(people)
    ]
    outbox.leave(rows)
    return drill


def answer(drill_id: int, *, by: User, at: datetime) -> None:
    """The person says that it has reached her. The first answer stays. Raises NotFound to whoever was not told."""
    drill = drill_for(by, drill_id)
    DrillMessage.objects.filter(drill=drill, recipient=by, answered_at=None).update(answered_at=at)
