"""What is asked of each kind of fact before it is kept, and what the server notes on it: the checks of `kinds.py`."""

from collections.abc import Collection
from decimal import Decimal

from crsmonitor.errors import AlreadyCorrected, ConfirmationNeeded, InvalidInput
from grading.dosing.selectors.gate import longer_hours
from grading.dosing.services.releasing import check_release
from grading.dosing.services.windows import check_closing, check_missed_observation
from grading.models import CurrentState, GradeAssessment, NeuroAssessment, Treatment, TreatmentCheck, VitalSigns
from grading.models.reports.event_reports import EpisodeFact
from grading.recording.baselines import check_baseline
from grading.recording.doubts import open_before, worsens_on
from grading.recording.holding import Held
from grading.recording.neuro_banks import check_neuro
from grading.review.services.assessing import check_assessment
from grading.review.services.reporting import check_about
from grading.rules.grades.entry.checks import contradictions, doubts, impossible_fields, to_retype
from grading.rules.grades.entry.limits import CHANGES, LIMITS
from grading.treatment.doubts import by_field
from grading.treatment.services.drugs import check_dose, check_second_person, check_treatment, check_weight
from regimens.facts import BY_HAND, Fact
from regimens.models import Dose, DoseCheck, DoseRelease, Measurement, MissedObservationReason, WindowCompletion

SHOWN = 20  # characters of a value that was left out


def vitals(draft: VitalSigns, held: Held) -> None:
    """Raises what must be answered before the set is kept; notes the fields that are confirmed afterwards."""
    values = {field: getattr(draft, field) for field in LIMITS}
    doubtful = doubts(values, device=draft.oxygen_device, previous=_last_values(draft, held.state))
    if draft.source not in BY_HAND:  # nobody is there to type it again, or to correct it
        _drop(draft, impossible_fields(doubtful))
        draft.unconfirmed = []
        return
    contradicting = [d for d in contradictions(doubtful) if d.field not in draft.retyped]
    refused = [d for d in doubtful if d.refuses]
    if refused and not (all(d.is_contradiction for d in refused) and worsens_on(draft)):
        raise InvalidInput("values_not_possible", fields=by_field(refused))
    first, after = to_retype(doubtful, values=values, retyped=draft.retyped)
    if first and not worsens_on(draft):
        raise ConfirmationNeeded("values_unusual", fields=by_field(first))
    draft.unconfirmed = sorted({doubt.field for doubt in (*contradicting, *first, *after)} | open_before(draft))


def _drop(draft: VitalSigns, fields: Collection[str]) -> None:
    """What nobody can have is left out and said; the rest of the set is kept (Rulings 2)."""
    draft.dropped = {name: str(getattr(draft, name))[:SHOWN] for name in sorted(fields)}
    for name in fields:
        setattr(draft, name, None)


def _last_values(draft: VitalSigns, state: CurrentState) -> dict[str, Decimal]:
    """What the newest set before this one showed. Empty for a correction or a late entry: it is no change."""
    if draft.supersedes_id is not None or state.vitals_at is None or draft.observed_at <= state.vitals_at:
        return {}
    shown = {name: state.vitals.get(name) for name in CHANGES}
    return {name: Decimal(text) for name, text in shown.items() if text is not None}


def neuro(draft: NeuroAssessment, held: Held) -> None:
    check_neuro(draft)


def treatment(draft: Treatment, held: Held) -> None:
    draft.unusual = check_treatment(draft, held.participant, by=held.by, at=held.at)


def dose(draft: Dose, held: Held) -> None:
    draft.unusual = check_dose(draft, held.participant)
    if draft.checked_by.strip() and draft.source in BY_HAND:
        check_second_person(draft.checked_by, held.participant, by=held.by)
    draft.step.regimen = held.participant.regimen  # whose step it is was checked before
    draft.longer_h = longer_hours(draft)


def dose_check(draft: DoseCheck, held: Held) -> None:
    _second_look(draft.dose, "dose", held)


def treatment_check(draft: TreatmentCheck, held: Held) -> None:
    _second_look(draft.treatment, "treatment", held)
    if not draft.treatment.needs_second_person:
        raise InvalidInput.at("treatment", "second_person_not_asked")


def _second_look(given: Fact, name: str, held: Held) -> None:
    """By somebody else than who recorded it, at what stands; who may record at the site was asked before."""
    if given.recorded_by_id == held.by.pk:
        raise InvalidInput.at(name, "second_person_is_self")
    if given.withdrawn or type(given).objects.filter(supersedes=given).exists():
        raise AlreadyCorrected("corrected_meanwhile")


def measurement(draft: Measurement, held: Held) -> None:
    check_baseline(draft)
    draft.unusual = check_weight(draft)


def release(draft: DoseRelease, held: Held) -> None:
    check_release(draft, held.participant, at=held.at)


def assessment(draft: GradeAssessment, held: Held) -> None:
    check_assessment(draft)


def about_episode(draft: EpisodeFact, held: Held) -> None:
    check_about(draft)


def missed_observation(draft: MissedObservationReason, held: Held) -> None:
    check_missed_observation(draft, at=held.at)


def window_completion(draft: WindowCompletion, held: Held) -> None:
    check_closing(draft, at=held.at)
