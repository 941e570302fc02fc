"""An investigator decides on a rung, and signs."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.errors import DomainError
from crsmonitor.pages.error_forms import ShowsErrors
from regimens.models import Step
from regimens.services.deciding import REASON_MOST, Advice
from regimens.wording import step_text

TOO_OLD = frozenset({"advice_changed", "decided_since"})
NONE = "-"  # of a choice: on no rung. An empty one is that nobody has chosen.


class DecideForm(ShowsErrors, SignatureForm):
    """Which rung, why, and up to which step its cohort is cleared at once.

    `seen`, `after`, `key`: of the page on which it was decided. What may be decided is for the service to say.
    """

    reused: ClassVar[Any] = _l("This page has been used to decide already. Open it again.")

    rung = forms.ChoiceField(error_messages={"required": _l("Choose a rung.")})
    clear_up_to = forms.ChoiceField(required=False)
    reason = forms.CharField(max_length=REASON_MOST, error_messages={"required": _l("Say why, and who was there.")})
    seen = forms.CharField(max_length=64)
    after = forms.UUIDField(required=False)
    key = forms.UUIDField()

    def __init__(self, data: Any, *, advice: Advice, steps: list[Step], after: UUID | None, key: UUID) -> None:
        initial = {"seen": advice.seen, "after": after, "key": key}
        super().__init__(data, initial=initial, auto_id="decide_%s")
        rungs = [(name, f"{place} · {name}") for place, name in enumerate(advice.ladder, start=1)]
        self.fields["rung"].choices = [("", "–"), *rungs, (NONE, _l("nobody is dosed on any rung"))]
        cleared = [(step.label, step_text(step.label)) for step in steps]
        self.fields["clear_up_to"].choices = [("", _l("no: it stays as it is")), *cleared]

    def take(self, error: DomainError) -> None:
        """Where the page was too old, what is sent next is of the page that is shown now: it says so above the form."""
        if error.message.code in TOO_OLD:
            self.data = self.data.copy()
            for name, value in self.initial.items():
                self.data[name] = "" if value is None else str(value)
        super().take(error)

    @property
    def decided(self) -> dict[str, Any]:
        """What `decide_rung` takes of it, once it is valid."""
        values = {name: self.cleaned_data[name] for name in ("reason", "seen", "clear_up_to", "after", "key")}
        return values | {"rung": "" if self.cleaned_data["rung"] == NONE else self.cleaned_data["rung"]}
