"""Recording a story fact by fact, in order of time, through the door of the bedside."""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import AlreadyAcknowledged, Forbidden
from grading.alerting.services.answers import acknowledge
from grading.alerting.services.conditions import meet
from grading.alerting.services.escalation import call_first
from grading.dosing.selectors.gate import answer_of
from grading.dosing.services.releasing import RELEASABLE
from grading.models import Alert, ConditionCheck, NeuroAssessment, Treatment, VitalSigns
from grading.policies.library import read_policy
from grading.policies.services import load_policy
from grading.recording.record import record
from grading.simulation.assumed import MINUTES_PER_DAY, MINUTES_PER_HOUR, Assumed
from grading.simulation.designed import DesignTruth
from grading.simulation.habits import ANSWERED_AFTER, NONE, Habits, assessed_by_capd, on_the_ward, stream_of, unreleased
from grading.simulation.signing import closings_of, judge_episodes
from grading.simulation.story import SimulatedDose, Story
from regimens.facts import Fact, Source
from regimens.library import Document
from regimens.models import (
    Disposition,
    Dose,
    DoseEnd,
    DoseRelease,
    DoseStatus,
    Measurement,
    Membership,
    NeuroInstrument,
    Participant,
    Regimen,
    Site,
    Stay,
    StayEnd,
    Step,
    Study,
    WindowCompletion,
)
from regimens.selectors import LOOKS, cohorts_of
from regimens.services.designed import FromDesign
from regimens.services.designs import create_design
from regimens.services.versions import OwnPlan, adopt

BY = "command:simulate_trial"
WHY = "simulated trial"
UNTIGHTENED = "the simulation settings know no shorter intervals"
NURSE, INVESTIGATOR = "simulation.nurse", "simulation.physician"  # accounts without a password or an address
SITE = {"code": "SIM", "name": "Simulated ward", "country": "TWN", "time_zone": "Asia/Taipei"}
IN_FORCE_FROM = datetime(2000, 1, 1, tzinfo=UTC)  # whenever the first dose is
RECORDED_AFTER = timedelta(minutes=2)
CODE_LENGTH = 14  # so that study, site and number fit into USUBJID
NAMESPACE = uuid.UUID("b6b0a7f4-0d7b-5b5e-8f39-6f1d0f6f2c55")
CLEAR: dict[str, Any] = {
    "ice_year": True, "ice_month": True, "ice_city": True, "ice_hospital": True, "ice_naming": 3, "ice_command": True,
    "ice_writing": True, "ice_attention": True, "consciousness": "awake", "seizure": "none", "motor": "none",
    "icp_signs": [],
}  # fmt: skip
DULL = CLEAR | {"ice_writing": False, "ice_attention": False}
NO_ICE = {name: None for name in CLEAR if name.startswith("ice_")} | {"not_done": {"ice": "refused"}}
BASELINES = (("baseline_sbp", 122), ("baseline_spo2", 97), ("baseline_ice", 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Where the stories are recorded, and by whom."""

    study: Study
    site: Site
    regimen: Regimen
    steps: dict[str, Step]
    nurse: User
    investigator: User
    followed_h: int = 0  # after the last dose, at least: where no risk window is seen through, nothing is known of it


def prepare(
    document: Document, *, variant: str, code: str, title: str, assumed: Assumed, truth: DesignTruth | None = None
) -> Trial:
    """The study of these settings (`title` names them), made where it is not there. Nobody in it can be paged.

    `truth`: the design whose trial it is, which the study then has too.

    Raises Forbidden where the code is of another study, or the names of its people are somebody's.
    """
    with acting(by=BY, reason=WHY), transaction.atomic():
        nurse, investigator = (_nobody(name) for name in (NURSE, INVESTIGATOR))
        site, _ = Site.objects.get_or_create(code=SITE["code"], defaults=SITE)
        study, made = Study.objects.get_or_create(code=code, defaults={"title": title})
        if not made and study.title != title:
            raise Forbidden("another_simulation", study=code)
        if made:
            for user, role in ((nurse, Role.NURSE), (investigator, Role.INVESTIGATOR)):
                Membership.objects.create(user=user, study=study, site=site, role=role.value)
            load_policy(read_policy(), study=study, by=BY, reason=WHY, at=IN_FORCE_FROM)
            origin = None if truth is None else _origin(truth, study, by=investigator)
            take_over(document, study=study, variant=variant, by=BY, at=IN_FORCE_FROM, assumed=assumed, origin=origin)
        regimen = study.regimens.get()
    steps = {step.label: step for step in regimen.steps.all()}
    return Trial(
        study=study, site=site, regimen=regimen, steps=steps, nurse=nurse, investigator=investigator,
        followed_h=0 if truth is None else assumed.risk_window_h,
    )  # fmt: skip


def _origin(truth: DesignTruth, study: Study, *, by: User) -> FromDesign:
    """A copy of the version of the design, of which the regimen is said to be made."""
    version = truth.version
    copied = create_design(
        study=study, name=version.design.name, contents=version.contents, by=by, at=IN_FORCE_FROM, note=WHY
    )  # fmt: skip
    return FromDesign(version=copied, rungs=truth.rungs, band_from=truth.band_from)


def take_over(
    document: Document, *, study: Study, variant: str, by: str, at: datetime, assumed: Assumed,
    origin: FromDesign | None = None,
) -> Regimen:  # fmt: skip
    """The study's regimen of a file, looked at as often as the simulation settings say."""
    own = OwnPlan(looks={name: Decimal(getattr(assumed, name)) for name in LOOKS}, untightened_because=UNTIGHTENED)
    return adopt(study=study, document=document, variant=variant, by=by, reason=WHY, at=at, own=own, origin=origin)


def _nobody(name: str) -> User:
    user = User.objects.filter(username=name).first() or User.objects.create_user(name)
    if user.email or user.has_usable_password():
        raise Forbidden("recorder_is_a_person", user=name)
    return user


def number_of(trial: Trial, place: int) -> str:
    return f"{trial.study.code}-{place:03}"


def cohort_at(trial: Trial, place: int) -> str:
    """The cohort of this participant, of those of the plan in turn. Empty: it has none."""
    known = cohorts_of(trial.regimen)
    return known[(place - 1) % len(known)] if known else ""


def enrol(trial: Trial, story: Story, *, place: int, start: datetime, habits: Habits = NONE) -> bool:
    """Record the whole story, or nothing of it. False: the participant was there already."""
    number = number_of(trial, place)
    with transaction.atomic():
        if trial.study.participants.filter(number=number).exists():
            return False
        with acting(by=BY, reason=WHY):
            participant = Participant.objects.create(
                study=trial.study, site=trial.site, number=number, regimen=trial.regimen,
                cohort=cohort_at(trial, place), neuro_instrument=_instrument(habits, place),
            )  # fmt: skip
        rng = stream_of(number)
        facts = list(on_the_ward(facts_of(story, trial, participant, start=start), habits, rng))
        if habits.signs:
            facts += closings_of(facts)
        record_all(
            facts, nurse=trial.nurse, investigator=trial.investigator, watched=True, answers=habits.answers,
            unreleased=unreleased(facts, habits, rng),
        )  # fmt: skip
    return True


def _instrument(habits: Habits, place: int) -> str:
    return (NeuroInstrument.CAPD if assessed_by_capd(habits, place=place) else NeuroInstrument.ICE).value


def record_all(
    facts: Iterable[Fact], *, nurse: User, investigator: User, watched: bool = False, answers: bool = False,
    unreleased: Collection[uuid.UUID] = (),
) -> None:  # fmt: skip
    """Each fact when it says that it is recorded, in order of time, and each dose after its release.

    Without rules on file nothing can be released, and `unreleased` doses are not. `watched`: what comes due between two
    facts, such as a look that did not come, is told then, as the sweep of a real ward would. `answers`: the nurse
    acknowledges what a fact raised, before the next one.
    """
    for fact in sorted(facts, key=lambda fact: fact.recorded_at):
        if watched:
            _sweep(fact.participant_id, until=fact.recorded_at)
        released = isinstance(fact, Dose) and fact.supersedes_id is None and fact.pk not in unreleased
        if isinstance(fact, Dose) and released and fact.participant.regimen.document is not None:
            release = _release(fact)
            record(release, by=investigator, at=release.observed_at)
        closing = fact if isinstance(fact, WindowCompletion) else None
        kept = record(fact, by=nurse if closing is None else investigator, at=fact.recorded_at)
        for alert in kept.alerts:
            call_first(alert.pk, at=fact.recorded_at)
        for alert in kept.alerts if answers else ():
            _answer(alert, by=nurse, at=fact.recorded_at + ANSWERED_AFTER)
        if closing is not None:
            judge_episodes(closing, by=investigator)


def _answer(alert: Alert, *, by: User, at: datetime) -> None:
    try:
        acknowledge(str(alert.pk), by=by, at=at)
    except AlreadyAcknowledged:
        return  # what it asked for was done, or it is over already


def _sweep(participant_id: int, *, until: datetime) -> None:
    """Meet each instant that has come due before `until`, in order of time."""
    waiting = ConditionCheck.objects.filter(participant=participant_id, at__lt=until).values_list("at", flat=True)
    while (due_at := waiting.first()) is not None:
        for alert in meet(participant_id, at=due_at):
            call_first(alert.pk, at=due_at)


def _release(dose: Dose) -> DoseRelease:
    """Of a dose an hour later, as the gate proposes or with the reason that it is simulated."""
    _case, answer = answer_of(dose.participant, dose_at=dose.observed_at)
    as_proposed = answer.decision in RELEASABLE and answer.step == dose.step.label
    return DoseRelease(
        id=uuid.uuid5(NAMESPACE, f"release of {dose.pk}"), participant=dose.participant, source=Source.SIMULATION,
        observed_at=dose.observed_at - timedelta(minutes=30), step=dose.step, dose_at=dose.observed_at,
        override=not as_proposed, because="" if as_proposed else WHY,
    )  # fmt: skip


# --- A story as facts -------------------------------------------------------------------------------------------


def until(facts: Iterable[Fact], at: datetime) -> list[Fact]:
    """Those that are recorded by then: a stay that goes on has no end, and observation none."""
    return [fact for fact in facts if fact.recorded_at <= at]


def facts_of(
    story: Story, trial: Trial, participant: Participant, *, start: datetime, ward: str = "SIM", bed: str = ""
) -> list[Fact]:
    """All facts of a story whose first dose is at `start`; their ids are the same at every run.

    Each is to be recorded two minutes after it was so, or after it was `known`.
    `bed` empty: that of the number.
    """
    made: list[Fact] = []

    def add(model: type[Fact], at: int, *, known: int | None = None, **columns: Any) -> Fact:
        key = uuid.uuid5(NAMESPACE, f"{participant.number}/{len(made)}")
        fact = model(
            id=key, participant=participant, observed_at=start + timedelta(minutes=at), source=Source.SIMULATION,
            recorded_at=start + timedelta(minutes=at if known is None else known) + RECORDED_AFTER, **columns,
        )  # fmt: skip
        made.append(fact)
        return fact

    for kind, value in BASELINES:
        add(Measurement, -90, kind=kind, value=Decimal(value))
    route = "SUBCUTANEOUS" if trial.regimen.document["route"].startswith("SC") else "INTRAVENOUS"
    for dose in story.doses:
        add(Measurement, dose.at - 60, kind="weight_kg", value=dose.weight_kg)
        add(Measurement, dose.at - 59, kind="active_infection", value=Decimal(0))
        add(Measurement, dose.at - 58, kind="tocilizumab_on_site", value=Decimal(Assumed().on_site_doses))
        dose_fields = {"step": trial.steps[dose.step.label], "unit": dose.unit, "route": route}
        given = add(Dose, dose.at, amount=dose.amount, **dose_fields)
        if dose.infusion_min is None:
            continue
        ended = dose.at + (dose.infusion_min if dose.stopped_min is None else dose.stopped_min)
        add(DoseEnd, ended, dose=given)
        if dose.stopped_min is not None:  # begun as a whole one: what it came to is known when it is stopped
            add(
                Dose, dose.at, known=ended, amount=dose.had, status=DoseStatus.INTERRUPTED.value, supersedes=given,
                reason="infusion stopped early", **dose_fields,
            )  # fmt: skip
    for come, go in _stays(story.doses):
        stay = add(Stay, come, ward=ward, bed=bed or participant.number[-3:])
        add(StayEnd, go, stay=stay)
    for seen in story.sets:
        values = {
            name: Decimal(value) if type(value) is int else value
            for name, value in asdict(seen).items()
            if name != "at"
        }
        add(VitalSigns, seen.at, **values | {"vasopressors": list(seen.vasopressors)})
    for mind in story.neuro:
        add(NeuroAssessment, mind.at, **(CLEAR if mind.clear else DULL) | ({} if mind.done else NO_ICE))
    for drug in story.drugs:
        add(
            Treatment, drug.at, drug=drug.drug, drug_class=drug.drug_class, dose=drug.dose_mg, unit="mg",
            route=drug.route, indication="crs",
        )  # fmt: skip
    last = story.doses[-1]
    ends = max(last.watched_until + MINUTES_PER_DAY, last.at + trial.followed_h * MINUTES_PER_HOUR)
    add(Disposition, ends, kind="completed")
    return made


def _stays(doses: tuple[SimulatedDose, ...]) -> Iterator[tuple[int, int]]:
    """Arrival and leave: from before a dose until it is watched no longer, one stay where they touch."""
    come, go = doses[0].at - 120, doses[0].watched_until + 60
    for dose in doses[1:]:
        if dose.at - 120 > go:
            yield come, go
            come = dose.at - 120
        go = max(go, dose.watched_until + 60)
    yield come, go


def digest_of(study: Study) -> str:
    """SHA-256 of all facts of a study, whatever keys its rows were given: the same trial has the same."""
    lines = sorted(line for model in Fact.__subclasses__() for line in _lines(model, study))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


_KEYS = {"participant", "recorded_by", "step", "digest"}


def _lines(model: type[Fact], study: Study) -> Iterator[str]:
    names = [one.attname for one in model._meta.concrete_fields if one.name not in _KEYS]
    for fact in model._default_manager.filter(participant__study=study).select_related("participant"):
        step = fact.step.label if isinstance(fact, Dose | DoseRelease) else ""
        values = [f"{name}={getattr(fact, name)!r}" for name in names]
        yield " ".join([model.__name__, fact.participant.number, step, *values])
