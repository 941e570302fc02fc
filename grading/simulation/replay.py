"""Real vital signs of intensive care, recorded through the door of the bedside: gaps, artefacts and all.

The file has a row for each hour of a stay. Hour 0 stands for the first dose, though no drug was given, and
nobody in the file had CRS: the grades say what the algorithm does with such vitals, and nothing else.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput
from grading.alerting.services.escalation import call_first
from grading.models import Alert, Delivery, Episode, VitalSigns
from grading.policies.library import read_policy
from grading.policies.services import load_policy
from grading.recording.record import Recorded, record
from grading.simulation.icu_file import Row
from regimens.facts import Source
from regimens.models import Dose, Membership, Participant, Regimen, Site, Stay, Step, StepKind, Study, Unit

ROOM_AIR_PERCENT = 21  # what the air holds; more says that oxygen is given, not through which device
WHO = "replay"  # the nurse account that records; it cannot sign in and has no address
BY = "command:replay_icu"
SITE = "ICU-REPLAY"
WHY = "replay of intensive-care vital signs"
IN_FORCE_FROM = datetime(2000, 1, 1, tzinfo=UTC)  # whatever hour 0 is chosen
NAMESPACE = uuid.UUID("6f0c1a52-7a55-5d0e-9a44-2f3c1b7f0d11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is taken to be so although the file does not say it."""

    room_air: bool = False
    no_support: bool = False

    @property
    def study_code(self) -> str:
        """A study for each choice: what was assumed must not stand beside what was not."""
        return "ICU" + "-AIR" * self.room_air + "-NOSUP" * self.no_support

    @property
    def sentences(self) -> list[str]:
        """Each assumption in words."""
        air = f"room air in every set without an FiO2 above {ROOM_AIR_PERCENT} %"
        support = "no vasopressor and no fluid bolus in any set; hypotension is left to the systolic pressure"
        return [air] * self.room_air + [support] * self.no_support


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTrial:
    """Where the replay is recorded, and by whom."""

    study: Study
    site: Site
    step: Step
    by: User


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOutcome:
    """What became of one row: kept, or refused as at the bedside."""

    row: Row
    recorded: Recorded | None = None
    refused: InvalidInput | None = None


# --- The trial ----------------------------------------------------------------------------------------------


def prepare(assumed: Assumptions) -> ReplayTrial:
    """The study of these assumptions, made where it is not there. Nobody in it can be paged.

    Raises Forbidden where its names belong to somebody else.
    """
    with acting(by=BY, reason=WHY):
        by = User.objects.filter(username=WHO).first() or User.objects.create_user(WHO)
        if by.email or by.has_usable_password():
            raise Forbidden("recorder_is_a_person", user=WHO)
        place = {"name": "Replayed intensive care", "country": "USA", "time_zone": "UTC"}
        site, _ = Site.objects.get_or_create(code=SITE, defaults=place)
        title = "; ".join(["Replayed vital signs, no CRS", *assumed.sentences])[:200]
        study, made = Study.objects.get_or_create(code=assumed.study_code, defaults={"title": title})
        if made:
            _furnish(study, site, by)
        elif not study.memberships.filter(user=by).exists():
            raise Forbidden("not_a_replay", study=study.code)
    return ReplayTrial(study=study, site=site, step=Step.objects.get(regimen__study=study), by=by)


def _furnish(study: Study, site: Site, by: User) -> None:
    Membership.objects.create(user=by, study=study, site=site, role=Role.NURSE.value)
    regimen = Regimen.objects.create(
        study=study, code="NONE", title="No drug: hour 0 of the stay stands for the first dose", drug="none",
        source="Not a regimen: the stays of the file are replayed as if a dose had been given at hour 0.",
        approved_at=IN_FORCE_FROM, approved_because=WHY, untightened_because=WHY,
    )  # fmt: skip
    Step.objects.create(
        regimen=regimen, position=1, label="HOUR 0", kind=StepKind.TARGET, planned_dose=1, unit="mg", planned_day=1
    )
    load_policy(read_policy(), study=study, by=BY, reason=WHY, at=IN_FORCE_FROM)


def admit(trial: ReplayTrial, stay: int, *, start: datetime) -> Participant:
    """The stay's participant, in a bed and dosed at `start`. Raises KeyReused where another start was taken before."""
    with acting(by=BY, reason=WHY):
        participant, _ = Participant.objects.get_or_create(
            study=trial.study, number=_number(trial, stay), defaults={"site": trial.site, "regimen": trial.step.regimen}
        )
    bed = {"kind": "icu", "ward": "ICU", "bed": f"{stay:03}"}
    dose = {"step": trial.step, "amount": trial.step.planned_dose, "unit": Unit.MG, "route": "INTRAVENOUS"}
    for model, columns in ((Stay, bed), (Dose, dose)):
        common = {"id": _id(trial, stay, model.__name__), "participant": participant, "source": Source.IMPORT}
        fact = model(observed_at=start, **common | columns)
        record(fact, by=trial.by, at=start)
    return participant


def _number(trial: ReplayTrial, stay: int) -> str:
    return f"{trial.study.code}-{stay:03}"


def _id(trial: ReplayTrial, stay: int, what: str) -> uuid.UUID:
    """The same at every run, so that a set that is there is known. The study's code holds the assumptions."""
    return uuid.uuid5(NAMESPACE, f"{trial.study.code}/{stay}/{what}")


# --- The replay ---------------------------------------------------------------------------------------------


def replay(
    rows: Iterable[Row], trial: ReplayTrial, assumed: Assumptions, *, start: datetime
) -> Iterator[ReplayOutcome]:
    """Record row after row, each in a transaction of its own and at the moment it was measured."""
    participant: Participant | None = None
    stay: int | None = None
    for row in rows:
        if participant is None or row.stay != stay:
            participant, stay = admit(trial, row.stay, start=start), row.stay
        vitals = draft(row, trial, participant, assumed, start=start)
        try:
            recorded = record(vitals, by=trial.by, at=vitals.observed_at)
            for alert in recorded.alerts:
                call_first(alert.pk, at=vitals.observed_at)
            yield ReplayOutcome(row=row, recorded=recorded)
        except InvalidInput as refused:  # a ward would measure again, a file cannot
            yield ReplayOutcome(row=row, refused=refused)


def draft(
    row: Row, trial: ReplayTrial, participant: Participant, assumed: Assumptions, *, start: datetime
) -> VitalSigns:
    """The row as a set: what the file does not say stays unsaid, but for what is assumed."""
    fio2 = row.values.get("fio2_percent")
    on_oxygen = fio2 is not None and fio2 > ROOM_AIR_PERCENT
    return VitalSigns(
        id=_id(trial, row.stay, str(row.hour)),
        participant=participant,
        observed_at=start + timedelta(hours=row.hour),
        source=Source.IMPORT,
        oxygen_device="room_air" if assumed.room_air and not on_oxygen else None,
        vasopressors=[] if assumed.no_support else None,
        fluid_bolus=False if assumed.no_support else None,
        **row.values,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayStanding:
    """What stands of some stays when a replay ends, from this run and earlier ones."""

    episodes: int
    provisional: int
    alerts: Counter[int]  # by grade
    deliveries: int


def standing(trial: ReplayTrial, stays: Iterable[int]) -> ReplayStanding:
    here = trial.study.participants.filter(number__in=[_number(trial, stay) for stay in stays])
    episodes = Episode.objects.filter(participant__in=here)
    return ReplayStanding(
        episodes=episodes.filter(provisional="").count(),
        provisional=episodes.exclude(provisional="").count(),
        alerts=Counter(Alert.objects.filter(participant__in=here).values_list("grade", flat=True)),
        deliveries=Delivery.objects.filter(alert__participant__in=here).count(),
    )
