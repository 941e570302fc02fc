"""One neuro assessment: ICE item by item (or CAPD), wakefulness, seizure, motor, raised pressure."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import NeuroAssessment
from grading.recording.forms.base import FactForm
from grading.recording.forms.fields import MeasuredField, choice, pick, yes_or_no
from grading.rules.grades.cognition import CAPD_HIGHEST
from grading.words.wording import CONSCIOUSNESS, ICE_UNABLE, ICP_SIGNS, MOTOR, OEDEMA, SEIZURE
from regimens.facts import Fact
from regimens.models import NeuroInstrument

ICE_YES_NO = ("ice_year", "ice_month", "ice_city", "ice_hospital", "ice_command", "ice_writing", "ice_attention")
ICE_ITEMS = (*ICE_YES_NO[:4], "ice_naming", *ICE_YES_NO[4:])
NONE_OF_THEM = "none"


def item() -> forms.TypedChoiceField:
    words = {
        "yes": gettext_lazy("correct"),
        "no": gettext_lazy("not correct"),
        "not_asked": gettext_lazy("not attempted"),
    }
    return yes_or_no(**words, yes_first=True)


class NeuroForm(FactForm):
    """`ice_naming` is 0 to 3 objects; an item that was not attempted is None and never 0."""

    model = NeuroAssessment
    may_be_not_done = ("ice", "consciousness", "seizure", "motor", "icp_signs")

    ice_year = item()
    ice_month = item()
    ice_city = item()
    ice_hospital = item()
    ice_naming = choice([(str(n), str(n)) for n in (3, 2, 1, 0)], coerce=int, not_asked=gettext_lazy("not attempted"))
    ice_command = item()
    ice_writing = item()
    ice_attention = item()
    ice_unable_reason = pick(ICE_UNABLE.items())
    capd_score = MeasuredField(places=0, digits=2)
    consciousness = choice(CONSCIOUSNESS.items())
    seizure = choice(SEIZURE.items())
    motor = choice(MOTOR.items())
    icp_signs = forms.MultipleChoiceField(
        choices=[(NONE_OF_THEM, gettext_lazy("none")), *ICP_SIGNS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    oedema = pick(OEDEMA.items())
    intracranial_haemorrhage = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.capd = self.participant.neuro_instrument == NeuroInstrument.CAPD
        for name in (*ICE_ITEMS, "ice_unable_reason") if self.capd else ("capd_score",):
            if name != "ice_unable_reason":
                del self.fields[name]

    def read(self, earlier: Fact) -> dict[str, Any]:
        values = super().read(earlier)
        for name in ICE_YES_NO:
            values[name] = {True: "yes", False: "no", None: ""}[values[name]]
        if values["icp_signs"] is not None:
            values["icp_signs"] = values["icp_signs"] or [NONE_OF_THEM]
        return values

    @property
    def items(self) -> list[forms.BoundField]:
        return [self[name] for name in ICE_ITEMS if name in self.fields]

    def clean_capd_score(self) -> int | None:
        score = self.cleaned_data["capd_score"]
        if score is not None and score > CAPD_HIGHEST:
            raise ValidationError(_("A CAPD score is between 0 and %(top)s."), params={"top": CAPD_HIGHEST})
        return None if score is None else int(score)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        signs = values.get("icp_signs") or []
        if NONE_OF_THEM in signs and len(signs) > 1:
            self.add_error("icp_signs", _("“None” and a sign contradict each other: keep one."))
        return values

    def was_looked_at(self, name: str, values: dict[str, Any]) -> bool:
        if name == "icp_signs":
            return bool(values.get(name))
        if name == "ice":  # begun and broken off is both: what was done stands
            return all(values.get(item) is not None for item in (["capd_score"] if self.capd else ICE_ITEMS))
        return super().was_looked_at(name, values)

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "ice":  # said of the whole test, which has no field of its own
            field = "not_done_ice"
        super().add_error(field, error)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        signs = values.get("icp_signs") or None
        columns = (*ICE_ITEMS, "capd_score", "consciousness", "seizure", "motor")
        return {name: values.get(name) for name in columns} | {
            "ice_unable_reason": values.get("ice_unable_reason") or "",
            "icp_signs": None if signs is None else [sign for sign in signs if sign != NONE_OF_THEM],
            "oedema": values.get("oedema") or "",
            "intracranial_haemorrhage": values.get("intracranial_haemorrhage", False),
            "not_done": values.get("not_done", {}),
            "opened_at": values.get("opened_at"),
        }

    def draft_so_far(self) -> NeuroAssessment:
        """For the preview: what is not valid was not looked at."""
        self.is_valid()
        draft = self.draft()
        assert isinstance(draft, NeuroAssessment)
        return draft
