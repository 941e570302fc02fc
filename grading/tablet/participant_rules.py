"""What a tablet needs to know of a participant, so that its rules grade what is being typed for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from grading.bedside.selectors.bedside import state_of
from grading.course.before import before_look
from grading.course.derive import parameters_of
from grading.course.memory import Memory
from grading.course.record import readings
from grading.models import AlertPolicy, NeuroAssessment, VitalSigns
from grading.policies.selectors import policies_in_force
from grading.recording.doubts import set_before
from grading.rules.contract.tablet_facts import look_written, parameters_written, values_written
from grading.rules.course.state import write_state
from grading.rules.grades.entry.limits import CHANGES
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.rules.treatment.drug_rules import read_drugs
from regimens.models import NeuroInstrument, Participant, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is read for several at once: the newest set by participant, the policy by study, and by regimen the keys of
    the steps that open a dose period. One that is not there has none.
    """

    newest: Mapping[int, VitalSigns]
    policies: Mapping[int, AlertPolicy]
    steps: Mapping[int, list[int]]


def surroundings_of(participants: Iterable[Participant], *, at: datetime) -> Surroundings:
    """Three queries, however many they are."""
    everybody = list(participants)
    return Surroundings(
        newest={one.participant_id: one for one in _newest_sets(everybody)},
        policies=policies_in_force({one.study_id for one in everybody}, at=at),
        steps=_steps({one.regimen_id for one in everybody}),
    )


def _newest_sets(participants: list[Participant]) -> QuerySet[VitalSigns]:
    sets = VitalSigns.objects.standing().filter(participant__in=participants)
    return sets.order_by("participant", "-observed_at").distinct("participant")


def _steps(regimens: set[int]) -> dict[int, list[int]]:
    steps: dict[int, list[int]] = {}
    opening = Step.objects.filter(regimen__in=regimens, opens_period=True).order_by("position")
    for regimen, pk in opening.values_list("regimen", "pk"):
        steps.setdefault(regimen, []).append(pk)
    return steps


def participant_rules(participant: Participant, *, at: datetime, around: Surroundings | None = None) -> dict[str, Any]:
    """As JSON; what the questions of grading/rules/contract/tablet.py take is written as they take it.

    `state`: the fold of all facts as of `as_of`. `baseline`: what a look is compared with, as fields of one; null: not
    on record. `baseline_at`: when the newest of it was measured: a set of then or before is not compared with it.
    `set_before`: the newest set, null where there is none, and `set_before_at` when it was taken. `previous`: its
    values that a jump is measured from. `policy` null: the study has none in force, and nobody is told.
    `changed_at` null: nothing is recorded of them. `masking`: how long the policy's drugs hide a fever; `period_steps`:
    the steps whose dose opens a period. `around` None: it is read for this one.
    """
    around = surroundings_of([participant], at=at) if around is None else around
    state = state_of(participant)
    memory, newest, policy = (
        Memory.read(state.fold),
        around.newest.get(participant.pk),
        around.policies.get(participant.study_id),
    )
    return {
        "version": f"{CRITERIA}, {VERSION}",
        "as_of": at.isoformat(),
        "changed_at": _written(state.changed_at),
        "state": write_state(memory.state),
        "parameters": parameters_written(parameters_of(participant)),
        "baseline": values_written(memory.baseline.inputs()),
        "baseline_at": _written(memory.baseline.at),
        "set_before": None if newest is None else look_written(readings.crs_inputs(newest)),
        "set_before_at": None if newest is None else _written(newest.observed_at),
        "previous": {name: state.vitals.get(name) for name in CHANGES},
        "pediatric": participant.neuro_instrument == NeuroInstrument.CAPD,
        "late_after_minutes": participant.study.late_after_minutes,
        "zone": participant.site.time_zone,
        "policy": None if policy is None else {"version": policy.version, "thresholds": policy.thresholds},
        "masking": _masking(policy),
        "period_steps": around.steps.get(participant.regimen_id, []),
    }


def correction_rules(earlier: VitalSigns | NeuroAssessment, *, at: datetime) -> dict[str, Any]:
    """The same for a correction of this look, as of when it was seen and without it.

    `same_at`: when that was. `until`: the place of the first fact after it (`place_of` of rules/course/events.py), from
    which on the state is another; null: there is none.
    """
    before, stood = set_before(earlier) if isinstance(earlier, VitalSigns) else None, before_look(earlier)
    return participant_rules(earlier.participant, at=at) | {
        "same_at": _written(earlier.observed_at),
        "state": write_state(stood.state),
        "until": None if stood.until is None else [stood.until[0].isoformat(), *stood.until[1:]],
        "baseline": values_written(stood.baseline.inputs()),
        "baseline_at": _written(stood.baseline.at),
        "set_before": None if before is None else look_written(readings.crs_inputs(before)),
        "set_before_at": None if before is None else _written(before.observed_at),
        "previous": {},  # a correction is no change
    }


def _masking(policy: AlertPolicy | None) -> list[dict[str, str]]:
    drugs = None if policy is None else read_drugs(policy.drugs)
    return [] if drugs is None else [{"code": rule.code, "hours": f"{rule.hours:f}"} for rule in drugs.masking]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
