"""Enrol a participant at a site with what was so on that day: the number, the bed, the weight, the baselines. Once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import ConfirmationNeeded, Forbidden, InvalidInput, KeyReused, Message
from grading.recording.record import record
from regimens.facts import Fact
from regimens.models import Participant, Study
from regimens.selectors import participants_for, sites_for
from regimens.services.enrolment import check_enrolment

SAME = ("site_id", "number", "regimen_id", "cohort", "neuro_instrument")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFact:
    """A fact of the day of enrolment, unsaved. `places`: its fields -> where they were typed."""

    fact: Fact
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """`replayed`: they were already, by the same submission."""

    participant: Participant
    replayed: bool


@transaction.atomic
def enrol(participant: Participant, facts: Sequence[FirstFact], *, by: User, at: datetime) -> Enrolled:
    """Keep an unsaved participant and their first facts: all of it, or nothing. The same again enrols nobody twice.

    What is said of a fact is said at the place where it was typed. Raises Forbidden, InvalidInput,
    ConfirmationNeeded, KeyReused.
    """
    study = participant.study
    if not sites_for(by, study, Act.RECORD).filter(pk=participant.site_id).exists():
        raise Forbidden("role_forbids")
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)  # one at a time: a second tap finds the first
    before = Participant.objects.filter(study=study, number__iexact=participant.number).first()
    if before is None:
        check_enrolment(study=study, site=participant.site, regimen=participant.regimen, at=at)
        participant.full_clean()
        with acting(by=by, reason=f"enrolled at {participant.site.code}"):
            participant.save()
    else:
        _check_same(participant, before, facts, by=by)
    enrolled = before or participant
    _record(enrolled, facts, by=by, at=at)
    return Enrolled(participant=enrolled, replayed=before is not None)


def _check_same(typed: Participant, before: Participant, facts: Sequence[FirstFact], *, by: User) -> None:
    ids = [one.fact.pk for one in facts]
    is_ours = participants_for(by, Act.RECORD).filter(pk=before.pk, client_ids__in=ids).exists()
    if not is_ours:
        raise InvalidInput.at("number", "number_is_taken", number=before.number)
    if any(getattr(typed, name) != getattr(before, name) for name in SAME):
        raise KeyReused("id_used")


def _record(participant: Participant, facts: Sequence[FirstFact], *, by: User, at: datetime) -> None:
    """Everything that is wrong with any of them is said at once."""
    wrong: dict[str, list[Message]] = {}
    refusal = ConfirmationNeeded
    for one in facts:
        one.fact.participant = participant
        try:
            record(one.fact, by=by, at=at)
        except InvalidInput as error:
            if not isinstance(error, ConfirmationNeeded):
                refusal = InvalidInput  # type: ignore[assignment]
            for name, messages in (error.fields or {"": [error.message]}).items():
                place = wrong.setdefault(one.places.get(name, name), [])
                place += [message for message in messages if message not in place]
    if wrong:
        raise refusal("first_facts_wrong", fields=wrong)
