"""Since when a handover counts: who took each participant over last, and from whom it may be taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from grading.bedside.selectors.board_order import SHIFT
from grading.bedside.selectors.ward import BoardRow
from grading.models import Takeover
from grading.models.on_call import RotaShift
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Membership
from regimens.selectors import participants_for

OF_THE_WARD = (OnCallRole.ASSIGNED_NURSE.value, OnCallRole.CHARGE_NURSE.value)
Place = tuple[int, int]  # a study and a site of it
LONGEST = timedelta(hours=72)  # before that nobody reads on from where somebody signed off


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverStart:
    """`takeover` None: nobody took over within LONGEST. `by_rota`: then a shift of the rota began it, else SHIFT."""

    at: datetime
    takeover: Takeover | None = None
    by_rota: bool = False


def shifts_began(rows: Iterable[BoardRow], *, at: datetime) -> dict[Place, datetime]:
    """When the shift that is running began on the rota of each study and site; where it says nothing, a shift's time
    ago.
    """
    places = {_place(row) for row in rows}
    running = RotaShift.objects.filter(
        site__in={site for _study, site in places}, on_call_role__in=OF_THE_WARD, called_off=False,
        starts_at__lte=at, starts_at__gt=at - SHIFT,
    )  # fmt: skip
    newest = running.order_by().values("study", "site").annotate(began=Max("starts_at"))
    began = {(study, site): when for study, site, when in newest.values_list("study", "site", "began")}
    return {place: began.get(place, at - SHIFT) for place in places}


def _place(row: BoardRow) -> Place:
    return row.participant.study_id, row.participant.site_id


def starts_of(rows: Sequence[BoardRow], *, at: datetime) -> dict[int, HandoverStart]:
    """By participant. Of rows that the reader was given. Two queries, however many they are."""
    otherwise = {
        place: HandoverStart(at=began, by_rota=began > at - SHIFT) for place, began in shifts_began(rows, at=at).items()
    }
    newest = (
        Takeover.objects.filter(
            participant__in=[row.participant.pk for row in rows], read_as_of__gt=at - LONGEST, read_as_of__lte=at
        )
        .select_related("by", "given_by")
        .order_by("participant", "-read_as_of", "-pk")
        .distinct("participant")
    )
    taken = {one.participant_id: HandoverStart(at=one.read_as_of, takeover=one) for one in newest}
    return {row.participant.pk: taken.get(row.participant.pk, otherwise[_place(row)]) for row in rows}


def may_take_over(user: User, rows: Iterable[BoardRow]) -> frozenset[int]:
    """Of these, whom she may record about: who only reads the ward takes nobody over."""
    ids = [row.participant.pk for row in rows]
    return frozenset(participants_for(user, Act.RECORD).filter(pk__in=ids).values_list("pk", flat=True))


def givers_for(user: User, participants: Iterable[int]) -> QuerySet[User]:
    """The others who may record about any of these: one of them hands over."""
    theirs = participants_for(user, Act.RECORD).filter(pk__in=list(participants))
    where = Q(site=None) | Q(site__in=theirs.values("site"))
    working = Membership.objects.filter(
        where, user=OuterRef("pk"), ended_at=None, study__in=theirs.values("study"),
        role__in=roles_that_may(Act.RECORD),
    )  # fmt: skip
    return User.objects.filter(Exists(working), is_active=True).exclude(pk=user.pk).order_by("username")
