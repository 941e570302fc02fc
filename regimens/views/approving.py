"""A draft is approved on its page, by another person, who signs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import InvalidInput
from regimens.forms.approval import ApprovalForm
from regimens.models import Regimen
from regimens.rules.tightening import read_tightening
from regimens.selectors import missing_for_enrolment, regimens_of, studies_for
from regimens.services.drafting import approve
from regimens.wording import STATES, state_of


def approved(request: HttpRequest, version: Regimen, form: ApprovalForm) -> bool:
    """Whether the draft is in force now. The form says why not; Forbidden for who may not."""
    if not form.is_valid():
        return False
    typed, at = form.cleaned_data, timezone.now()
    try:
        proof = prove(request, name=typed["name"], password=typed["password"])
        approve(version.pk, because=typed["because"], by=request.user, at=at, proof=proof)
    except InvalidInput as error:
        form.take(error)
        return False
    messages.success(request, _("%(version)s is in force.") % {"version": version})
    return True


def approval_of(request: HttpRequest, version: Regimen, form: ApprovalForm | None) -> dict[str, Any]:
    """What the page says of a version's state, and the form for whoever may approve a draft."""
    state = state_of(version, regimens_of(request.user, version.study.code))
    may_approve = studies_for(request.user, Act.APPROVE).contains(version.study)
    unfinished = bool(missing_for_enrolment(version)) or not version.tightening_decided
    return {
        "state": state,
        "state_word": STATES[state],
        "unfinished": unfinished,
        "approval": form or ApprovalForm(),
        "may_approve": may_approve and state == "draft" and not unfinished,
        "drafted_it": version.drafted_by_id == request.user.pk,
        "may_draft": studies_for(request.user, Act.DRAFT).contains(version.study),
        "tightening": read_tightening(version.tightening),
    }
