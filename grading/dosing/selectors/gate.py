"""The next-dose gate of one participant: the same answer for the page, the API and the release that rests on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.course.dose_periods.releases import (
    as_release,
    deviations_in,
    event_times,
    releases_of,
    standing_releases,
)
from grading.dosing.selectors.gate_case import case_of, case_on, given_doses
from grading.dosing.selectors.gate_record import GateRecord, gate_records
from grading.models import Episode
from regimens.library import plan_of
from regimens.models import Dose, DoseRelease, DoseStatus, Participant, Step, WindowCompletion
from regimens.rules.cohort import Other, cohort_criteria, outside_cohorts, with_cohort
from regimens.rules.dose import cohort_of
from regimens.rules.gate.answer import Answer, Criterion, Decision, Standing
from regimens.rules.gate.case import Case
from regimens.rules.gate.decide import decide_case, longer_after
from regimens.rules.gate.steps import planned_days, planned_next
from regimens.rules.plan import Cohort, Plan
from regimens.rules.releases import Deviation
from regimens.rules.wall_time import days_later
from regimens.selectors import cleared_up_to, participant_for
from regimens.services.versions import document_of

NO_RULES = "no_rules_on_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The gate for a dose at `dose_at`. `case` None: the regimen was set up by hand and has no rules on file.

    `step` is the row of the answer's step in the regimen version; None where the answer has none. `standing`: the
    release that holds now.
    """

    participant: Participant
    dose_at: datetime
    answer: Answer
    case: Case | None
    step: Step | None
    standing: DoseRelease | None

    def asks_why(self, label: str) -> bool:
        """Whether a dose of this step is given against the answer: it is no go for it, and no release stands for it.

        A regimen without rules on file has no answer that a dose could be against.
        """
        if any(one.code == NO_RULES for one in self.answer.criteria):
            return False
        if self.standing is not None and self.standing.step.label == label:
            return False
        return self.answer.decision not in (Decision.GO, Decision.RESTART) or self.answer.step != label


def gate_for(user: User, participant_id: int, *, dose_at: datetime | None, at: datetime) -> Gate:
    """`dose_at` None: the next planned time, or now where that is past or not known. NotFound, Forbidden."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    return gate_of(participant, dose_at=dose_at or planned_time(participant, at=at), at=at)


def gate_of(participant: Participant, *, dose_at: datetime, at: datetime) -> Gate:
    """The same for whoever has been let in."""
    case, answer = answer_of(participant, dose_at=dose_at)
    step = participant.regimen.steps.filter(label=answer.step).first() if answer.step else None
    return Gate(
        participant=participant, dose_at=dose_at, answer=answer, case=case, step=step,
        standing=standing_release(participant, at=at),
    )  # fmt: skip


def answer_of(participant: Participant, *, dose_at: datetime) -> tuple[Case | None, Answer]:
    """What the gate is asked (None: there are no rules on file) and what it answers."""
    return answers_of([participant], dose_at=dose_at)[participant.pk]


def answers_of(participants: Iterable[Participant], *, dose_at: datetime) -> dict[int, tuple[Case | None, Answer]]:
    """The same of several at once, by their keys; of a plan with cohorts each is asked for its own."""
    everybody = list(participants)
    records = gate_records(everybody, until=dose_at)
    of_version = {one.regimen_id: one for one in everybody}  # a plan is read once a version, however many follow it
    plans = {key: plan_of_regimen(one) for key, one in of_version.items()}
    return {one.pk: _answer_on(records[one.pk], one, plans[one.regimen_id], dose_at=dose_at) for one in everybody}


def _answer_on(
    record: GateRecord, participant: Participant, plan: Plan | None, *, dose_at: datetime
) -> tuple[Case | None, Answer]:
    if plan is None:
        return None, _holding(NO_RULES, {})
    case = case_on(record, participant, plan, dose_at=dose_at)
    if gone := _steps_gone(case):
        return None, _holding("step_not_in_plan", {"step": ", ".join(gone)})
    return case, _with_cohort(participant, plan, case, decide_case(case), dose_at=dose_at)


def plan_of_regimen(participant: Participant) -> Plan | None:
    """None: the participant's regimen was set up by hand."""
    document = document_of(participant.regimen)
    return None if document is None else plan_of(document)


def _steps_gone(case: Case) -> list[str]:
    """Steps given under an earlier version that the participant's own no longer has."""
    known = {step.label for step in case.plan.steps}
    return list(dict.fromkeys(dose.step for dose in case.doses if dose.step not in known))


def _holding(code: str, values: dict[str, str]) -> Answer:
    """Nothing can be asked: it holds, and says why."""
    missing = Criterion(code=code, state=Standing.UNKNOWN, sentence=code, values=values, source="")
    return Answer(
        decision=Decision.HOLD, step=None, earliest_h=None, inpatient_hours=None, criteria=(missing,)
    )  # fmt: skip


def planned_time(participant: Participant, *, at: datetime) -> datetime:
    """When the next dose is planned, on the site's wall clock; now where that is past or nobody knows."""
    plan, doses = plan_of_regimen(participant), given_doses(participant, until=at)
    if plan is None or not doses:
        return at
    planned = planned_after(case_of(participant, plan, dose_at=at), participant, dosed_at=doses[-1].observed_at)
    return at if planned is None else max(at, planned)


def planned_after(case: Case, participant: Participant, *, dosed_at: datetime) -> datetime | None:
    """When the dose after this one is planned, on the site's wall clock. None: nobody knows."""
    if _steps_gone(case):
        return None
    slot = planned_next(case)
    days = None if slot is None else planned_days(case, slot, case.variant)
    return None if days is None else days_later(dosed_at, days, ZoneInfo(participant.site.time_zone))


def longer_hours(dose: Dose) -> int | None:
    """Whole hours of observation that the grades before this dose ask for with it. None: none do, or it was not given.

    By the version it was given under, whose step and regimen are loaded.
    """
    document = document_of(dose.step.regimen)
    if document is None or dose.status == DoseStatus.NOT_GIVEN:
        return None
    plan = plan_of(document)
    if all(rule.inpatient_h is None for rule in plan.grade_rules):
        return None
    case = case_of(dose.participant, plan, dose_at=dose.observed_at, but=dose.root)
    # Only whether a period was opened is asked of the doses: one of a step that is gone opened one.
    known = {step.label for step in plan.steps}
    given = (one if one.step in known else replace(one, step=dose.step.label) for one in case.doses)
    hours = longer_after(replace(case, doses=tuple(given)), plan.step(dose.step.label))
    return None if hours is None else _whole(hours)


def rules_asking(dose: Dose) -> str:
    """What the plan says about the hours that were noted with this dose; empty: none were."""
    document = document_of(dose.step.regimen)
    if document is None or dose.longer_h is None:
        return ""
    region, label = dose.step.regimen.variant, dose.step.label
    asking = (
        rule.text
        for rule in plan_of(document).grade_rules
        if rule.inpatient_h is not None
        and _whole(rule.inpatient_h) == dose.longer_h
        and (not region or not rule.variants or region in rule.variants)
        and (not rule.next_steps or label in rule.next_steps)
    )
    return "; ".join(dict.fromkeys(asking))


def _whole(hours: Decimal) -> int:
    """The bedside counts whole hours: half an hour is watched for one."""
    return int(hours.to_integral_value(rounding=ROUND_CEILING))


# --- Releases and deviations ------------------------------------------------------------------------------------


def standing_release(participant: Participant, *, at: datetime) -> DoseRelease | None:
    """The newest release since the last dose. None: there is none, or it no longer holds.

    It does not since an event began or got worse, or the cohort was changed.
    """
    releases = releases_of(participant).filter(observed_at__lte=at)
    if doses := given_doses(participant, until=at):
        releases = releases.filter(observed_at__gt=doses[-1].observed_at)
    newest = releases.select_related("step", "recorded_by").order_by("-observed_at").first()
    episodes = Episode.objects.filter(participant=participant)
    if newest is None:
        return None
    release = as_release(newest)
    if release.void_by(event_times(episodes), until=at) or release.is_of_another_plan(at=at):
        return None
    return newest


def deviations_of(participant: Participant, doses: Sequence[Dose]) -> dict[str, Deviation]:
    """Root of a dose -> what it deviates in. `doses`: those given, all of them. Empty without rules on file."""
    episodes = Episode.objects.filter(participant=participant)
    return deviations_in(participant, doses, standing_releases(participant), episodes)


# --- Cohorts ----------------------------------------------------------------------------------------------------


def _with_cohort(participant: Participant, plan: Plan, case: Case, answer: Answer, *, dose_at: datetime) -> Answer:
    """With the rules of the participant's cohort, where the plan has cohorts."""
    if not plan.cohorts:
        return answer
    cohort = cohort_of(plan, participant.cohort)
    if cohort is None:
        return with_cohort(answer, outside_cohorts(plan, participant.cohort))
    if answer.step is None:
        return answer
    criteria = cohort_criteria(
        cohort, plan=plan, step=answer.step, is_first_dose=not case.opened, dose_at=dose_at,
        others=_others(participant, cohort, until=dose_at),
        cleared_to=_cleared_to(participant, plan, at=dose_at),
    )  # fmt: skip
    return with_cohort(answer, criteria)


def _cleared_to(participant: Participant, plan: Plan, *, at: datetime) -> str | None:
    """None: nobody cleared a step, or the plan in force no longer has it."""
    clearance = cleared_up_to(participant.study, participant.cohort, at=at)
    return clearance.step if clearance is not None and clearance.step in [step.label for step in plan.steps] else None


def _others(participant: Participant, cohort: Cohort, *, until: datetime) -> list[Other]:
    """Those of the cohort dosed by then, at any site of the study: only when, and whether the window is complete."""
    doses = (
        Dose.objects.standing()
        .filter(participant__study=participant.study_id, participant__cohort=cohort.name, observed_at__lte=until,
                amount__isnull=False, step__opens_period=True)
        .exclude(participant=participant)
        .order_by("participant", "observed_at")
        .distinct("participant")
    )  # fmt: skip
    closed = {
        one.dose.root: one.complete
        for one in WindowCompletion.objects.standing()
        .filter(dose__in=doses)
        .select_related("dose")
        .order_by("observed_at")
    }
    return [Other(first_dose_at=dose.observed_at, window_complete=closed.get(dose.root)) for dose in doses]
