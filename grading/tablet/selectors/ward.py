"""The ward as a tablet keeps it for when there is no network: what one person may see there, at one moment."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.devices.models import Tablet
from crsmonitor.errors import NotFound
from grading.alerting.delivery.signs_of_life import phone_trees_for
from grading.bedside.selectors.bedside import state_of
from grading.bedside.selectors.ward_json import ward_board_json
from grading.course.watched import unrecorded_in_scope, watched_in_scope
from grading.dosing.selectors.gate import answers_of
from grading.models.dose_period import LONG_OF_SLOTS
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.tablet.entries import KINDS
from grading.tablet.participant_rules import Surroundings, participant_rules, surroundings_of
from regimens.models import Participant
from regimens.rules.gate.answer import Answer
from regimens.rules.gate.case import Case
from regimens.rules.wristband import Wristband
from regimens.selectors import may, participants_for, wristbands_of

_PERIOD = "current_state__period__"
_LONG = [f"{_PERIOD}{name}" for name in LONG_OF_SLOTS]


def ward_on_tablet(user: User, tablet: Tablet | None, *, at: datetime, expires_at: datetime) -> dict[str, Any]:
    """As JSON. On an enrolled tablet its own site alone; elsewhere wherever this user sees a ward. NotFound where she
    sees none.
    """
    if not may(user, Act.SEE_WARD):
        raise NotFound("no_such_page")
    participants = _participants(user, tablet)
    around, bands = surroundings_of(participants.values(), at=at), wristbands_of(participants.values())
    recording = set(participants_for(user, Act.RECORD).filter(pk__in=participants).values_list("pk", flat=True))
    gates = answers_of([one for pk, one in participants.items() if pk in recording], dose_at=at)
    board = json.loads(ward_board_json(user, at=at))["rows"]
    return {
        "as_of": at.isoformat(),
        "expires_at": expires_at.isoformat(),
        "rules": f"{CRITERIA}, {VERSION}",
        "site": None if tablet is None else _site(tablet.site),
        "person": user.pk,
        "rows": [row for row in board if row["participant"] in participants],
        "participants": {
            str(pk): _participant(one, around, bands[pk], gates.get(pk), at=at) for pk, one in participants.items()
        },
        "phone_tree": _phone_trees(user, tablet),
    }


def _participants(user: User, tablet: Tablet | None) -> dict[int, Participant]:
    """On the ward now, or enrolled and still without anything recorded."""
    seen = Participant.objects.filter(Q(watched_in_scope(user)) | unrecorded_in_scope(user))
    here = seen if tablet is None else seen.filter(site=tablet.site_id)
    related = ("site", "study", "regimen", "current_state__step", "current_state__period")
    return {one.pk: one for one in here.select_related(*related).defer(*_LONG).order_by("number")}


def _site(site: Any) -> dict[str, str]:
    return {"code": site.code, "name": site.name, "zone": site.time_zone}


def _participant(
    participant: Participant,
    around: Surroundings,
    band: Wristband,
    gate: tuple[Case | None, Answer] | None,
    *,
    at: datetime,
) -> dict[str, Any]:
    """`gate` None: the user records nothing here."""
    participant.current_state = state = state_of(participant)
    return {
        "number": participant.number,
        "ward": state.ward,
        "bed": state.bed,
        "wristband": {"identifier": band.identifier, "ending": band.ending},
        "rules": participant_rules(participant, at=at, around=around),
        "plan": _plan(state),
        "gate": None if gate is None else _gate(gate[1], at=at),
        "forms": {} if gate is None else {kind: reverse(kind, args=[participant.pk]) for kind in KINDS},
    }


def _plan(state: Any) -> list[dict[str, Any]]:
    """When the next look of each kind is due, and how often after it. Empty: the regimen says nothing."""
    looks = (("vitals", state.vitals_due_at), ("neuro", state.neuro_due_at))
    hours = {kind: state.step and getattr(state.step, f"{kind}_every_h") for kind, _due in looks}
    return [
        {"kind": kind, "due_at": due.isoformat(), "every_h": None if hours[kind] is None else f"{hours[kind]}"}
        for kind, due in looks
        if due is not None
    ]


def _gate(answer: Answer, *, at: datetime) -> dict[str, Any]:
    """The answer for a dose now: the step it is about, None where it is about none."""
    return {"answer": answer.decision.value, "step": answer.step, "as_of": at.isoformat()}


def _phone_trees(user: User, tablet: Tablet | None) -> list[dict[str, str]]:
    trees = phone_trees_for(user)
    if tablet is not None:
        trees = trees.filter(site=None) | trees.filter(site=tablet.site_id)
    return [
        {"study": tree.study.code, "site": "" if tree.site is None else tree.site.code, "text": tree.text}
        for tree in trees
    ]
