"""What the entry pages show around their form: who it is, where, and what was seen before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import ReaderQuestion
from grading.bedside.selectors.ward import BoardRow, board_row
from grading.course.watched import unrecorded_in_scope
from grading.models import CurrentState, NeuroAssessment, VitalSigns
from grading.recording.doubts import set_before
from grading.rules.grades.entry.checks import Doubt, contradictions, doubts
from grading.rules.grades.entry.limits import CHANGES, LIMITS
from grading.rules.grades.entry.numbers import exact
from regimens.models import Dose, DoseEnd, Participant, Stay, StayEnd, Step
from regimens.selectors import participant_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedside:
    participant: Participant
    state: CurrentState
    at: datetime

    @property
    def row(self) -> BoardRow:
        """As the board has it; read where it is shown, which a tablet's entries are not."""
        return board_row(self.participant, at=self.at)


def bedside(user: User, participant_id: int, act: Act, *, at: datetime) -> Bedside:
    """The participant as the banner shows them, also before the first fact. NotFound, Forbidden."""
    participant = participant_for(user, participant_id, act)
    state = state_of(participant)
    participant.current_state = state
    return Bedside(participant=participant, state=state, at=at)


def state_of(participant: Participant) -> CurrentState:
    """Where they stand; before the first fact a row that is not kept."""
    try:
        return participant.current_state
    except ObjectDoesNotExist:
        return CurrentState(participant=participant)


def without_facts(user: User) -> list[Participant]:
    """Enrolled, and nothing is recorded yet: they have no place on the board."""
    return _WITHOUT_FACTS.all(user)


def _without_facts(user: User) -> QuerySet[Participant]:
    mine = Participant.objects.filter(unrecorded_in_scope(user))
    return mine.select_related("site", "study").order_by("site__code", "number")


_WITHOUT_FACTS = ReaderQuestion[Participant](_without_facts)


def steps_of(participant: Participant) -> list[Step]:
    return list(participant.regimen.steps.order_by("position"))


def running_dose(participant: Participant) -> Dose | None:
    """The newest dose given whose end is not recorded. None: there is none."""
    doses = Dose.objects.standing().filter(participant=participant, amount__isnull=False).select_related("step")
    newest = doses.order_by("-observed_at").first()
    if newest is None or DoseEnd.objects.standing().filter(dose__root=newest.root).exists():
        return None  # also where the dose was corrected since its end was recorded
    return newest


def running_stay(participant: Participant) -> Stay | None:
    """The newest stay, where nobody recorded its end. None: the participant is not in hospital."""
    newest = Stay.objects.standing().filter(participant=participant).order_by("-observed_at").first()
    ends = StayEnd.objects.standing().filter(stay__root=newest.root) if newest is not None else StayEnd.objects.none()
    return None if newest is None or ends.exists() else newest


def last_neuro(participant: Participant, *, before: datetime | None = None) -> NeuroAssessment | None:
    """The newest assessment (before an instant)."""
    observations = NeuroAssessment.objects.standing().filter(participant=participant)
    return (
        (observations if before is None else observations.filter(observed_at__lt=before))
        .order_by("-observed_at")
        .first()
    )


def unconfirmed(vitals: VitalSigns) -> list[Doubt]:
    """Rare values that were kept at once and have not been typed a second time."""
    earlier = set_before(vitals)
    values: Mapping[str, Decimal | None] = {name: exact(getattr(vitals, name)) for name in LIMITS}
    previous = {name: exact(getattr(earlier, name, None)) for name in CHANGES}
    questionable = doubts(values, device=vitals.oxygen_device, previous=previous)
    questions = (*contradictions(questionable), *(doubt for doubt in questionable if not doubt.refuses))
    first: dict[str, Doubt] = {}  # one question at each number, however much is doubtful about it
    for doubt in questions:
        first.setdefault(doubt.field, doubt)
    return [doubt for doubt in first.values() if doubt.field not in vitals.retyped]
