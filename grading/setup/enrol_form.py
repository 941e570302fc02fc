"""What is typed to enrol a participant: who, where, and what was so before the first dose."""

import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.recording.forms.bank_choice import bank_choices, bank_field, usual_bank
from grading.recording.forms.base import FactForm
from grading.recording.forms.baseline import neuro_baseline_of
from grading.recording.forms.fields import MeasuredField, choice
from grading.recording.forms.typed_again import TypedAgainBecause
from grading.setup.enrolling import FirstFact
from grading.words.wording import DEVICES
from regimens.facts import Source
from regimens.models import Language, Measured, Measurement, NeuroInstrument, Participant, Regimen, Site, Stay, Study
from regimens.models.given import StayKind
from regimens.rules.wristband import Wristband, plain
from regimens.selectors import cohorts_of

# Fields that hold a number, and what it is kept as; the neuro score depends on the instrument.
NUMBERS = {
    "weight": Measured.WEIGHT,
    "sbp": Measured.BASELINE_SBP,
    "dbp": Measured.BASELINE_DBP,
    "spo2": Measured.BASELINE_SPO2,
}
NOBODY = Wristband(identifier="", ending="")  # there is no wristband yet: the number is typed twice


class EnrolForm(TypedAgainBecause, FactForm):
    """`regimens`: the versions in force under which somebody may be enrolled. What is left empty is not recorded."""

    model = Stay
    typed = ("weight",)
    reused = _l("This form was already saved, with other values. Look at the participant.")

    number = forms.CharField(max_length=20, error_messages={"required": _l("Which study number?")})
    regimen = forms.ChoiceField(error_messages={"required": _l("Which regimen?")})
    cohort = forms.ChoiceField(required=False)
    neuro_instrument = forms.ChoiceField(
        choices=NeuroInstrument.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _l("ICE or CAPD?")},
    )
    kind = forms.ChoiceField(choices=StayKind.choices, widget=forms.RadioSelect, initial=StayKind.WARD)
    ward = forms.CharField(max_length=40, error_messages={"required": _l("Which ward?")})
    bed = forms.CharField(max_length=20, error_messages={"required": _l("Which bed?")})
    weight = MeasuredField()
    language = choice(Language.choices, not_asked=_l("not recorded"))
    neuro_score = MeasuredField()
    neuro_bank = bank_field()
    sbp = MeasuredField()
    dbp = MeasuredField()
    spo2 = MeasuredField()
    oxygen_device = choice(DEVICES.items(), not_asked=_l("not recorded"))
    oxygen_flow = MeasuredField()
    vasopressors = forms.CharField(required=False, max_length=60)

    def __init__(self, data: Any, *, study: Study, site: Site, regimens: Sequence[Regimen], at: datetime) -> None:
        self.regimens = {str(one.pk): one for one in regimens}
        new = Participant(study=study, site=site)
        super().__init__(data, participant=new, wristband=NOBODY, at=at)
        self.fields["regimen"].choices = [(pk, f"{one} · {one.title}") for pk, one in self.regimens.items()]
        cohorts = dict.fromkeys(name for one in regimens for name in cohorts_of(one))
        self.fields["cohort"].choices = [("", "—"), *((name, name) for name in cohorts)]
        self.fields["neuro_bank"].choices = bank_choices()
        self.fields["confirm_number"].error_messages["required"] = _("Type the study number a second time.")

    def prefilled(self) -> dict[str, Any]:
        usual = self.participant.site.language
        return {"regimen": next(iter(self.regimens), ""), "language": usual, "neuro_bank": usual_bank(usual)}

    @property
    def has_cohorts(self) -> bool:
        return len(self.fields["cohort"].choices) > 1

    # --- checks ---

    def clean_number(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["number"]).strip()

    def clean_confirm_number(self) -> str:
        return str(self.cleaned_data["confirm_number"])  # held against the number in `clean`

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        number, again = values.get("number"), values.get("confirm_number")
        if number is not None and again is not None and plain(number) != plain(again):
            text = _("The two do not agree: “%(number)s” and “%(again)s”.")
            self.add_error("confirm_number", text % {"number": number, "again": again})
        values["retyped"] = self.typed_again(values)
        if values.get("oxygen_flow") is not None and not values.get("oxygen_device"):
            self.add_error("oxygen_device", _("By which device?"))
        regimen = self.regimens.get(values.get("regimen") or "")
        if regimen is not None and cohorts_of(regimen) and not values.get("cohort"):
            self.add_error("cohort", _("Which cohort?"))
        if not self.errors:
            self._check_participant()
        return values

    def _check_participant(self) -> None:
        try:
            self.new_participant().full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)

    # --- out ---

    def new_participant(self) -> Participant:
        values, study, site = self.cleaned_data, self.participant.study, self.participant.site
        return Participant(
            study=study, site=site, number=values["number"], regimen=self.regimens[values["regimen"]],
            cohort=values["cohort"], neuro_instrument=values["neuro_instrument"],
        )  # fmt: skip

    def first_facts(self) -> list[FirstFact]:
        """The bed under the form's own id, every baseline under one of its own: a second tap says the same."""
        return [FirstFact(fact=self.draft(), places={"observed_at": "when"}), *self._measurements()]

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: (values.get(name) or "").strip() for name in ("kind", "ward", "bed")}

    def _measurements(self) -> Iterator[FirstFact]:
        values = self.cleaned_data
        score = neuro_baseline_of(values["neuro_instrument"])
        for name, kind in (NUMBERS | {"neuro_score": score}).items():
            if values.get(name) is not None:
                text = values["neuro_bank"] if kind is Measured.BASELINE_ICE else ""
                yield self._measured(kind, {"value": name, "text": name}, value=values[name], text=text)
        if values.get("language"):
            yield self._measured(Measured.LANGUAGE, {"text": "language"}, text=values["language"])
        if values.get("oxygen_device"):
            places = {"value": "oxygen_flow", "text": "oxygen_device"}
            yield self._measured(
                Measured.BASELINE_OXYGEN, places, text=values["oxygen_device"], value=values["oxygen_flow"]
            )
        if values["vasopressors"].strip():
            places = {"value": "vasopressors", "text": "vasopressors"}
            yield self._measured(Measured.BASELINE_VASOPRESSORS, places, text=values["vasopressors"].strip())

    def _measured(self, kind: Measured, places: dict[str, str], **columns: Any) -> FirstFact:
        values = self.cleaned_data
        if kind is Measured.WEIGHT:
            columns["retyped"] = ["value"] if "weight" in values["retyped"] else []
            columns["because"] = values["because"].strip()
        fact = Measurement(
            id=uuid.uuid5(values["id"], kind.value), kind=kind, observed_at=values["observed_at"],
            source=Source.PAGE, reason=values["reason"], **columns,
        )  # fmt: skip
        return FirstFact(fact=fact, places=places | {"observed_at": "when"})
