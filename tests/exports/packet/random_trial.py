"""A trial at random, a record a time: late entries, corrections, withdrawals, moves, judgements and answers."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.models import Alert, AlertState, Episode, GradeAssessment
from grading.recording.rederiving import rederive_participant
from regimens.facts import Fact, Source
from regimens.models import Dose, DoseCheck, DoseEnd, Measurement, MissedObservationReason, Participant, Stay, StayEnd
from regimens.moving import transfer
from tests.builders import World, dose, draft, hour, neuro, stay, treatment, vitals

DAYS = 24
OF_FACT = {"id", "supersedes", "root", "recorded_at", "recorded_by", "withdrawn", "reason", "digest"}


@dataclass
class RandomTrial:
    """Facts are kept as they come, and derived in one go by `settle`: at every instant the server knows what it is."""

    world: World
    seed: int
    participants: list[Participant] = field(default_factory=list)
    standing: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.participants.append(self.world.participant)

    def enrol(self) -> None:
        with acting(by="test", reason="enrolled"):
            self.participants.append(Participant.objects.create(
                study=self.world.study, site=self.world.site, regimen=self.world.regimen,
                number=f"DEMO-{len(self.participants) + 1:03}",
            ))  # fmt: skip

    def begin(self, participant: Participant) -> None:
        """A stay, and the three doses of the plan, a week from each other."""
        self._keep(stay(self.world, -2), participant)
        for place in range(3):
            self._keep(dose(self.world, place * 168 + self.dice.randint(0, 9), step=place), participant)

    def happen(self) -> None:
        """One more record: most are new, a fifth corrects or takes back one that stands."""
        if self.dice.random() < 0.2 and self.standing:
            return self._correct(self.dice.choice(self.standing))
        participant = self.dice.choice(self.participants)
        makers = (self._vitals,) * 6 + (self._neuro,) * 3 + (
            self._treatment, self._check, self._missed_reason, self._assessment, self._weight, self._infusion_end
        )  # fmt: skip
        made = self.dice.choice(makers)(participant)
        if made is not None:
            self._keep(made, participant)
        return None

    def move(self) -> None:
        """Whoever lies in no bed is moved to the other site."""
        participant = self.participants[-1]
        bed: Any = self._one(Stay, participant)  # None: somebody took it back
        if bed is not None:
            self._keep(draft(StayEnd, self.world, 24 * DAYS, stay=bed), participant)
        to = self.world.other_site
        transfer(participant_id=participant.pk, to=to, because="moved", by=self.world.charge_nurse, at=timezone.now())

    def answer(self) -> None:
        waiting = list(Alert.objects.filter(state=AlertState.OPEN.value).order_by("observed_at", "pk"))
        if waiting:
            acknowledge(str(self.dice.choice(waiting).pk), by=self.world.investigator, at=timezone.now())

    def settle(self) -> None:
        for participant in self.participants:
            rederive_participant(participant.pk, check=False, at=timezone.now(), by="test")

    # --- What happens ---------------------------------------------------------------------------

    def _keep(self, made: Any, participant: Participant) -> None:
        made.participant, made.source, made.digest = participant, Source.IMPORT, "0" * 64
        second = isinstance(made, DoseCheck)  # somebody else than who recorded the dose
        made.recorded_by = self.world.charge_nurse if second else self.world.nurse
        made.recorded_at = timezone.now()
        made.save()
        self.standing = [one for one in self.standing if one.pk != made.supersedes_id]
        if not made.withdrawn:
            self.standing.append(made)

    def _correct(self, old: Any) -> None:
        values = {f.name: getattr(old, f.name) for f in old._meta.concrete_fields if f.name not in OF_FACT}
        new = type(old)(
            **values, id=uuid.uuid4(), supersedes=old, root=old.root, reason="it was wrong",
            withdrawn=self.dice.random() < 0.4,
        )  # fmt: skip
        new.observed_at = old.observed_at if self.dice.random() < 0.5 else hour(self._h())
        if hasattr(new, "temperature_c"):
            new.temperature_c = Decimal(self.dice.choice(("36.9", "38.4", "39.5")))
        self._keep(new, old.participant)

    def _h(self) -> float:
        return self.dice.randint(0, 24 * DAYS * 4) / 4

    def _vitals(self, participant: Participant) -> Fact:
        ill = self.dice.random() < 0.5
        changes: dict[str, Any] = {"temperature_c": self.dice.choice((38.2, 39.1, 40.0))} if ill else {}
        if ill and self.dice.random() < 0.4:
            changes |= {"sbp": 84, "hypotension": True, "fluid_bolus": True}
        if ill and self.dice.random() < 0.3:
            changes |= {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 4, "spo2": 88}
        return vitals(self.world, self._h(), **changes)

    def _neuro(self, participant: Participant) -> Fact:
        ill = {"ice_naming": 0, "consciousness": "voice"} if self.dice.random() < 0.3 else {}
        return neuro(self.world, self._h(), **ill)

    def _treatment(self, participant: Participant) -> Fact:
        drug = self.dice.choice((("tocilizumab", "anticytokine"), ("dexamethasone", "corticosteroid")))
        return treatment(self.world, self._h(), *drug, "crs", dose=Decimal(10), unit="mg")

    def _check(self, participant: Participant) -> Fact | None:
        given = self._one(Dose, participant)
        return None if given is None else draft(DoseCheck, self.world, self._h(), dose=given)

    def _infusion_end(self, participant: Participant) -> Fact | None:
        given: Any = self._one(Dose, participant)
        if given is None:
            return None
        ended = draft(DoseEnd, self.world, 0, dose=given)
        ended.observed_at = given.observed_at + timedelta(hours=self.dice.choice((1, 3)))
        return ended

    def _missed_reason(self, participant: Participant) -> Fact:
        due = hour(self.dice.choice((4, 8, 12, 172, 176)))
        return draft(
            MissedObservationReason, self.world, self._h(), observation_kind="vitals", due_at=due, because="off_ward"
        )

    def _weight(self, participant: Participant) -> Fact:
        return draft(Measurement, self.world, self._h(), kind="weight_kg", value=Decimal(self.dice.randint(50, 90)))

    def _assessment(self, participant: Participant) -> Fact | None:
        known = list(Episode.objects.filter(participant=participant).order_by("started_at", "kind", "provisional"))
        if not known:
            return None
        one = self.dice.choice(known)
        return draft(
            GradeAssessment, self.world, self._h(), about="episode", about_root=one.root, kind=one.kind,
            ledger="investigator", agrees=False, grade=self.dice.randint(0, 4), because="as I saw it",
            derived_grade=one.max_grade, derived_at_most=one.at_most,
        )  # fmt: skip

    def _one(self, model: type[Fact], participant: Participant) -> Fact | None:
        mine = [one for one in self.standing if isinstance(one, model) and one.participant_id == participant.pk]
        return self.dice.choice(mine) if mine else None
