"""Signatures in words: templates get these finished."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from grading.models import DosePeriod
from grading.review.signatures.selectors import SignatureSubject
from regimens.models import Signature
from regimens.selectors import studies_for

KINDS: Mapping[str, Promise] = {
    "assessment": _l("Judgement of a grade"), "narrative": _l("Narrative"),
    "release": _l("Release of a dose"), "window": _l("End of a window"),
    "period": _l("Dose period"), "regimen": _l("Regimen version"), "policy": _l("Threshold policy"),
    "clearance": _l("Clearance of a cohort"), "cohort": _l("Cohort of a participant"), "cut": _l("Data cut"),
    "imports": _l("Imports let in without a person"), "escalation": _l("Decision on a rung"),
}  # fmt: skip
MEANINGS: Mapping[str, Promise] = {
    "grade_confirmed": _l("grade confirmed"), "grade_changed": _l("another grade"), "withdrawn": _l("taken back"),
    "released": _l("released"), "overridden": _l("released against the gate"), "reviewed": _l("reviewed"),
    "approved": _l("approved"), "cleared": _l("cleared"), "responsible": _l("responsible"),
    "decided": _l("decided"), "overridden_rule": _l("decided against the recommendation"),
}  # fmt: skip
VOIDS: Mapping[str, Promise] = {
    "corrected": _l("it was corrected"),
    "withdrawn": _l("it was taken back"),
    "late": _l("something was entered late of the time it covers"),
    "fact_corrected": _l("something it covers was corrected"),
    "fact_withdrawn": _l("something it covers was taken back"),
    "derived": _l("what is derived is another now"),
    "replanned": _l("the plan is another now"),
    "plan_changed": _l("the plan of the cohort is another now"),
    "changed_again": _l("it was changed again"),
}
PROOFS: Mapping[str, Promise] = {
    Proof.PASSWORD: _l("password"), Proof.PASSKEY: _l("passkey"), Proof.PROVIDER: _l("single sign-on"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One signature, as pages and prints show it. `void` empty: it holds. `who` empty: the reader is told no names.
    `link` empty: the page of its record is not the reader's."""

    signature: Signature
    kind: str
    meaning: str
    who: str
    proof: str
    void: str
    void_by: str
    link: str


def lines_of(signatures: list[Signature], user: User) -> list[SignatureLine]:
    """Names of staff are told to those who meet them on the ward, not to sponsors and central reviewers."""
    ward = set(studies_for(user, Act.SEE_WARD).values_list("pk", flat=True))
    return [_line(one, with_names=one.study_id in ward or one.by_id == user.pk) for one in signatures]


def _line(one: Signature, *, with_names: bool) -> SignatureLine:
    void = getattr(one, "void", None)
    void_by = "" if void is None or void.by is None or not with_names else void.by.get_username()
    key = one.root if one.kind == "period" else one.record
    opens = with_names or one.participant_id is None  # the record's own page is of its ward
    return SignatureLine(
        signature=one, kind=str(KINDS[one.kind]), meaning=str(MEANINGS[one.meaning]),
        who=f"{one.name} ({one.by.get_username()})" if with_names else "", proof=str(PROOFS[one.proof]),
        void="" if void is None else str(VOIDS[void.because]), void_by=void_by,
        link=f"{reverse('signatures')}?kind={one.kind}&record={key}" if opens else "",
    )  # fmt: skip


def title_of(subject: SignatureSubject) -> str:
    """What is signed, in one line."""
    kind = KINDS[subject.signable.kind]
    if subject.participant is None:
        return f"{subject.study.code} · {kind} · {subject.record}"
    if isinstance(subject.record, DosePeriod):
        number = _("dose %(number)s") % {"number": subject.record.dose_number}
        return f"{subject.participant.number} · {kind} · {number}"
    return f"{subject.participant.number} · {kind}"


# Where a record of each kind is looked at.
PAGES: Mapping[str, Callable[[Any], str]] = {
    "assessment": lambda one: reverse("judge", args=[one.participant_id, one.about, one.about_root]),
    "narrative": lambda one: reverse("episode", args=[one.participant_id, one.kind, one.about_root]),
    "release": lambda one: reverse("gate", args=[one.participant_id]),
    "window": lambda one: reverse("window", args=[one.participant_id]),
    "period": lambda one: reverse("window", args=[one.participant_id]),
    "cohort": lambda one: reverse("cohort", args=[one.participant_id]),
    "regimen": lambda one: reverse("regimen", args=[one.pk]),
    "policy": lambda one: reverse("policy", args=[one.pk]),
    "clearance": lambda one: reverse("regimens"),
    "cut": lambda one: reverse("export-cut", args=[one.study.code, one.label]),
    "imports": lambda one: reverse("intake-automatic", args=[one.study.code]),
    "escalation": lambda one: reverse("evidence-decide", args=[one.study.code]),
}


def page_of(subject: SignatureSubject) -> str:
    return PAGES[subject.signable.kind](subject.record)
