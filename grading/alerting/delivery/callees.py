"""Who is called, and by which ways, at one instant: asked once of a study and site, however many alerts ask.

Nothing is kept beyond the batch of alerts it was made for: whoever is put on a rota a moment later is called by the
next one.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import TypeVar, cast

from crsmonitor.accounts.models import User
from grading.alerting.delivery import receivers
from grading.alerting.selectors.rota import OnCall, escalation_steps_of, people_on_call
from grading.models import Alert, Contact, Endpoint
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from regimens.models import Participant

T = TypeVar("T")


class Callees:
    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self._answers: dict[Hashable, object] = {}

    def steps(self, participant: Participant) -> list[PlannedEscalation]:
        return self._once(("steps", *_place(participant)), lambda: escalation_steps_of(participant))

    def on_call(self, participant: Participant, roles: Sequence[OnCallRole]) -> OnCall:
        about = ("on_call", *_place(participant), *roles)
        return self._once(about, lambda: people_on_call(participant, roles, at=self.at))

    def everybody(self, alert: Alert) -> list[User]:
        """Who is told where nobody has the turn. As `receivers.people_to_tell` asks: of what kind it is, how high."""
        nurses_too = alert.rank >= receivers.NURSES_FROM_GRADE
        about = ("everybody", *_place(alert.participant), alert.condition in OF_OBSERVATION, nurses_too)
        return self._once(about, lambda: receivers.people_to_tell(alert))

    def contacts(self, people: Sequence[User]) -> list[Contact]:
        about = ("contacts", *(one.pk for one in people))
        return self._once(about, lambda: receivers.contacts_to_tell(people))

    def endpoints(self, participant: Participant) -> list[Endpoint]:
        return self._once(("endpoints", *_place(participant)), lambda: receivers.endpoints_to_tell(participant))

    def _once(self, about: Hashable, ask: Callable[[], T]) -> T:
        if about not in self._answers:
            self._answers[about] = ask()
        return cast("T", self._answers[about])


def _place(participant: Participant) -> tuple[int, int]:
    return participant.study_id, participant.site_id
