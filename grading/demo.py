"""The demo trial: people, two sites, a published step-up regimen and a ward in the middle of a night.

The regimen is the library's linvoseltamab as the US label has it, its facts go in as those of a simulated trial do.
The participants are made up, and so is everything that happens to them.
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
from grading.rules.escalation import Rung
from grading.rules.rota import Duty
from grading.services.packs import load_pack
from grading.services.rota import put_on, set_ladder
from grading.simulation.assumed import Assumed
from grading.simulation.trial import record_all, take_over
from regimens.facts import Fact, Source
from regimens.library import read
from regimens.models import Dose, Measurement, Membership, Participant, Site, Stay, Study, Unit

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
    ("reviewer", Role.CENTRAL, None),
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
LADDER = ((Duty.ASSIGNED_NURSE, 5), (Duty.CHARGE_NURSE, 5), (Duty.ON_CALL_INVESTIGATOR, 10))  # minutes to answer
ON_DUTY = {  # site -> who is on duty around the night of the demo; Paris has no charge nurse
    "TPE": ((Duty.ASSIGNED_NURSE, "nurse"), (Duty.CHARGE_NURSE, "charge"), (Duty.ON_CALL_INVESTIGATOR, "investigator")),
    "PAR": ((Duty.ASSIGNED_NURSE, "nurse.paris"), (Duty.ON_CALL_INVESTIGATOR, "investigator")),
}
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
        regimen = take_over(
            read("linvoseltamab"), study=study, variant="US", by=by, at=at - timedelta(days=60), assumed=Assumed()
        )
        for story in STORIES:
            Participant.objects.create(
                study=study, site=sites[story.site], number=f"{STUDY}-{story.number}", regimen=regimen
            )
    load_pack(read_pack(), study=study, by=by, reason="demo trial", at=at - timedelta(days=60))
    rungs = [Rung(duty=duty, wait=timedelta(minutes=minutes)) for duty, minutes in LADDER]
    set_ladder(study, rungs, site=None, by=by, reason="demo trial")
    for site, duties in ON_DUTY.items():
        for duty, name in duties:
            put_on(
                study, sites[site], duty=duty, person=people[name], starts_at=at - timedelta(days=1),
                ends_at=at + timedelta(days=1), by=people["investigator"],
            )  # fmt: skip
    nurses = {"TPE": people["nurse"], "PAR": people["nurse.paris"]}
    for story in STORIES:
        _tell(story, study=study, nurse=nurses[story.site], investigator=people["investigator"], at=at)


def _person(name: str, study: Study, role: Role, site: Site | None) -> User:
    user = User.objects.create_user(name, email=f"{name}@demo.example", password=PASSWORD)
    Membership.objects.create(user=user, study=study, site=site, role=role.value)
    return user


def _tell(story: Story, *, study: Study, nurse: User, investigator: User, at: datetime) -> None:
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
    record_all(facts, nurse=nurse, investigator=investigator)


def _fact(model: type[Fact], participant: Participant, observed_at: datetime, columns: dict[str, Any]) -> Fact:
    return model(id=uuid.uuid4(), participant=participant, observed_at=observed_at, source=Source.SIMULATION, **columns)


_TEXT = {"oxygen_device", "drug", "drug_class", "unit", "route", "indication", "consciousness", "seizure", "motor"}


def _values(columns: dict[str, Any]) -> dict[str, Any]:
    return {k: Decimal(v) if isinstance(v, str) and k not in _TEXT else v for k, v in columns.items()}
