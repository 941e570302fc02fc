"""The course as the conditions of a policy see it: from the current state, with the facts that those in force need."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from crsmonitor.database import rows
from grading.course.memory import folded_in
from grading.course.record import readings
from grading.course.record.plans import plans_running
from grading.models import CurrentState, DosePeriod, NeuroAssessment, Treatment
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.now import CourseNow, DrugGiven, DueObservation, GradedSet, NeuroSet, OpenEpisode, Running
from grading.rules.course.slots import TIGHTENED, Plans, read
from grading.rules.course.state import State
from grading.rules.drugs.names import TOCILIZUMAB, generic
from grading.rules.grades.danger import LOOK_AGAIN_AFTER, RUN_LASTS, look_again_at
from regimens.models import Measured, Measurement
from regimens.rules.schedule import Kind, slots

_OF_MIND = {ConditionCode.SEIZURE_OR_POSTURING, ConditionCode.ICE_DROP}
_OF_OBSERVATION = {ConditionCode.OBSERVATION_OVERDUE, ConditionCode.WINDOW_ENDING}
# Of sets one after the other that say the same the first, and the newest: OpenEpisode asks for no others.
_SETS = """
    SELECT observed_at, root, at_least, at_most
      FROM (SELECT observed_at, fact_id, root, at_least, at_most,
                   lag(at_least) OVER w AS least_before, lag(at_most) OVER w AS most_before,
                   lead(fact_id) OVER w IS NULL AS is_newest
              FROM grading_grade WHERE participant_id = $1 AND kind = $2 AND observed_at >= $3
            WINDOW w AS (ORDER BY observed_at, fact_id)) s
     WHERE (at_least, at_most) IS DISTINCT FROM (least_before, most_before) OR is_newest
     ORDER BY observed_at, fact_id
"""
_DRUGS = """
    WHERE m.participant_id = $1 AND NOT m.withdrawn
      AND NOT EXISTS (SELECT FROM grading_treatment l WHERE l.supersedes_id = m.id)
    ORDER BY m.observed_at, m.id
"""
_POSTURES = ("decerebrate_posturing", "decorticate_posturing")


def course_now(state: CurrentState, period: DosePeriod | None, *, codes: Collection[ConditionCode]) -> CourseNow | None:
    """`period`: the one that `state` names. None: nobody is under observation, by death or by the end of it.

    `codes`: the conditions in force; what none of them asks for is not read.
    """
    folded = folded_in(state)
    if state.ended or folded.died:
        return None
    codes, observations = set(codes), [at for at in (state.vitals_at, state.neuro_at) if at is not None]
    episodes, drugs = _open_episodes(state, folded) if codes - _OF_MIND - _OF_OBSERVATION else ((), ())
    baseline: int | None = None
    neuro: tuple[NeuroSet, ...] = ()
    if codes & _OF_MIND and not _is_clear(state, folded):
        baseline, neuro = _baseline(state), _neuro(state)
    return CourseNow(
        last_at=max(observations, default=None),
        episodes=episodes,
        neuro=neuro,
        icans_standing=folded.standing_grade(ICANS),
        ice_baseline=baseline,
        drugs=drugs,
        running=None if period is None or folded.dose is None else _running(state, period, folded),
    )


def _is_clear(state: CurrentState, folded: State) -> bool:
    """Whether the newest assessment shows nothing of the mind: spares reading the sets at nearly every fact."""
    return state.neuro_at is None or (state.icans_at_most == 0 and not folded.attributed)


def _open_episodes(state: CurrentState, folded: State) -> tuple[tuple[OpenEpisode, ...], tuple[DrugGiven, ...]]:
    """With their sets; and the drugs that were given, where there is one."""
    open_ = [e for kind in (CRS, ICANS) if (e := folded.open_episode(kind)) is not None]
    if not open_:
        return (), ()
    *sets, treatments = rows.fetch_all_each(
        *((_SETS, [state.participant_id, str(one.kind), one.started_at]) for one in open_),
        rows.finding(Treatment, _DRUGS, [state.participant_id]),
    )
    episodes = [
        OpenEpisode(
            kind=one.kind, root=one.root, started_at=one.started_at, standing=folded.standing_grade(one.kind),
            sets=tuple(GradedSet(at=at, root=str(root), at_least=low, at_most=high) for at, root, low, high in few),
        )
        for one, few in zip(open_, sets, strict=True)
        if few
    ]  # fmt: skip
    given = rows.every(Treatment, treatments) if episodes else ()
    drugs = [drug_given(one) for one in given if one.acts_as in ("anticytokine", "corticosteroid")]
    return tuple(episodes), tuple(drugs)


def drug_given(one: Treatment) -> DrugGiven:
    return DrugGiven(
        at=one.observed_at, root=str(one.root), is_tocilizumab=generic(one.drug) == TOCILIZUMAB,
        is_steroid=one.acts_as == "corticosteroid", indication=one.indication,
    )  # fmt: skip


def _neuro(state: CurrentState) -> tuple[NeuroSet, ...]:
    """Those of the running period, or all before the first dose."""
    looks = NeuroAssessment.objects.standing().filter(participant=state.participant_id)
    if state.dose_at is not None:
        looks = looks.filter(observed_at__gte=state.dose_at)
    return tuple(map(neuro_set, looks.order_by("observed_at", "id")))


def neuro_set(one: NeuroAssessment) -> NeuroSet:
    seizure = [one.seizure] if one.seizure not in (None, "none") else []
    postures = [sign for sign in one.icp_signs or () if sign in _POSTURES]
    return NeuroSet(
        at=one.observed_at, root=str(one.root), alarming=(*seizure, *postures),
        looked=one.seizure is not None and one.icp_signs is not None, ice=readings.ice_score(one),
    )  # fmt: skip


def _baseline(state: CurrentState) -> int | None:
    """The participant's own ICE before the first dose: as recorded for it, else of the last assessment before."""
    mine = {"participant": state.participant_id}
    kept = Measurement.objects.standing().filter(**mine, kind=Measured.BASELINE_ICE, value__isnull=False)
    value: Decimal | None = kept.order_by("-observed_at", "-id").values_list("value", flat=True).first()
    if value is not None:
        return int(value)
    first = DosePeriod.objects.filter(**mine).exclude(ended_by="NOT GIVEN").order_by("started_at").first()
    if first is None:
        return None
    before = NeuroAssessment.objects.standing().filter(**mine, observed_at__lt=first.started_at)
    scores = map(readings.ice_score, before.order_by("-observed_at", "-id"))
    return next((score for score in scores if score is not None), None)


def _running(state: CurrentState, period: DosePeriod, folded: State) -> Running:
    assert folded.dose is not None
    plans, again = plans_running(state, period), look_again_at(folded.danger)
    due = ((Kind.VITALS, state.vitals_due_at), (Kind.NEURO, state.neuro_due_at))
    due_observations = []
    for kind, at in due:
        if at is not None and kind is Kind.VITALS and at == again:
            late_from = at + LOOK_AGAIN_AFTER / 2  # as of a slot: at most half an interval
            due_observations.append(
                DueObservation(kind=kind.value, due_at=at, late_from=late_from, over_at=at + RUN_LASTS)
            )
        elif at is not None and plans.of(kind) is not None:
            due_observations.append(_due(plans, period, kind, at))
    return Running(
        dose_root=folded.dose.root,
        window_ends_at=period.window_ends_at,
        due=tuple(due_observations),
        missed=tuple(sorted([*(period.vitals_unfilled or ()), *(period.neuro_unfilled or ())])),
    )


def _due(plans: Plans, period: DosePeriod, kind: Kind, at: datetime) -> DueObservation:
    plan = plans.of(kind)
    assert plan is not None  # something is due
    planned = slots(plan, read(period.slot_sets, TIGHTENED) if plan.tiers else ())
    slot = next((one for one in planned if one.due_at >= at), None)
    if slot is None:  # written by an older rule, until it is derived again
        return DueObservation(kind=kind.value, due_at=at, late_from=at + plan.grace, over_at=at + plan.every)
    return DueObservation(kind=kind.value, due_at=slot.due_at, late_from=slot.on_time_until, over_at=slot.over_at)
