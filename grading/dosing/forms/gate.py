"""The gate page: for which time it is asked, what it asks of people, and the release."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crsmonitor.accounts.signing import SignatureForm
from grading.dosing.selectors.gate import Gate
from grading.recording.forms.fields import InstantField, MeasuredField, yes_or_no
from grading.recording.forms.shown_page import ShownPageForm
from grading.recording.forms.wall_time import OnWallClock, turn_field, wall_typed
from regimens.facts import Source
from regimens.models import DoseRelease, Measured, Measurement, Participant, Step
from regimens.rules.wall_time import naive, readings, turn_of
from regimens.wording import step_text

FARTHEST = timedelta(days=400)


class AtForm(OnWallClock):
    """When the dose is to be given, on the site's wall clock. Empty: as planned."""

    walls = ("at",)

    at = forms.CharField(required=False, max_length=19)
    at_turn = turn_field()

    def __init__(self, data: Any, *, participant: Participant, now: datetime) -> None:
        self.zone, self.now = ZoneInfo(participant.site.time_zone), now
        super().__init__(data)

    def clean_at(self) -> datetime | None:
        typed = self.cleaned_data["at"].strip()
        if not typed:
            return None
        wall = wall_typed(typed)
        if wall is None:
            raise ValidationError(_("Write the time as 2026-03-02 09:00, on the site's clock."))
        instant = self.instant_typed("at", wall)
        if not self.now - FARTHEST <= instant <= self.now + FARTHEST:
            raise ValidationError(_("That time is too far away."))
        return instant

    def stands_at(self, dose_at: datetime) -> str:
        """The time that the page is about, as the box shows it; its turn is ticked where it comes twice."""
        wall = naive(dose_at, self.zone)
        if (turn := turn_of(dose_at, self.zone)) is not None and not self.errors:
            self._twice["at"] = readings(wall, self.zone)
            self.data = {"at_turn": turn.value}
        return f"{wall:%Y-%m-%dT%H:%M}"


class _OnGate(ShownPageForm):
    """What both forms of the page have."""

    look_again = gettext_lazy("This page is old: look at the gate again, then answer.")
    reused = gettext_lazy("This was already saved, with other values. Open the page again.")

    def __init__(self, data: Any, *, gate: Gate, now: datetime) -> None:
        self.gate = gate
        super().__init__(data, at=now)


class SiteAnswersForm(_OnGate):
    """What no fact says by itself: whether there is an infection, and how much tocilizumab is at hand."""

    infection = yes_or_no()
    on_site = MeasuredField(places=0, digits=2)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and values.get("infection") is None and values.get("on_site") is None:
            self.add_error(None, _("Answer one of the two at least."))
        return values

    def drafts(self) -> list[Measurement]:
        values = self.cleaned_data
        infection = None if values["infection"] is None else int(values["infection"])
        answers = {Measured.INFECTION: infection, Measured.ON_SITE: values["on_site"]}
        return [
            Measurement(
                id=uuid.uuid5(values["id"], kind.value), participant=self.gate.participant, kind=kind, value=value,
                observed_at=values["opened_at"], source=Source.PAGE,
            )
            for kind, value in answers.items()
            if value is not None
        ]  # fmt: skip


class ReleaseForm(_OnGate, SignatureForm):
    """`seen`: the answer that stood on the page; nobody releases on one they did not see. Signed (Rulings 2)."""

    dose_at = InstantField()
    seen = forms.CharField(max_length=200)
    step = forms.ChoiceField(required=False)  # of an override; a release is of the step proposed
    how = forms.ChoiceField(choices=[("release", "release"), ("override", "override")])
    because = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: Any, *, gate: Gate, now: datetime, steps: list[Step]) -> None:
        self.steps = {str(step.pk): step for step in steps}
        super().__init__(data, gate=gate, now=now)
        self.fields["step"].choices = [("", "—"), *((pk, step_text(step.label)) for pk, step in self.steps.items())]
        if gate.step is not None:
            self.initial["step"] = str(gate.step.pk)

    @property
    def answer_seen(self) -> str:
        """What the page shows, in short."""
        return f"{self.gate.answer.decision.value} {self.gate.answer.step or ''}"

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"].strip() != self.answer_seen.strip():
            raise ValidationError(_("The gate's answer has changed since: look at it again, then answer."))
        return self.cleaned_data["seen"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("how") == "override":
            if not values.get("step") and not self.has_error("step"):
                self.add_error("step", _("Which step?"))
            if not (values.get("because") or "").strip():
                self.add_error("because", _("An override says why."))
        elif values.get("how") == "release" and self.gate.step is None:
            self.add_error(None, _("The gate proposes no dose."))
        return values

    def draft(self) -> DoseRelease:
        values = self.cleaned_data
        overrides = values["how"] == "override"
        return DoseRelease(
            id=values["id"],
            participant=self.gate.participant,
            observed_at=values["opened_at"],
            source=Source.PAGE,
            step=self.steps[values["step"]] if overrides else self.gate.step,
            dose_at=values["dose_at"],
            override=overrides,
            because=values["because"].strip() if overrides else "",
        )
