"""The one door through which every fact comes in, from the bedside page, the API and imports alike."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import IntegrityError, models, transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.database import rows
from crsmonitor.devices.current import current_tablet
from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused, NotFound, SignatureNeeded
from crsmonitor.pages.notices import hint
from grading.alerting.services.actions import treated_before
from grading.alerting.services.alerts import resolve_ended, tell
from grading.course.carry_on import continue_with
from grading.course.changes import changes_of
from grading.course.derive import rederive
from grading.course.store import store
from grading.models import Alert, CorrectionImpact, Grade
from grading.recording.ends import check_order
from grading.recording.holding import Held, hold
from grading.recording.kinds import KINDS, FactKind
from grading.recording.selectors import changes_by
from grading.review.signatures.kinds import OF_FACTS
from grading.review.signatures.voiding import void_by
from regimens.facts import BY_HAND, Fact, Source
from regimens.models import Participant
from regimens.rules.releases import Deviation
from regimens.services.signing import sign

CLOCK_SLACK = timedelta(minutes=2)  # how far a tablet's clock may run ahead of ours
EARLIEST_YEAR = 2000  # an observation before is a typing error
# What nobody sees in a text, but for its lines: control characters, and those that turn the order of what follows.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What no submission says of any kind: the server's own columns.
_OURS = ("recorded_at", "recorded_by", "root", "digest", "tablet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A fact that is kept. `replayed`: it was already, and this is the first answer again.

    `grade`: of this set; None for facts that are not graded.
    `changes`: what a late entry or a correction made different of what was told before, each a course.Change.plain().
    `deviation`: of a dose that was given without its release.
    """

    fact: Fact
    grade: Grade | None
    alerts: tuple[Alert, ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    replayed: bool = False
    deviation: Deviation | None = None

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Fields of rare values, to be typed again."""
        return tuple(getattr(self.fact, "unconfirmed", ()))


def record(
    draft: Fact, *, by: User, at: datetime, proof: Proof | None = None, kept_at: datetime | None = None
) -> Recorded:
    """Keep a fact, derive the course again, and raise what it reveals. All or nothing.

    `draft` is unsaved, with the client's id, the participant, `observed_at`, `source` and, for a correction,
    `supersedes` and `reason`. The same draft again gives the first answer; another under its id raises KeyReused.
    `proof`: by what whoever records just proved again who they are; without it nothing is kept that is signed.
    `kept_at`: when a tablet kept it that waited for the network: it is late by then, if at all. None: it comes at once.
    Raises NotFound, Forbidden, InvalidInput, SignatureNeeded, ConfirmationNeeded, AlreadyCorrected.
    """
    KINDS[type(draft)].reads(draft)
    try:
        with transaction.atomic():
            return _keep(draft, by=by, at=at, proof=proof, kept_at=kept_at or at)
    except IntegrityError as error:
        refusal = _refusal(error, KINDS[type(draft)])
    except (InvalidInput, AlreadyCorrected) as error:
        refusal = error
    # Refused: unless it is the second time, which is only seen now, so that the first costs nothing.
    with transaction.atomic():
        first = _first_answer(draft, by=by, at=at)
    if first is None:
        raise refusal
    return first


def _keep(draft: Fact, *, by: User, at: datetime, proof: Proof | None, kept_at: datetime) -> Recorded:
    kind = KINDS[type(draft)]
    lacks_proof = kind.is_signed(draft) and draft.source in BY_HAND and proof is None
    claim = None if lacks_proof else draft
    held = hold(draft.participant_id, by=by, act=kind.act_for(draft), at=at, claim=claim)
    participant = held.participant
    if lacks_proof:
        raise SignatureNeeded.at("signature", "signature_needed")
    draft.participant, draft.recorded_by, draft.recorded_at, draft.root = participant, by, at, draft.pk
    draft.tablet_id = current_tablet()
    draft.digest = digest_of(draft)
    _check_times(draft, participant, at=at, kept_at=kept_at)
    _check_texts(draft)
    if draft.supersedes_id is not None:
        _check_correction(draft)
    _check_belongs(draft, kind, participant)
    check_order(draft)
    if kind.checks_withdrawn or not draft.withdrawn:
        kind.check(draft, held)
    if kind.changes_course:
        kept = _keep_in_course(draft, kind, held)
    else:
        rows.write([draft], [])
        kind.after(draft, held)
        kept = Recorded(fact=draft, grade=None)
    if held.is_signed:
        void_by(draft, derived_anew=bool(kept.changes) or not kind.changes_course, by=by, at=at)
    if proof is not None and kind.is_signed(draft):
        sign(OF_FACTS[type(draft)], draft, by=by, at=at, proof=proof)
    hint(participant.study_id, participant.site_id, participant.pk)
    return kept


def _keep_in_course(draft: Fact, kind: FactKind, held: Held) -> Recorded:
    """Keep what bears on the course: derive it again, and raise what that reveals."""
    participant, by, at = held.participant, held.by, held.at
    derived = continue_with(draft, held.state, at=at)
    if derived is None:
        rows.write([draft], [])
        derived = rederive(participant, at=at, fact=draft)
    compared = store(draft, derived)
    alerts = tell(derived, fact=draft, by=by, at=at, watch=held.watch)
    treated_before(alerts, at=at)
    if alerts or held.watch.has_alerts:
        resolve_ended(derived, by=by, at=at)
    kind.after(draft, held)
    grade = next((g for g in derived.grades if str(g.fact_id) == str(draft.pk)), None)
    impact = changes_of(compared, fact=draft, derived=derived) if derived.whole else ()
    changes = tuple(change.plain() for change in impact)
    if changes:
        CorrectionImpact.objects.create(id=draft.pk, participant=participant, changes=list(changes))
    deviation = kind.deviation(draft, participant)
    return Recorded(fact=draft, grade=grade, alerts=tuple(alerts), changes=changes, deviation=deviation)


def digest_of(draft: Fact) -> str:
    """SHA-256 of what was submitted, the same for the same submission through whichever door."""
    kind = KINDS[type(draft)]
    left_out = {name for name in kind.later if not getattr(draft, name)}
    content = {name: _plain(getattr(draft, name)) for name in _submitted(kind.model) if name not in left_out}
    text = json.dumps([draft._meta.label_lower, content], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _submitted(model: type[Fact]) -> list[str]:
    """Its columns but the server's own."""
    ours = {*_OURS, *KINDS[model].server_adds}
    return [f.attname for f in model._meta.concrete_fields if f.name not in ours]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 38.0 and 38.00 are the same submission
    return value.timestamp() if isinstance(value, datetime) else value


def _first_answer(draft: Fact, *, by: User, at: datetime) -> Recorded | None:
    """What was answered when this fact came first. None: it never came. Raises KeyReused."""
    kind = KINDS[type(draft)]
    participant = hold(draft.participant_id, by=by, act=kind.act_for(draft), at=at).participant
    known = type(draft).objects.filter(pk=draft.pk).first()
    if known is None:
        return None
    # As it came in: what nobody can have may have been left out since.
    if known.participant_id != draft.participant_id or known.digest != (draft.digest or digest_of(draft)):
        raise KeyReused("id_used")
    grade = Grade.objects.filter(fact_id=known.pk).first()
    alerts = Alert.objects.filter(participant=known.participant_id, fact_root=known.root)
    return Recorded(
        fact=known, grade=grade, alerts=tuple(alerts), replayed=True,
        changes=tuple(changes_by(known.participant_id, str(known.pk))),
        deviation=kind.deviation(known, participant),
    )  # fmt: skip


def _check_times(draft: Fact, participant: Participant, *, at: datetime, kept_at: datetime) -> None:
    if draft.observed_at > at + CLOCK_SLACK:
        raise InvalidInput.at("observed_at", "in_future")
    if draft.observed_at.year < EARLIEST_YEAR:
        raise InvalidInput.at("observed_at", "too_long_ago")
    late = kept_at - draft.observed_at > timedelta(minutes=participant.study.late_after_minutes)
    says_why = draft.source not in BY_HAND or draft.source == Source.PAPER
    if late and not says_why and not draft.reason:
        raise InvalidInput.at("reason", "say_why_late", minutes=participant.study.late_after_minutes)


def _check_texts(draft: Fact) -> None:
    """What a person typed is shown as it is on boards, in files and on paper."""
    for name in _texts(type(draft)) if draft.source in BY_HAND else ():
        if _UNSEEN.search(getattr(draft, name) or ""):
            raise InvalidInput.at(name, "not_shown")


@cache
def _texts(model: type[Fact]) -> list[str]:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return [name for name in _submitted(model) if isinstance(columns[name], models.CharField | models.TextField)]


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


def _check_belongs(draft: Fact, kind: FactKind, participant: Participant) -> None:
    """What the fact points to is the participant's own."""
    if draft.withdrawn and draft.supersedes_id is None:
        raise InvalidInput.at("withdrawn", "withdraw_which")
    if kind.of_step and draft.step.regimen_id != participant.regimen_id:  # type: ignore[attr-defined]
        raise InvalidInput.at("step", "not_a_step")
    if kind.names is not None and getattr(draft, kind.names).participant_id != participant.pk:
        raise InvalidInput.at(kind.names, "no_such_record")


def _refusal(error: IntegrityError, kind: FactKind) -> Exception:
    """What the database refuses, in our words. Anything else it refuses is our mistake and is not hidden."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if constraint.endswith("_pkey"):
        return KeyReused("id_used")
    if constraint.endswith("_supersedes_id_key"):
        return AlreadyCorrected("corrected_first")
    if constraint in kind.refusals:
        return InvalidInput.at(*kind.refusals[constraint])
    return error
