"""The demo trial: people, two sites, a published step-up regimen and a ward in the middle of a night.

The doses are linvoseltamab's (US prescribing information 2.1-2.2: 5, 25 and 200 mg, 24 h in hospital after the
first two). The participants are made up, and so is everything that happens to them.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import NeuroAssessment, Treatment, VitalSigns
from grading.packs import read_pack
from grading.services.facts import record
from grading.services.packs import load_pack
from regimens.facts import Fact, Source
from regimens.models import (
    Clock,
    Dose,
    Measurement,
    Membership,
    Participant,
    Regimen,
    Site,
    Stay,
    Step,
    StepKind,
    Study,
    Unit,
)

STUDY = "DEMO"
PASSWORD = "step-up-demo"  # noqa: S105 - printed on the screen, and seed_demo refuses to run in production
SITES = (("TPE", "Taipei", "TWN", "Asia/Taipei"), ("PAR", "Paris", "FRA", "Europe/Paris"))
PEOPLE = (  # sign-in name, role, site (None: all)
    ("nurse", Role.NURSE, "TPE"),
    ("charge", Role.CHARGE_NURSE, "TPE"),
    ("nurse.paris", Role.NURSE, "PAR"),
    ("investigator", Role.INVESTIGATOR, None),
    ("data", Role.DATA_MANAGER, "TPE"),
    ("sponsor", Role.SPONSOR, None),
)
STEPS = (  # label, kind, mg, day, inpatient hours
    ("STEP-UP 1", StepKind.STEP_UP, 5, 1, 24),
    ("STEP-UP 2", StepKind.STEP_UP, 25, 8, 24),
    ("FULL DOSE 1", StepKind.TARGET, 200, 15, None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One participant: how long ago each dose was, and what was seen so many hours after the last of them."""

    number: str
    site: str
    bed: str
    doses_ago_h: tuple[float, ...]
    sets: tuple[tuple[float, dict[str, Any]], ...] = ()
    minds: tuple[tuple[float, dict[str, Any]], ...] = ()
    drugs: tuple[tuple[float, dict[str, Any]], ...] = field(default=())


WELL: dict[str, Any] = {
    "temperature_c": "36.8", "sbp": "122", "dbp": "74", "heart_rate": "78", "respiratory_rate": "16", "spo2": "97",
    "oxygen_device": "room_air", "hypotension": False, "fluid_bolus": False, "vasopressors": [],
}  # fmt: skip
CLEAR: dict[str, Any] = {
    "ice_year": True, "ice_month": True, "ice_city": True, "ice_hospital": True, "ice_naming": 3, "ice_command": True,
    "ice_writing": True, "ice_attention": True, "consciousness": "awake", "seizure": "none", "motor": "none",
    "icp_signs": [],
}  # fmt: skip
FEVER = {"temperature_c": "38.7", "heart_rate": "104"}
LOW = {"sbp": "86", "dbp": "52", "hypotension": True, "fluid_bolus": True, "fluid_bolus_ml": "500"}
OXYGEN = {"spo2": "93", "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": "2"}
PRESSOR = {"vasopressors": ["norepinephrine"], "sbp": "98", "dbp": "58"}
PARACETAMOL = {"drug": "paracetamol", "drug_class": "antipyretic", "dose": "1000", "unit": "mg", "route": "oral"}
TOCILIZUMAB = {"drug": "tocilizumab", "drug_class": "anticytokine", "dose": "560", "unit": "mg", "route": "iv"}
WEEK = 7 * 24.0

STORIES = (
    Story(number="001", site="TPE", bed="01", doses_ago_h=(6,), sets=((1, {}), (3, {}), (5.2, FEVER)),
          minds=((1, {}),), drugs=((5.3, PARACETAMOL | {"indication": "crs"}),)),
    Story(number="002", site="TPE", bed="02", doses_ago_h=(WEEK + 14, 14),
          sets=((2, {}), (6, FEVER), (9, FEVER | LOW | OXYGEN), (11, {"temperature_c": "37.9"} | OXYGEN),
                (13.4, {"temperature_c": "37.4"})),
          minds=((2, {}), (10, {})), drugs=((9.5, TOCILIZUMAB | {"indication": "crs"}),)),
    Story(number="003", site="TPE", bed="03", doses_ago_h=(3,), sets=((0.5, {}), (2.4, {})), minds=((0.5, {}),)),
    Story(number="004", site="TPE", bed="04", doses_ago_h=(WEEK + 12, 12), sets=((1, {}), (4, {}), (6, {})),
          minds=((1, {}),)),
    Story(number="005", site="TPE", bed="05", doses_ago_h=(11,),
          sets=((2, {}), (5, FEVER), (8, FEVER | LOW), (10.2, FEVER | PRESSOR | OXYGEN)),
          minds=((2, {}), (10.3, {"ice_attention": False, "ice_writing": False})),
          drugs=((8.5, TOCILIZUMAB | {"indication": "crs"}),)),
    Story(number="006", site="TPE", bed="06", doses_ago_h=(8,),
          sets=((2, {}), (6.8, {"temperature_c": None, "sbp": "88", "dbp": "50", "hypotension": None})),
          minds=((2, {"ice_naming": None, "ice_writing": None, "not_done": {"ice": "asleep"}}),)),
    Story(number="007", site="PAR", bed="11", doses_ago_h=(2 * WEEK + 5, WEEK + 5, 5), sets=((1, {}), (4, {})),
          minds=((1, {}),)),
    Story(number="008", site="PAR", bed="12", doses_ago_h=(20,), sets=((2, {}), (7, FEVER), (12, FEVER), (18.5, {})),
          minds=((2, {}), (10, {}), (18.6, {})), drugs=((7.5, PARACETAMOL | {"indication": "crs"}),)),
)  # fmt: skip
BASELINES = (("weight_kg", "70"), ("baseline_sbp", "124"), ("baseline_spo2", "97"), ("baseline_ice", "10"))


def build(*, at: datetime) -> None:
    """Make the demo trial as it stands at `at`. Runs in the caller's transaction."""
    by = "command:seed_demo"
    with acting(by=by, reason="demo trial"):
        study = Study.objects.create(code=STUDY, title="Step-up demo trial")
        sites = {
            code: Site.objects.create(code=code, name=name, country=country, time_zone=zone)
            for code, name, country, zone in SITES
        }
        people = {name: _person(name, study, role, sites.get(site or "")) for name, role, site in PEOPLE}
        regimen = _regimen(study)
        for story in STORIES:
            Participant.objects.create(
                study=study, site=sites[story.site], number=f"{STUDY}-{story.number}", regimen=regimen
            )
    load_pack(read_pack(), study=study, by=by, reason="demo trial", at=at - timedelta(days=60))
    nurses = {"TPE": people["nurse"], "PAR": people["nurse.paris"]}
    for story in STORIES:
        _tell(story, study=study, by=nurses[story.site], at=at)


def _person(name: str, study: Study, role: Role, site: Site | None) -> User:
    user = User.objects.create_user(name, email=f"{name}@demo.example", password=PASSWORD)
    Membership.objects.create(user=user, study=study, site=site, role=role.value)
    return user


def _regimen(study: Study) -> Regimen:
    regimen = Regimen.objects.create(
        study=study, code="LINVO", title="Linvoseltamab step-up", drug="linvoseltamab",
        source="US prescribing information 2.1-2.2 (July 2025). Check against the label in force.",
    )  # fmt: skip
    for position, (label, kind, mg, day, inpatient_h) in enumerate(STEPS, start=1):
        Step.objects.create(
            regimen=regimen, position=position, label=label, kind=kind, planned_dose=mg, unit="mg", planned_day=day,
            inpatient_h=inpatient_h, inpatient_clock=Clock.ADMINISTRATION,
            vitals_every_h=Decimal(4),  # every 4 h: routine of CAR-T wards (NCI table), a demo setting here
            neuro_every_h=Decimal(8),
        )  # fmt: skip
    return regimen


def _tell(story: Story, *, study: Study, by: User, at: datetime) -> None:
    """Record the story fact by fact, each at the moment it was seen."""
    participant = study.participants.get(number=f"{STUDY}-{story.number}")
    steps = list(participant.regimen.steps.order_by("position"))
    last = at - timedelta(hours=story.doses_ago_h[-1])
    first = at - timedelta(hours=story.doses_ago_h[0])
    facts: list[Fact] = [
        _fact(Stay, participant, first - timedelta(hours=2), {"ward": "7B", "bed": story.bed}),
        *(
            _fact(Measurement, participant, first - timedelta(hours=1), {"kind": kind, "value": Decimal(value)})
            for kind, value in BASELINES
        ),
    ]
    for step, ago in zip(steps, story.doses_ago_h, strict=False):
        given = {"step": step, "amount": step.planned_dose, "unit": Unit.MG, "route": "INTRAVENOUS"}
        facts.append(_fact(Dose, participant, at - timedelta(hours=ago), given))
        if ago != story.doses_ago_h[-1]:  # an earlier window without events
            facts += [
                _fact(VitalSigns, participant, at - timedelta(hours=ago - h), _values(WELL)) for h in (2, 6, 12, 23)
            ]
    for model, base, entries in (
        (VitalSigns, WELL, story.sets), (NeuroAssessment, CLEAR, story.minds), (Treatment, {}, story.drugs),
    ):  # fmt: skip
        facts += [_fact(model, participant, last + timedelta(hours=h), _values(base | told)) for h, told in entries]
    for fact in sorted(facts, key=lambda f: f.observed_at):
        record(fact, by=by, at=fact.observed_at + timedelta(minutes=2))


def _fact(model: type[Fact], participant: Participant, observed_at: datetime, columns: dict[str, Any]) -> Fact:
    return model(id=uuid.uuid4(), participant=participant, observed_at=observed_at, source=Source.SIMULATION, **columns)


_TEXT = {"oxygen_device", "drug", "drug_class", "unit", "route", "indication", "consciousness", "seizure", "motor"}


def _values(columns: dict[str, Any]) -> dict[str, Any]:
    return {k: Decimal(v) if isinstance(v, str) and k not in _TEXT else v for k, v in columns.items()}
