"""The demo trial: people, two sites, a published step-up regimen and a ward in the middle of a night.

The regimen is the library's linvoseltamab as the US label has it. What happens to each participant is told by the trial
simulator from a seed, and recorded up to now: nothing in it is written by hand, and nobody in it is real.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.alerting.services.on_call.rota import put_on, set_escalation_steps
from grading.models import Channel, Contact, PhoneTree
from grading.policies.library import read_policy
from grading.policies.services import load_policy
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.simulation.assumed import MINUTES_PER_HOUR, Assumed
from grading.simulation.rates import EVERY_OTHER, rates_for
from grading.simulation.story import Story, tell
from grading.simulation.trial import Trial, facts_of, record_all, take_over, until
from grading.simulation.workbench import design_of
from regimens.library import plan_of, read
from regimens.library.own import with_windows
from regimens.models import Membership, Participant, Site, Study
from regimens.rules.plan import ObservationClock
from regimens.services.enrolment import check_enrolment

STUDY = "DEMO"
BY, WHY = "command:seed_demo", "demo trial"
IN_FORCE_FOR = timedelta(days=90)  # longer than the longest stay so far
PASSWORD = "step-up-demo"  # noqa: S105 - printed on the screen, and seed_demo refuses to run in production
SITES = (("TPE", "Taipei", "TWN", "Asia/Taipei"), ("PAR", "Paris", "FRA", "Europe/Paris"))
# What the ICE asks for there, and in which language.
ASKED_FOR = {
    "TPE": {"city": "臺北市, Taipei", "hospital": "示範醫院, Demo Hospital", "language": "zh-hant"},
    "PAR": {"city": "Paris", "hospital": "Hôpital Démo", "language": "en"},
}
PEOPLE = (  # sign-in name, role, site (None: all)
    ("nurse", Role.NURSE, "TPE"),
    ("charge", Role.CHARGE_NURSE, "TPE"),
    ("nurse.paris", Role.NURSE, "PAR"),
    ("investigator", Role.INVESTIGATOR, None),
    ("data", Role.DATA_MANAGER, "TPE"),
    ("sponsor", Role.SPONSOR, None),
    ("reviewer", Role.CENTRAL, None),
)


REGIMEN, VARIANT = "linvoseltamab", "US"
RATES = {EVERY_OTHER: Decimal(50)}  # no source tells the rate by step: of the demo, as the simulation settings are
SETTINGS = Assumed(watched_h=24)  # as long as the label asks for the hospital
SEVERE = replace(SETTINGS, grades=((3, 1),))
PARTLY = replace(SETTINGS, partial_percent=Decimal(60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A participant in the middle of a story told by the simulator: it is now so many hours after this dose.

    `dose`: 1 is the first.
    """

    number: str
    site: str
    bed: str
    seed: int
    dose: int
    hours: float
    settings: Assumed = SETTINGS


SCENES = (  # what each shows is held by tests/simulation/test_demo.py
    # A first fever in the newest set, paracetamol given: grade 1.
    Scene(number="001", site="TPE", bed="01", seed=102, dose=1, hours=8.75),
    # Fever, then low pressure and oxygen after the second dose: grade 2, tocilizumab; better since, not over yet.
    Scene(number="002", site="TPE", bed="02", seed=43866, dose=2, hours=23),
    # Well; the next set is due in less than half an hour.
    Scene(number="003", site="TPE", bed="03", seed=2, dose=1, hours=11.6),
    # Well after the second dose; nobody came to the set that was due more than an hour ago.
    Scene(number="004", site="TPE", bed="04", seed=145, dose=2, hours=13.25),
    # The newest set is a grade 3 on a vasopressor and high flow, ICE fell from 10 to 8, and nobody has answered yet.
    Scene(number="005", site="TPE", bed="05", seed=538, dose=1, hours=16.3, settings=SEVERE),
    # Feverish, and the newest set has no pressure: grade 1 or 2 cannot be told; the ICE was refused.
    Scene(number="006", site="TPE", bed="06", seed=3021, dose=1, hours=12.75, settings=PARTLY),
    # Well after the third dose; the grade 1 after the first one is long over.
    Scene(number="007", site="PAR", bed="11", seed=39, dose=3, hours=6.5),
    # Three sets of fever under paracetamol, gone in the newest: grade 0 now, not over yet.
    Scene(number="008", site="PAR", bed="12", seed=13212, dose=1, hours=20.75),
)
ESCALATION_STEPS = (
    (OnCallRole.ASSIGNED_NURSE, 5),
    (OnCallRole.CHARGE_NURSE, 5),
    (OnCallRole.ON_CALL_INVESTIGATOR, 10),
)  # minutes to answer
ON_CALL = {  # site -> who is on call around the night of the demo; Paris has no charge nurse
    "TPE": (
        (OnCallRole.ASSIGNED_NURSE, "nurse"),
        (OnCallRole.CHARGE_NURSE, "charge"),
        (OnCallRole.ON_CALL_INVESTIGATOR, "investigator"),
    ),
    "PAR": ((OnCallRole.ASSIGNED_NURSE, "nurse.paris"), (OnCallRole.ON_CALL_INVESTIGATOR, "investigator")),
}
DESIGNED_BEFORE = timedelta(hours=20)
PHONE_TREE = "Charge nurse, ward 7B: 1001\nInvestigator on call: 1002"


def build(*, at: datetime) -> None:
    """Make the demo trial as it stands at `at`. Runs in the caller's transaction."""
    with acting(by=BY, reason=WHY):
        study = Study.objects.create(code=STUDY, title="Step-up demo trial")
        sites = {
            code: Site.objects.create(code=code, name=name, country=country, time_zone=zone, **ASKED_FOR[code])
            for code, name, country, zone in SITES
        }
        people = {name: _person(name, study, role, sites.get(site or "")) for name, role, site in PEOPLE}
        document, _ = with_windows(  # the label's own length after the first 200 mg was not found
            read(REGIMEN), VARIANT, hours=Decimal(SETTINGS.watched_h), clock=ObservationClock.ADMINISTRATION, source=WHY
        )
        regimen = take_over(document, study=study, variant=VARIANT, by=BY, at=at - IN_FORCE_FOR, assumed=SETTINGS)
        PhoneTree.objects.create(study=study, text=PHONE_TREE)
        for one in people.values():  # so that escalation waits for them: their own addresses, tested
            since = at - IN_FORCE_FOR
            Contact.objects.create(user=one, channel=Channel.EMAIL, address=one.email, added_at=since, tested_at=since)
    load_policy(read_policy(), study=study, by=BY, reason=WHY, at=at - IN_FORCE_FOR)
    escalation_steps = [
        PlannedEscalation(on_call_role=on_call_role, wait=timedelta(minutes=minutes))
        for on_call_role, minutes in ESCALATION_STEPS
    ]
    set_escalation_steps(study, escalation_steps, site=None, by=BY, reason=WHY)
    there = {site: {role for role, _ in on_call} for site, on_call in ON_CALL.items()}
    in_paris = [step for step in escalation_steps if step.on_call_role in there["PAR"]]
    set_escalation_steps(study, in_paris, site=sites["PAR"], by=BY, reason=WHY)
    tonight = (at - timedelta(days=1), at + timedelta(days=1))
    for site, on_call_roles in ON_CALL.items():
        for on_call_role, name in on_call_roles:
            for starts_at, ends_at in ((at - IN_FORCE_FOR, tonight[0]), tonight):  # what is past was answered too
                put_on(
                    study, sites[site], on_call_role=on_call_role, person=people[name], starts_at=starts_at,
                    ends_at=ends_at,
                    by=people["investigator"],
                )  # fmt: skip
    nurses = {"TPE": people["nurse"], "PAR": people["nurse.paris"]}
    steps = {step.label: step for step in regimen.steps.all()}
    for scene in SCENES:
        trial = Trial(
            study=study, site=sites[scene.site], regimen=regimen, steps=steps, nurse=nurses[scene.site],
            investigator=people["investigator"],
        )  # fmt: skip
        _play(scene, trial, at=at)
    design_of(study, by=people["sponsor"], at=at - DESIGNED_BEFORE)


def story_of(scene: Scene) -> Story:
    """All that the simulator tells of this participant, what is still to come too."""
    document = read(REGIMEN)
    plan, assumed = plan_of(document), scene.settings
    rates = rates_for(plan, document.data, given=RATES, repeats=assumed.repeats)
    return tell(
        plan, variant=VARIANT, rates=rates, assumed=assumed, seed=scene.seed, participant=int(scene.number)
    )  # fmt: skip


def now_in(scene: Scene, story: Story) -> int:
    """The minute of the story at which it is now."""
    return story.doses[scene.dose - 1].at + int(scene.hours * MINUTES_PER_HOUR)


def _play(scene: Scene, trial: Trial, *, at: datetime) -> None:
    """Record the story up to now: what goes on stays open."""
    story = story_of(scene)
    start = at - timedelta(minutes=now_in(scene, story))
    check_enrolment(study=trial.study, site=trial.site, regimen=trial.regimen, at=at)
    with acting(by=BY, reason=WHY):
        participant = Participant.objects.create(
            study=trial.study, site=trial.site, number=f"{STUDY}-{scene.number}", regimen=trial.regimen
        )
    facts = facts_of(story, trial, participant, start=start, ward="7B", bed=scene.bed)
    record_all(until(facts, at), nurse=trial.nurse, investigator=trial.investigator)


def _person(name: str, study: Study, role: Role, site: Site | None) -> User:
    user = User.objects.create_user(name, email=f"{name}@demo.example", password=PASSWORD)
    Membership.objects.create(user=user, study=study, site=site, role=role.value)
    return user
