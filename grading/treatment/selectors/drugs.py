"""The drug ledgers of one participant, for the page and the API alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.models import Alert, AlertState, CurrentState, Episode, Grade, Purpose, Treatment, TreatmentEnd
from grading.policies.selectors import drug_rules, policy_in_force
from grading.rules.drugs.names import TOCILIZUMAB, generic
from grading.rules.treatment import refractory, steroids, tocilizumab
from grading.rules.treatment.clock import ASKED, StartedTreatment, Tick, clock
from grading.rules.treatment.drug_rules import DrugRules, read_drugs
from grading.rules.treatment.indication import counts_as_tried, is_premedication, treats_syndrome
from grading.rules.treatment.premedication import Before, StudyDose, before_which
from grading.rules.treatment.running import TreatmentRun, hours_on_any
from grading.treatment.selectors.drug_facts import (
    on_site,
    runs_of,
    second_persons,
    treatments_of,
    weight_at,
    weights_of,
)
from grading.treatment.selectors.premedication import DosePremedication, planned_premedication, regimen_rows
from regimens.models import Dose, DoseStatus, Measurement, Participant
from regimens.selectors import participant_for

CLOCKS = 10  # the newest alerts whose clock is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TocilizumabLine:
    """One dose. `mg_per_kg` None: not in mg, or no weight was on record. `counted` None: the policy gives no limits.
    `second`: who checked it beside who recorded it; None: nobody has yet.
    """

    treatment: Treatment
    second: User | None
    mg_per_kg: Decimal | None
    counted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TocilizumabLedger:
    """`expected`, `limits` and `standing` None: the policy in force gives no limits, and nothing is computed."""

    lines: Sequence[TocilizumabLine]
    weight: Measurement | None
    on_site: Measurement | None
    limits: tocilizumab.Limits | None
    expected: tocilizumab.Expected | None
    standing: tocilizumab.Standing | None
    is_eligible: bool | None

    @property
    def was_taken_since(self) -> bool:
        """Whether a dose was given after those on site were counted: that many are not there any more."""
        counted = self.on_site
        return counted is not None and any(one.treatment.observed_at > counted.observed_at for one in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What the policy gives at the least grade the newest set can have. `steps` empty: it says nothing."""

    kind: str
    grade: int
    steps: Sequence[steroids.SteroidStep]


@dataclass(frozen=True, slots=True, kw_only=True)
class SteroidLedger:
    lines: Sequence[steroids.SteroidLine]
    totals: Sequence[steroids.SteroidTotal]
    ladders: Sequence[Ladder]

    @property
    def treats(self) -> bool:
        """Whether a steroid was given for CRS or ICANS, so that its end is a taper."""
        return any(line.bucket in (steroids.Bucket.CRS, steroids.Bucket.ICANS) for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class PremedicationLine:
    """`regimen_rows`: what the regimen's document says of that dose's premedication."""

    treatment: Treatment
    before: Before
    regimen_rows: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """`hours`: until it stopped, or by now."""

    treatment: Treatment
    end: TreatmentEnd | None
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTotal:
    drug_class: str
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClock:
    alert: Alert
    code: str
    ticks: Sequence[Tick]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugLedgers:
    participant: Participant
    policy: str
    tocilizumab: TocilizumabLedger
    steroids: SteroidLedger
    refractory: Sequence[refractory.RefractoryRule]
    premedication: Sequence[PremedicationLine]
    planned_premedication: Sequence[DosePremedication]
    running: Sequence[RunLine]
    run_totals: Sequence[RunTotal]
    clocks: Sequence[AlertClock]


def drugs_of(user: User, participant_id: int, *, at: datetime) -> DrugLedgers:
    """Everything about drugs at an instant. NotFound for a stranger and, since it shows the ward, Forbidden."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    policy = policy_in_force(participant.study, at=at)
    rules = None if policy is None else read_drugs(policy.drugs)
    treatments = treatments_of(participant.pk)
    episodes = list(participant.episodes.filter(provisional="").order_by("started_at"))
    runs = runs_of(participant.pk, treatments)
    alerts = participant.alerts.exclude(state=AlertState.WITHDRAWN.value).order_by("-raised_at")[:CLOCKS]
    spans: dict[str, list[TreatmentRun]] = {}
    for one in runs:
        spans.setdefault(one.treatment.acts_as, []).append(_run(one.treatment, one.end))
    return DrugLedgers(
        participant=participant,
        policy="" if policy is None else str(policy),
        tocilizumab=_tocilizumab(participant, treatments, rules, at=at),
        steroids=_steroids(participant, treatments, rules),
        refractory=_refractory(participant, treatments, episodes, rules, at=at),
        premedication=_premedication(participant, treatments),
        planned_premedication=planned_premedication(participant, treatments),
        running=[
            RunLine(treatment=one.treatment, end=one.end, hours=_run(one.treatment, one.end).hours(at))
            for one in runs[::-1]
        ],
        run_totals=[RunTotal(drug_class=name, hours=hours_on_any(mine, at=at)) for name, mine in spans.items()],
        clocks=[alert_clock for alert in _with_moves(alerts) for alert_clock in _clocks(alert, treatments, episodes)],
    )


def tocilizumab_now(participant: Participant, *, at: datetime) -> TocilizumabLedger:
    """The tocilizumab ledger alone, of a participant whom the user may see."""
    rules = drug_rules(participant.study, at=at)
    return _tocilizumab(participant, treatments_of(participant.pk), rules, at=at)


def clocks_of(alert: Alert) -> list[AlertClock]:
    """The clocks of one alert that the user may see: one for each drug it asked for."""
    episodes = list(alert.participant.episodes.filter(provisional="").order_by("started_at"))
    return _clocks(alert, treatments_of(alert.participant_id), episodes)


def clocks_of_several(participant: Participant, alerts: QuerySet[Alert]) -> list[AlertClock]:
    """The clocks of some alerts of one participant whom the user may see."""
    episodes = list(participant.episodes.filter(provisional="").order_by("started_at"))
    treatments = treatments_of(participant.pk)
    return [one for alert in _with_moves(alerts) for one in _clocks(alert, treatments, episodes)]


def _with_moves(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """With what a clock asks of each, by two questions for all."""
    return alerts.prefetch_related("deliveries", "events")


def _tocilizumab(
    participant: Participant, treatments: Sequence[Treatment], rules: DrugRules | None, *, at: datetime
) -> TocilizumabLedger:
    limits = None if rules is None else rules.tocilizumab
    given = [one for one in treatments if generic(one.drug) == TOCILIZUMAB]
    weights, seconds = weights_of(participant.pk), second_persons(given)
    weight = weight_at(weights, at)
    doses = [tocilizumab.TocilizumabDose(at=one.observed_at, indication=one.indication) for one in given]
    now = None if limits is None else tocilizumab.standing(doses, limits, at=at)
    return TocilizumabLedger(
        lines=[
            TocilizumabLine(
                treatment=one,
                second=seconds.get(one.pk),
                mg_per_kg=_per_kg(one, weight_at(weights, one.observed_at)),
                counted=None if limits is None else tocilizumab.counts(dose, limits),
            )
            for one, dose in zip(given, doses, strict=True)
        ],
        weight=weight,
        on_site=on_site(participant.pk),
        limits=limits,
        expected=None if limits is None else tocilizumab.dose_for(None if weight is None else weight.value, limits),
        standing=now,
        is_eligible=None if now is None else now.is_eligible(at),
    )


def _per_kg(treatment: Treatment, weight: Measurement | None) -> Decimal | None:
    if treatment.dose is None or treatment.unit != "mg" or weight is None or not weight.value:
        return None
    return (treatment.dose / weight.value).quantize(Decimal("0.01"))


def _steroids(participant: Participant, treatments: Sequence[Treatment], rules: DrugRules | None) -> SteroidLedger:
    lines = steroids.running(
        steroids.SteroidGiven(
            at=one.observed_at, drug=generic(one.drug), dose=one.dose, unit=one.unit.strip().casefold(),
            indication=one.indication,
        )
        for one in treatments
        if one.acts_as == "corticosteroid"
    )  # fmt: skip
    state = _state(participant)
    grades = [(kind, grade) for kind in ("crs", "icans") if (grade := getattr(state, f"{kind}_at_least", None))]
    ladder = () if rules is None else rules.ladder
    return SteroidLedger(
        lines=lines,
        totals=steroids.totals(lines),
        ladders=[
            Ladder(kind=kind, grade=grade, steps=steroids.ladder_at(ladder, kind=kind, grade=grade))
            for kind, grade in grades
        ],
    )


def _state(participant: Participant) -> CurrentState | None:
    return CurrentState.objects.filter(participant=participant).first()


def _refractory(
    participant: Participant,
    treatments: Sequence[Treatment],
    episodes: Sequence[Episode],
    rules: DrugRules | None,
    *,
    at: datetime,
) -> list[refractory.RefractoryRule]:
    """What the policy advises for the episodes that are open."""
    advice: list[refractory.RefractoryRule] = []
    for episode in episodes if rules is not None else ():
        doses = [
            one.observed_at
            for one in treatments
            if generic(one.drug) == TOCILIZUMAB
            and counts_as_tried(one.indication)
            and episode.started_at <= one.observed_at <= at
        ]
        if episode.ended_at is not None or not doses or rules is None:
            continue
        grades = participant.grades.filter(kind=episode.kind).order_by("-observed_at")
        then = grades.filter(observed_at__lte=doses[-1]).first()
        since = grades.filter(observed_at__gt=doses[-1], observed_at__lte=at).first()
        seen = refractory.RefractoryCourse(
            kind=episode.kind, doses=len(doses), last_at=doses[-1], grade_then=_least(then), grade_now=_least(since),
            steroid_given=any(
                treats_syndrome(one.indication) and doses[0] <= one.observed_at <= at
                for one in treatments
                if one.acts_as == "corticosteroid"
            ),
        )  # fmt: skip
        advice += refractory.advised(rules.refractory, seen, at=at)
    return advice


def _least(grade: Grade | None) -> int | None:
    return None if grade is None else grade.at_least


def _premedication(participant: Participant, treatments: Sequence[Treatment]) -> list[PremedicationLine]:
    given = Dose.objects.standing().filter(participant=participant).exclude(status=DoseStatus.NOT_GIVEN)
    doses = [
        StudyDose(at=dose.observed_at, label=dose.step.label)
        for dose in given.select_related("step").order_by("observed_at")
    ]
    document = getattr(participant.regimen, "document", None) or {}
    lines = []
    for one in treatments[::-1]:
        if is_premedication(one.indication):
            before = before_which(one.observed_at, doses)
            lines.append(
                PremedicationLine(treatment=one, before=before, regimen_rows=regimen_rows(document, before.dose))
            )
    return lines


def _run(treatment: Treatment, end: TreatmentEnd | None) -> TreatmentRun:
    return TreatmentRun(
        drug=treatment.drug, drug_class=treatment.acts_as, started_at=treatment.observed_at,
        ended_at=None if end is None else end.observed_at,
    )  # fmt: skip


def _clocks(alert: Alert, treatments: Sequence[Treatment], episodes: Sequence[Episode]) -> list[AlertClock]:
    codes = [code for code in ASKED if code in alert.thresholds]
    if not codes:
        return []
    sent = [one.sent_at for one in alert.deliveries.all() if one.purpose == Purpose.PAGE.value]
    answers = (one.at for one in alert.events.all() if one.state == AlertState.ACKNOWLEDGED.value)
    answered = min(answers, default=None)  # also where that answer lapsed
    holding = (e for e in episodes if e.kind == alert.kind and e.started_at <= alert.observed_at)
    episode = max(holding, key=lambda e: e.started_at, default=None)
    started = [
        StartedTreatment(
            at=one.observed_at, drug=generic(one.drug), drug_class=one.acts_as, indication=one.indication,
            ordered_at=one.ordered_at,
        )
        for one in treatments
    ]  # fmt: skip
    return [
        AlertClock(
            alert=alert,
            code=code,
            ticks=clock(
                code,
                crossed_at=alert.observed_at,
                entered_at=alert.raised_at,
                sent=sent,
                answered_at=answered,
                treatments=started,
                until=None if episode is None else episode.ended_at,
            ),
        )
        for code in codes
    ]
