"""Excuse a slot, and say how a window ended."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crsmonitor.accounts.signing import SignatureForm
from grading.recording.forms.shown_page import ShownPageForm
from regimens.facts import Fact, Source
from regimens.models import Because, Dose, MissedObservationReason, Participant, WindowCompletion


class WindowForm(ShownPageForm):
    """What both forms of the page have."""

    places = {"due_at": "slot"}
    look_again = gettext_lazy("This page is old: look at the window again, then answer.")
    reused = gettext_lazy("This answer was already saved, with other values.")

    def __init__(self, data: Any, *, participant: Participant, at: datetime) -> None:
        self.participant = participant
        super().__init__(data, at=at, auto_id=f"{type(self).__name__}_%s")  # two forms on one page

    def common(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "id": values["id"],
            "participant": self.participant,
            "observed_at": values["opened_at"],
            "source": Source.PAGE,
        }

    def draft(self) -> Fact:
        raise NotImplementedError


class MissedObservationForm(WindowForm):
    """`slots`: value and words of each slot that may be excused."""

    slot = forms.ChoiceField(error_messages={"required": gettext_lazy("Which slot?")})
    because = forms.ChoiceField(
        choices=[("", "—"), *Because.choices], error_messages={"required": gettext_lazy("Why did nobody look?")}
    )

    def __init__(self, data: Any, *, participant: Participant, at: datetime, slots: list[tuple[str, str]]) -> None:
        super().__init__(data, participant=participant, at=at)
        self.fields["slot"].choices = [("", "—"), *slots]

    def draft(self) -> MissedObservationReason:
        kind, due_at = self.cleaned_data["slot"].split("|")
        due = datetime.fromisoformat(due_at).astimezone(UTC)
        return MissedObservationReason(
            observation_kind=kind, due_at=due, because=self.cleaned_data["because"], **self.common()
        )


class ClosingForm(WindowForm, SignatureForm):
    """How a window ended, signed (Rulings 2)."""

    complete = forms.ChoiceField(
        choices=[("yes", gettext_lazy("complete")), ("no", gettext_lazy("incomplete because"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Complete, or incomplete because?")},
    )
    because = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: Any, *, participant: Participant, at: datetime, dose: Dose) -> None:
        super().__init__(data, participant=participant, at=at)
        self.dose = dose

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("complete") == "no" and not (values.get("because") or "").strip():
            self.add_error("because", _("Say why it is incomplete."))
        return values

    def draft(self) -> WindowCompletion:
        complete = self.cleaned_data["complete"] == "yes"
        because = "" if complete else self.cleaned_data["because"].strip()
        return WindowCompletion(dose=self.dose, complete=complete, because=because, signed=True, **self.common())
