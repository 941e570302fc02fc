"""An investigator decides which rung of a design's ladder the next participants are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, Forbidden, InvalidInput, KeyReused
from regimens.models import CohortClearance, DesignVersion, EscalationDecision, Regimen
from regimens.rules.canonical import sha256_of, text_of_json
from regimens.selectors import studies_for
from regimens.selectors.decided import newest_decision
from regimens.services.clearances import clear_cohort
from regimens.services.signables import ESCALATION
from regimens.services.signing import sign
from regimens.services.versions import alone

REASON_MOST = 2000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the rule of a design says of a study's own participants, as known at the cut.

    `ladder`: names of rungs, the lowest first, each with the cohort that is given it (empty: the plan has none).
    `recommended` empty: nobody is to be dosed on any rung. `answer`: all that was worked out; its hash is kept.
    """

    version: DesignVersion
    regimen: Regimen
    ladder: Mapping[str, str]
    current: str
    recommended: str
    cut: datetime
    facts_sha256: str
    answer: Mapping[str, Any]
    engine: str

    @property
    def answer_sha256(self) -> str:
        return sha256_of(text_of_json(dict(self.answer)))

    @property
    def seen(self) -> str:
        """What stands on a page from which somebody decides: another one is another recommendation, or other facts."""
        return sha256_of(
            text_of_json([self.version.pk, self.regimen.pk, self.recommended, self.facts_sha256, self.answer_sha256])
        )


@transaction.atomic
def decide_rung(
    advice: Advice,
    *,
    rung: str,
    reason: str,
    seen: str,
    by: User,
    at: datetime,
    proof: Proof,
    clear_up_to: str = "",
    after: UUID | None = None,
    key: UUID,
) -> EscalationDecision:
    """A decision with the recommendation beside it, signed. `rung` empty: nobody is dosed on any.

    `seen`: of the page on which it was decided. `after`: the decision that held there; None: there was none.
    `clear_up_to`: a step of the rung's cohort, cleared in the same act where it is a higher rung; empty: none is.
    The same `key` with the same again is the decision there is.

    Raises Forbidden for who may not approve in the study and for who drafted the design, InvalidInput at the field,
    DomainError where facts or the recommendation changed or somebody decided meanwhile, KeyReused.
    """
    may_decide(advice.version, by)
    alone(advice.regimen.study)
    reason = reason.strip()
    if (made := EscalationDecision.objects.filter(pk=key).first()) is not None:
        if (made.version_id, made.rung, made.reason, made.decided_by_id) != (advice.version.pk, rung, reason, by.pk):
            raise KeyReused("id_used")
        return made
    before = newest_decision(by, advice.regimen.study, advice.version.design_id)
    if before is not None and before.pk != after:
        raise DomainError("decided_since", by=before.decided_by.get_username(), rung=before.rung)
    if seen != advice.seen:
        raise DomainError("advice_changed")
    _check(advice, rung, reason, clear_up_to)
    with acting(by=by, reason=reason):
        decision = EscalationDecision.objects.create(
            id=key, study=advice.regimen.study, version=advice.version, regimen=advice.regimen,
            current=advice.current, rung=rung, recommended=advice.recommended, reason=reason, cut=advice.cut,
            facts_sha256=advice.facts_sha256, answer_sha256=advice.answer_sha256, engine=advice.engine,
            decided_by=by, at=at, clearance=_cleared(advice, rung, clear_up_to, reason, by=by, at=at, proof=proof),
        )  # fmt: skip
        sign(ESCALATION, decision, by=by, at=at, proof=proof)
    return decision


def may_decide(version: DesignVersion, user: User) -> None:
    """Raises Forbidden for whoever may not decide on a design: two people, by role and never who drafted it."""
    if not studies_for(user, Act.APPROVE).filter(pk=version.design.study_id).exists():
        raise Forbidden("role_forbids")
    if version.drafted_by_id == user.pk:
        raise Forbidden("drafter_decides")


def is_climb(advice: Advice, rung: str) -> bool:
    """Whether it is a higher rung than the one that is given."""
    places = list(advice.ladder)
    return bool(rung) and places.index(rung) > places.index(advice.current)


def _check(advice: Advice, rung: str, reason: str, clear_up_to: str) -> None:
    if rung and rung not in advice.ladder:
        raise InvalidInput.at("rung", "not_a_rung")
    if not reason:
        raise InvalidInput.at("reason", "say_who_decided")
    if len(reason) > REASON_MOST:
        raise InvalidInput.at("reason", "note_length", most=REASON_MOST)
    if clear_up_to and not is_climb(advice, rung):
        raise InvalidInput.at("clear_up_to", "clears_a_climb_alone")


def _cleared(
    advice: Advice, rung: str, step: str, reason: str, *, by: User, at: datetime, proof: Proof
) -> CohortClearance | None:
    if not step:
        return None
    try:
        return clear_cohort(
            regimen=advice.regimen, cohort=advice.ladder[rung], step=step, because=reason, by=by, at=at, proof=proof
        )
    except InvalidInput as error:
        raise InvalidInput.at("clear_up_to", next(iter(error.fields.values()))[0].code) from error
