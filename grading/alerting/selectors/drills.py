"""Drills: the sites to try, the one a person was told of, and who answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.errors import NotFound
from grading.models import Drill, DrillMessage, RotaShift
from regimens.models import Membership, Participant, Site, Study


def drill_sites(study: Study, *, code: str | None = None) -> QuerySet[Site]:
    """The sites of a study that have participants, people or shifts; only the one with this code, where it is given."""
    mine = {"study": study, "site": OuterRef("pk")}
    sites = Site.objects.filter(
        Exists(Participant.objects.filter(**mine))
        | Exists(Membership.objects.filter(**mine, ended_at=None))
        | Exists(RotaShift.objects.filter(**mine, called_off=False))
    )
    return sites.filter(Q() if code is None else Q(code=code)).order_by("code")


def drill_for(user: User, drill_id: int) -> Drill:
    """A drill of which this person was told. Raises NotFound to everybody else."""
    own_messages = DrillMessage.objects.filter(drill=OuterRef("pk"), recipient=user)
    drill = Drill.objects.filter(Exists(own_messages), pk=drill_id).select_related("study", "site").first()
    if drill is None:
        raise NotFound("no_such_drill")
    return drill


def answered(user: User, drill: Drill) -> datetime | None:
    """When this person answered it. None: not yet."""
    first = DrillMessage.objects.filter(drill=drill, recipient=user, answered_at__isnull=False).first()
    return first.answered_at if first else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What became of a drill for one person. `took`: from the start of the drill to the answer; None: no answer."""

    person: User
    messages: list[DrillMessage]
    took: timedelta | None


def drill_report(drill_id: int | None) -> tuple[Drill, list[Reached]]:
    """One drill, the newest where none is named, and its people in order of name. Raises NotFound."""
    drills = Drill.objects.select_related("study", "site").order_by("-at", "-pk")
    drill = drills.first() if drill_id is None else drills.filter(pk=drill_id).first()
    if drill is None:
        raise NotFound("no_such_drill")
    by_person: dict[User, list[DrillMessage]] = {}
    for message in drill.messages.select_related("recipient", "contact").order_by("recipient__username", "key"):
        by_person.setdefault(message.recipient, []).append(message)
    reached = []
    for person, messages in by_person.items():
        when = min((m.answered_at for m in messages if m.answered_at), default=None)
        reached.append(Reached(person=person, messages=messages, took=when - drill.at if when else None))
    return drill, reached
