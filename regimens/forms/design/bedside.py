"""What is brought to the bedside: which regimens, grown from which; and the draft with what the study says itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _

from regimens.forms.design.bedside_words import BANDS
from regimens.forms.own_plan import OwnPlanForm
from regimens.models.trial import CODE
from regimens.services.designed import BandSource

NOTHING = "nothing"  # grown from no regimen
LADDER = "ladder:"  # all of its regimens, as cohorts
REGIMEN = "regimen:"  # before the name of the one


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Values and words of what may be chosen; the first of each is chosen where nothing was said."""

    regimens: Sequence[tuple[str, str]]
    bases: Sequence[tuple[str, str]]


class ChoiceForm(forms.Form):
    """Asked by the address, so that what is looked at can be opened again. `head`: of a regimen grown from none."""

    what = forms.ChoiceField()
    base = forms.ChoiceField()
    code = forms.CharField(required=False, max_length=20, validators=[CODE])
    title = forms.CharField(required=False, max_length=200)
    drug = forms.CharField(required=False, max_length=80)
    route = forms.CharField(required=False, max_length=80)

    def __init__(self, given: Mapping[str, str], choices: Choices) -> None:
        first = {"what": choices.regimens[0][0], "base": choices.bases[0][0]} if choices.regimens else {}
        super().__init__({**first, **given}, auto_id="choice_%s")
        cast(forms.ChoiceField, self.fields["what"]).choices = list(choices.regimens)
        cast(forms.ChoiceField, self.fields["base"]).choices = list(choices.bases)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("base") == NOTHING:
            for name in ("code", "title", "drug", "route"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("A regimen that grows from none needs it."))
        return values

    @property
    def head(self) -> dict[str, str]:
        names = {"code": "id", "title": "title", "drug": "drug", "route": "route"}
        return {known: self.cleaned_data[name] for name, known in names.items()}


class BedsideForm(OwnPlanForm):
    """`band_from`: what the band of the version is drawn from when it comes into force. `run`: the one shown."""

    band_from = forms.ChoiceField(required=False)
    run = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bands: Sequence[BandSource], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["band_from"]).choices = [(one, BANDS[one]) for one in bands]
