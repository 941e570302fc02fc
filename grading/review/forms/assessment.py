"""What one person says to a derived grade: agrees, or says which it is and why."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crsmonitor.accounts.signing import SignatureForm
from grading.models import GradeAssessment
from grading.recording.forms.shown_page import ShownPageForm
from grading.review.selectors.assessments import AssessmentSubject
from regimens.facts import Source

GRADES = [(str(grade), str(grade)) for grade in range(6)]


class AssessmentForm(ShownPageForm, SignatureForm):
    """Signed, but not by a nurse (`AssessmentSubject.is_signed`).

    `seen` is the derived grade that stood on the page, `seen_most` what it could be: nobody judges what they did not
    see.
    """

    seen = forms.IntegerField()
    seen_most = forms.IntegerField(required=False)
    agrees = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": gettext_lazy("Agree, or say which grade it is.")},
    )
    grade = forms.ChoiceField(choices=[("", "—"), *GRADES], required=False)
    because = forms.CharField(required=False, max_length=2000)
    look_again = gettext_lazy("This page is old: look at the grade again, then answer.")
    reused = gettext_lazy("This answer was already saved, with other values. Answer again to change it.")

    def __init__(self, data: Any, *, judged: AssessmentSubject, at: datetime) -> None:
        self.judged = judged
        super().__init__(data, at=at)

    def clean_seen(self) -> int:
        if self.cleaned_data["seen"] != self.judged.ledgers.derived:
            raise ValidationError(_("The derived grade has changed since: look at it again, then answer."))
        return self.cleaned_data["seen"]

    def clean_seen_most(self) -> int | None:
        most: int | None = self.cleaned_data["seen_most"]
        if most not in (None, self.judged.ledgers.now.at_most):
            raise ValidationError(_("The derived grade has changed since: look at it again, then answer."))
        return most

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("agrees") == "no":
            if not values.get("grade"):
                self.add_error("grade", _("Which grade is it?"))
            if not (values.get("because") or "").strip():
                self.add_error("because", _("Say why it is another grade."))
        return values

    def draft(self) -> GradeAssessment:
        values, ledgers = self.cleaned_data, self.judged.ledgers
        agrees = values["agrees"] == "yes"
        return GradeAssessment(
            id=values["id"],
            participant=self.judged.participant,
            observed_at=values["opened_at"],
            source=Source.PAGE,
            about=ledgers.about,
            about_root=ledgers.root,
            kind=ledgers.kind,
            ledger=self.judged.ledger.value,
            agrees=agrees,
            grade=None if agrees else int(values["grade"]),
            because="" if agrees else values["because"].strip(),
        )
