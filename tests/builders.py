"""A small world for tests: one study at two sites, its people, and a participant dosed at hour 0."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.alerting.services.escalation import call_first
from grading.models import Alert, AlertPolicy, NeuroAssessment, Treatment, VitalSigns
from grading.recording.record import Recorded, record
from regimens.facts import Fact, Source
from regimens.models import Dose, Membership, Participant, Regimen, Site, Stay, Step, StepKind, Study, Unit

Kind = TypeVar("Kind", bound=Fact)

HOUR_0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
THRESHOLDS = [
    {"code": "new_grade", "kind": "crs", "from_grade": 1, "source": "test"},
    {"code": "tocilizumab", "kind": "crs", "from_grade": 2, "source": "test"},
    {"code": "corticosteroid", "kind": "crs", "from_grade": 3, "source": "test"},
    {"code": "new_grade", "kind": "icans", "from_grade": 1, "source": "test"},
    {"code": "corticosteroid", "kind": "icans", "from_grade": 2, "source": "test"},
]
# What a study says itself when it adopts a regimen, because no label prints it: without it none is adopted.
RISK_WINDOWS = {"risk_window_h": 168}


def hour(h: float) -> datetime:
    """So many hours after the first dose."""
    return HOUR_0 + timedelta(hours=h)


@dataclass
class World:
    study: Study
    site: Site
    other_site: Site
    regimen: Regimen
    steps: list[Step]
    participant: Participant
    nurse: User
    charge_nurse: User
    investigator: User
    data_manager: User
    sponsor: User
    outsider: User  # a real nurse, at the other site
    policy: AlertPolicy


def signature(who: User) -> dict[str, str]:
    """What she types to sign: of a person made by `person`."""
    return {"name": who.username, "password": f"{who.username}-password"}


def person(name: str, study: Study, role: Role, site: Site | None = None) -> User:
    user = User.objects.create_user(name, email=f"{name}@example.org", password=f"{name}-password")
    Membership.objects.create(user=user, study=study, site=site, role=role.value)
    return user


def build_world(code: str = "DEMO", *, risk_window_h: int | None = None) -> World:
    with acting(by="test", reason="a world for a test"):
        study = Study.objects.create(code=code, title="Demo trial")
        site = Site.objects.create(code=f"{code}-TPE", name="Taipei", country="TWN", time_zone="Asia/Taipei")
        other_site = Site.objects.create(code=f"{code}-PAR", name="Paris", country="FRA", time_zone="Europe/Paris")
        regimen = Regimen.objects.create(
            study=study, code="STEP", title="Step-up", drug="demo", approved_at=hour(-1000), approved_because="test"
        )
        plan = [("STEP-UP 1", 5, 1), ("STEP-UP 2", 25, 8), ("FULL DOSE 1", 200, 15)]
        steps = [
            Step.objects.create(
                regimen=regimen, position=place, label=label, planned_dose=dose, unit="mg", planned_day=day,
                kind=StepKind.TARGET if dose == 200 else StepKind.STEP_UP, inpatient_h=24, vitals_every_h=4,
                neuro_every_h=8, risk_window_h=risk_window_h,
            )
            for place, (label, dose, day) in enumerate(plan, start=1)
        ]  # fmt: skip
        name = code.lower()
        return World(
            study=study, site=site, other_site=other_site, regimen=regimen, steps=steps,
            participant=Participant.objects.create(study=study, site=site, number=f"{code}-001", regimen=regimen),
            nurse=person(f"{name}.nurse", study, Role.NURSE, site),
            charge_nurse=person(f"{name}.charge", study, Role.CHARGE_NURSE, site),
            investigator=person(f"{name}.investigator", study, Role.INVESTIGATOR),
            data_manager=person(f"{name}.data", study, Role.DATA_MANAGER, site),
            sponsor=person(f"{name}.sponsor", study, Role.SPONSOR),
            outsider=person(f"{name}.outsider", study, Role.NURSE, other_site),
            policy=AlertPolicy.objects.create(
                study=study, version=1, title="Test policy", thresholds=THRESHOLDS, in_force_from=hour(-1000)
            ),
        )  # fmt: skip


def kept(fact: Any, world: World, *, by: User | None = None, at: datetime | None = None) -> Recorded:
    """Record a draft as the nurse, at the moment it was observed unless `at` says otherwise; signed if it has to be.

    What it raises is called for at the same moment, as a worker does right after.
    """
    recorded = recorded_only(fact, world, by=by, at=at)
    call_raised(*recorded.alerts, at=at or fact.observed_at)
    return recorded


def recorded_only(fact: Any, world: World, *, by: User | None = None, at: datetime | None = None) -> Recorded:
    """The same, and no worker has come yet."""
    return record(fact, by=by or world.nurse, at=at or fact.observed_at, proof=Proof.PASSWORD)


def call_raised(*alerts: Alert, at: datetime) -> None:
    """Take the first step of whatever waits for it, and have these alerts say so."""
    for pk in Alert.objects.filter(pages_sent=0, escalate_at__isnull=False).values_list("pk", flat=True):
        call_first(pk, at=at)
    for alert in alerts:
        alert.refresh_from_db(fields=["pages_sent", "escalate_at"])


def draft(model: type[Kind], world: World, h: float, **columns: Any) -> Kind:
    common = {"id": uuid.uuid4(), "participant": world.participant, "observed_at": hour(h), "source": Source.API}
    return model(**common | columns)


def dose(world: World, h: float = 0, *, step: int = 0, **columns: Any) -> Dose:
    values = {
        "step": world.steps[step],
        "amount": world.steps[step].planned_dose,
        "unit": Unit.MG,
        "route": "INTRAVENOUS",
    }
    return draft(Dose, world, h, **values | columns)


def stay(world: World, h: float = -1, **columns: Any) -> Stay:
    return draft(Stay, world, h, **{"ward": "7B", "bed": "12"} | columns)


WELL = {
    "temperature_c": Decimal("36.8"), "sbp": Decimal(120), "dbp": Decimal(70), "spo2": Decimal(97),
    "heart_rate": Decimal(80), "respiratory_rate": Decimal(16), "oxygen_device": "room_air", "hypotension": False,
    "fluid_bolus": False, "vasopressors": [],
}  # fmt: skip


def vitals(world: World, h: float, **changes: Any) -> VitalSigns:
    """A well participant's set, changed only where the test says so."""
    changes = {
        k: Decimal(str(v)) if isinstance(v, int | float) and not isinstance(v, bool) else v for k, v in changes.items()
    }
    return draft(VitalSigns, world, h, **WELL | changes)


CLEAR = {
    "ice_year": True, "ice_month": True, "ice_city": True, "ice_hospital": True, "ice_naming": 3, "ice_command": True,
    "ice_writing": True, "ice_attention": True, "consciousness": "awake", "seizure": "none", "motor": "none",
    "icp_signs": [],
}  # fmt: skip


def neuro(world: World, h: float, **changes: Any) -> NeuroAssessment:
    return draft(NeuroAssessment, world, h, **CLEAR | changes)


def treatment(world: World, h: float, drug: str, drug_class: str, indication: str, **columns: Any) -> Treatment:
    """As from an import: nobody is there to be asked about weight, limits or a second person."""
    columns = {"source": Source.IMPORT} | columns
    return draft(Treatment, world, h, drug=drug, drug_class=drug_class, indication=indication, **columns)
