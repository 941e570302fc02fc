"""What is said of an episode as an event, its narrative, and that it is sent to central review."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crsmonitor.accounts.signing import SignatureForm
from grading.models import (
    DrugAction,
    Episode,
    EpisodeNarrative,
    EventReport,
    ReportedOutcome,
    ReviewAssignment,
    ReviewReason,
    SeriousnessCriterion,
)
from grading.recording.forms.shown_page import ShownPageForm
from regimens.facts import Source

ANSWERS = [("", gettext_lazy("not said")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
MEANS = {"yes": True, "no": False}


def as_typed_before(report: EventReport) -> dict[str, Any]:
    """What the form of the report shows of the one that holds."""
    words = {value: word for word, value in MEANS.items()}
    return {
        "serious": words.get(report.serious, ""),
        "criteria": report.criteria,
        "outcome": report.outcome,
        "action": report.action,
        "next_dose_delayed": words.get(report.next_dose_delayed, ""),
    }


class EpisodeForm(ShownPageForm):
    """What the forms of an episode's page have."""

    look_again = gettext_lazy("This page is old: look at the episode again, then answer.")
    reused = gettext_lazy("This answer was already saved, with other values.")

    def __init__(self, data: Any, *, episode: Episode, at: datetime) -> None:
        self.episode = episode
        super().__init__(data, at=at, auto_id=f"{type(self).__name__}_%s")

    def common(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "id": values["id"],
            "participant": self.episode.participant,
            "observed_at": values["opened_at"],
            "source": Source.PAGE,
            "kind": self.episode.kind,
            "about_root": self.episode.root,
        }


class EventReportForm(EpisodeForm):
    serious = forms.ChoiceField(choices=ANSWERS, required=False)
    criteria = forms.MultipleChoiceField(
        choices=SeriousnessCriterion.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    outcome = forms.ChoiceField(choices=[("", gettext_lazy("not said")), *ReportedOutcome.choices], required=False)
    action = forms.ChoiceField(choices=[("", gettext_lazy("not said")), *DrugAction.choices], required=False)
    next_dose_delayed = forms.ChoiceField(choices=ANSWERS, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if (values.get("serious") == "yes") is not bool(values.get("criteria")):
            self.add_error("criteria", _("Say why it is serious; of what is not serious there is no criterion."))
        return values

    def draft(self) -> EventReport:
        values = self.cleaned_data
        return EventReport(
            serious=MEANS.get(values["serious"]),
            criteria=values["criteria"],
            outcome=values["outcome"],
            action=values["action"],
            next_dose_delayed=MEANS.get(values["next_dose_delayed"]),
            **self.common(),
        )


class NarrativeForm(EpisodeForm, SignatureForm):
    """`sentences`: those that stood on the page, each with its facts; kept beside what was made of them."""

    text = forms.CharField(max_length=20000, widget=forms.Textarea(attrs={"rows": 12, "class": "box"}))

    def draft(self, sentences: list[dict[str, Any]]) -> EpisodeNarrative:
        return EpisodeNarrative(
            language=get_language() or "en",
            text=self.cleaned_data["text"].strip(),
            sentences=sentences,
            **self.common(),
        )


class AssignmentForm(EpisodeForm):
    why = forms.ChoiceField(choices=ReviewReason.choices)
    because = forms.CharField(max_length=500, error_messages={"required": gettext_lazy("Say why.")})

    def draft(self) -> ReviewAssignment:
        values = self.cleaned_data
        return ReviewAssignment(why=values["why"], because=values["because"].strip(), **self.common())
