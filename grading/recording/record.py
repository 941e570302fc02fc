"""The one door through which every fact comes in, from the bedside page, the API and imports alike."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import AlreadyCorrected, ConfirmationNeeded, InvalidInput, KeyReused, NotFound
from crsmonitor.live import announce
from grading.alerting.services.actions import treated, treated_before, untreated
from grading.alerting.services.alerts import resolve_ended, tell
from grading.course.carry_on import continue_with
from grading.course.changes import changes_of
from grading.course.derive import rederive
from grading.course.final_outcomes import settle_again
from grading.course.store import store
from grading.dosing.selectors.gate import longer_hours
from grading.dosing.services.releasing import check_release, deviation_of
from grading.dosing.services.windows import check_closing, check_excuse
from grading.models import (
    About,
    Alert,
    Attribution,
    CorrectionImpact,
    CurrentState,
    Grade,
    GradeAssessment,
    Ledger,
    Treatment,
    TreatmentEnd,
    VitalSigns,
)
from grading.recording.baselines import check_baseline
from grading.recording.doubts import open_before, worsens_on
from grading.recording.ends import check_order
from grading.recording.holding import hold
from grading.recording.selectors import changes_by
from grading.review.services.assessing import check_assessment
from grading.rules.grades.checks import contradictions, doubts, impossible_fields, to_retype
from grading.rules.grades.limits import CHANGES, LIMITS
from grading.treatment.doubts import by_field
from grading.treatment.services.drugs import check_dose, check_treatment, check_weight, name_decides_class
from regimens.facts import Fact, Source
from regimens.models import (
    ClientId,
    Dose,
    DoseEnd,
    DoseRelease,
    Measurement,
    MissedObservationReason,
    Participant,
    StayEnd,
    WindowCompletion,
)
from regimens.rules.releases import Deviation

CLOCK_SLACK = timedelta(minutes=2)  # how far a tablet's clock may run ahead of ours
SHOWN = 20  # characters of a value that was left out
EARLIEST_YEAR = 2000  # an observation before is a typing error
# What the submission is not: the server's own columns.
_OURS = ("recorded_at", "recorded_by", "root", "digest", "unconfirmed", "derived_grade", "derived_at_most", "unusual",
         "dropped", "decision", "proposed_step", "criteria", "missed", "longer_h")  # fmt: skip
# Columns that came later: left out where they are empty, so that a fact kept before has the digest it had.
_LATER: dict[type[Fact], tuple[str, ...]] = {
    VitalSigns: ("position", "arm"),
    Treatment: ("ordered_at", "retyped", "because"),
    Dose: ("retyped", "because", "despite_gate"),
    Measurement: ("retyped", "because"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A fact that is kept. `replayed`: it was already, and this is the first answer again.

    `grade`: of this set; None for facts that are not graded. `unconfirmed`: fields of rare values, to be typed again.
    `changes`: what a late entry or a correction made different of what was told before, each a course.Change.plain().
    `deviation`: of a dose that was given without its release.
    """

    fact: Fact
    grade: Grade | None
    alerts: tuple[Alert, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    replayed: bool = False
    deviation: Deviation | None = None


def record(draft: Fact, *, by: User, at: datetime, proven: bool = False) -> Recorded:
    """Keep a fact, derive the course again, and raise what it reveals. All or nothing.

    `draft` is unsaved, with the client's id, the participant, `observed_at`, `source` and, for a correction,
    `supersedes` and `reason`. The same draft again gives the first answer; another under its id raises KeyReused.
    `proven`: whoever records just proved again who they are; without that nothing is kept as signed.
    Raises NotFound, Forbidden, InvalidInput, ConfirmationNeeded, AlreadyCorrected.
    """
    if isinstance(draft, Treatment):
        name_decides_class(draft)
    try:
        with transaction.atomic():
            return _keep(draft, by=by, at=at, proven=proven)
    except IntegrityError as error:
        refusal = _refusal(error)
    except (InvalidInput, AlreadyCorrected) as error:
        refusal = error
    # Refused: unless it is the second time, which is only seen now, so that the first costs nothing.
    with transaction.atomic():
        first = _first_answer(draft, by=by)
    if first is None:
        raise refusal
    return first


def _keep(draft: Fact, *, by: User, at: datetime, proven: bool) -> Recorded:
    state = hold(draft.participant_id, by=by, act=act_of(draft))
    participant = state.participant
    draft.participant, draft.recorded_by, draft.recorded_at, draft.root = participant, by, at, draft.pk
    draft.digest = digest_of(draft)
    # First of all that is written: of two at once under one id the second waits here, and holds nothing of the other.
    ClientId.objects.create(id=draft.pk, kind=draft._meta.db_table, participant=participant)
    _check_times(draft, participant, at=at)
    if draft.supersedes_id is not None:
        _check_correction(draft)
    _check_belongs(draft, participant)
    check_order(draft)
    if isinstance(draft, GradeAssessment):  # bears on no course: only the final outcomes are made again
        check_assessment(draft)
        draft.save()
        if draft.about == About.EPISODE:
            settle_again(state)
        announce(participant.study_id)  # the alert list tells what asks to be judged again
        return Recorded(fact=draft, grade=None)
    if isinstance(draft, DoseRelease):  # nor does this
        check_release(draft, participant, at=at)
        draft.save()
        return Recorded(fact=draft, grade=None)
    if isinstance(draft, WindowCompletion):  # nor this
        check_closing(draft, at=at, proven=proven)
        draft.save()
        return Recorded(fact=draft, grade=None)
    unconfirmed: list[str] = []
    if isinstance(draft, VitalSigns) and not draft.withdrawn:
        draft.unconfirmed = unconfirmed = _check_vitals(draft, state)
    elif isinstance(draft, Treatment) and not draft.withdrawn:
        draft.unusual = check_treatment(draft, participant, by=by, at=at)
    elif isinstance(draft, Dose) and not draft.withdrawn:
        draft.unusual = check_dose(draft, participant)
        draft.step.regimen = participant.regimen  # as was just checked
        draft.longer_h = longer_hours(draft)
    elif isinstance(draft, Measurement):
        if not draft.withdrawn:
            check_baseline(draft)
        draft.unusual = [] if draft.withdrawn else check_weight(draft)
    elif isinstance(draft, MissedObservationReason):
        check_excuse(draft, at=at)
    derived = continue_with(draft, state, at=at)
    if derived is None:
        draft.save()
        derived = rederive(participant, at=at, fact=draft)
    compared = store(draft, derived)
    alerts = tell(derived, fact=draft, by=by, at=at)
    treated_before(alerts, at=at)
    resolve_ended(derived, by=by, at=at)
    if isinstance(draft, Treatment):
        if draft.supersedes_id is not None:
            untreated(draft, by=by, at=at)
        treated(draft, by=by, at=at)
    grade = next((g for g in derived.grades if str(g.fact_id) == str(draft.pk)), None)
    found = changes_of(compared, fact=draft, derived=derived) if derived.whole else ()
    changes = tuple(change.plain() for change in found)
    if changes:
        CorrectionImpact.objects.create(id=draft.pk, participant=participant, changes=list(changes))
    return Recorded(
        fact=draft, grade=grade, alerts=tuple(alerts), unconfirmed=tuple(unconfirmed), changes=changes,
        deviation=deviation_of(draft, participant),
    )  # fmt: skip


def act_of(draft: Fact) -> Act:
    """What somebody must be allowed to do to record this."""
    if isinstance(draft, GradeAssessment):
        return _LEDGERS[Ledger(draft.ledger)]
    signs = isinstance(draft, WindowCompletion) and draft.signed
    return Act.JUDGE if signs or isinstance(draft, Attribution | DoseRelease) else Act.RECORD


_LEDGERS = {Ledger.NURSE: Act.RECORD, Ledger.INVESTIGATOR: Act.JUDGE, Ledger.CENTRAL: Act.ADJUDICATE}


def digest_of(draft: Fact) -> str:
    """SHA-256 of what was submitted, the same for the same submission through whichever door."""
    left_out = {*_OURS, *(name for name in _LATER.get(type(draft), ()) if not getattr(draft, name))}
    names = [f.attname for f in draft._meta.concrete_fields if f.name not in left_out]
    content = {name: _plain(getattr(draft, name)) for name in names}
    text = json.dumps([draft._meta.label_lower, content], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 38.0 and 38.00 are the same submission
    return value.astimezone().timestamp() if isinstance(value, datetime) else value


def _first_answer(draft: Fact, *, by: User) -> Recorded | None:
    """What was answered when this fact came first. None: it never came. Raises KeyReused."""
    participant = hold(draft.participant_id, by=by, act=act_of(draft)).participant
    known = type(draft).objects.filter(pk=draft.pk).first()
    if known is None:
        return None
    # As it came in: what nobody can have may have been left out since.
    if known.participant_id != draft.participant_id or known.digest != (draft.digest or digest_of(draft)):
        raise KeyReused("id_used")
    grade = Grade.objects.filter(fact_id=known.pk).first()
    alerts = Alert.objects.filter(participant=known.participant_id, fact_root=known.root)
    unconfirmed = known.unconfirmed if isinstance(known, VitalSigns) else []
    return Recorded(
        fact=known, grade=grade, alerts=tuple(alerts), unconfirmed=tuple(unconfirmed), replayed=True,
        changes=tuple(changes_by(known.participant_id, str(known.pk))),
        deviation=deviation_of(known, participant),
    )  # fmt: skip


def _check_times(draft: Fact, participant: Participant, *, at: datetime) -> None:
    if draft.observed_at > at + CLOCK_SLACK:
        raise InvalidInput.at("observed_at", "in_future")
    if draft.observed_at.year < EARLIEST_YEAR:
        raise InvalidInput.at("observed_at", "too_long_ago")
    typed_by_hand = draft.source in (Source.PAGE, Source.API)
    late = at - draft.observed_at > timedelta(minutes=participant.study.late_after_minutes)
    if typed_by_hand and late and not draft.reason:
        raise InvalidInput.at("reason", "say_why_late", minutes=participant.study.late_after_minutes)


def _check_correction(draft: Fact) -> None:
    """A correction names the standing version of a fact of the same participant, and says why."""
    if not draft.reason:
        raise InvalidInput.at("reason", "correction_says_why")
    earlier = type(draft).objects.filter(pk=str(draft.supersedes_id), participant=draft.participant).first()
    if earlier is None:
        raise NotFound("no_such_record")
    if type(draft).objects.filter(supersedes=earlier).exists():
        raise AlreadyCorrected("corrected_first")
    draft.root = earlier.root


def _check_belongs(draft: Fact, participant: Participant) -> None:
    """What the fact points to is the participant's own."""
    if draft.withdrawn and draft.supersedes_id is None:
        raise InvalidInput.at("withdrawn", "withdraw_which")
    if isinstance(draft, Dose) and draft.step.regimen_id != participant.regimen_id:
        raise InvalidInput.at("step", "not_a_step")
    for model, name in _ENDS.items():
        if isinstance(draft, model) and getattr(draft, name).participant_id != participant.pk:
            raise InvalidInput.at(name, "no_such_record")


_ENDS: dict[type[Fact], str] = {DoseEnd: "dose", StayEnd: "stay", TreatmentEnd: "treatment", WindowCompletion: "dose"}


def _check_vitals(draft: VitalSigns, state: CurrentState) -> list[str]:
    """Raises what must be answered before the set is kept; returns the fields that are confirmed afterwards."""
    values = {field: getattr(draft, field) for field in LIMITS}
    found = doubts(values, device=draft.oxygen_device, previous=_last_values(draft, state))
    if draft.source not in (Source.PAGE, Source.API):  # nobody is there to type it again, or to correct it
        _drop(draft, impossible_fields(found))
        return []
    asked = [d for d in contradictions(found) if d.field not in draft.retyped]
    refused = [d for d in found if d.refuses]
    if refused and not (all(d.is_contradiction for d in refused) and worsens_on(draft)):
        raise InvalidInput("values_not_possible", fields=by_field(refused))
    first, after = to_retype(found, values=values, retyped=draft.retyped)
    if first and not worsens_on(draft):
        raise ConfirmationNeeded("values_unusual", fields=by_field(first))
    return sorted({doubt.field for doubt in (*asked, *first, *after)} | open_before(draft))


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


# What the database refuses: field and code. Anything else it refuses is our mistake and is not hidden.
_CONSTRAINTS = {
    "dose_given_has_amount": ("amount", "amount_or_reason"),
    "measurement_says_something": ("value", "value_or_text"),
    "attribution_says_why": ("because", "cause_and_reason"),
    "attribution_forward": ("until", "ends_before_it_begins"),
    "treatment_class_known": ("drug_class", "unknown_class"),
    "treatment_indication_known": ("indication", "unknown_indication"),
    "treatment_ordered_before_start": ("ordered_at", "ordered_after_start"),
}


def _refusal(error: IntegrityError) -> Exception:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if constraint.endswith("_pkey"):
        return KeyReused("id_used")
    if constraint.endswith("_supersedes_id_key"):
        return AlreadyCorrected("corrected_first")
    if constraint in _CONSTRAINTS:
        return InvalidInput.at(*_CONSTRAINTS[constraint])
    return error
